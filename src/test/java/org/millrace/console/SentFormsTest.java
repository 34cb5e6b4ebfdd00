package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.journal.JournalException;

@Timeout(30)
final class SentFormsTest {
  private final Sessions sessions = new Sessions(1);
  private final SentForms sent = new SentForms(sessions);
  private final Session session = sessions.fresh();
  private final AtomicInteger done = new AtomicInteger();

  private Link carriedOut() {
    return Link.to("/asked/" + done.incrementAndGet());
  }

  @Test
  void aSecondClickLeadsWhereTheFirstOneDid() throws Exception {
    Link first = sent.once(session, "A", this::carriedOut);

    assertThat(sent.once(session, "A", this::carriedOut)).isEqualTo(first);
    assertThat(done).hasValue(1);
    assertThat(sent.once(session, "B", this::carriedOut)).isNotEqualTo(first);
    assertThat(sent.once(sessions.fresh(), "A", this::carriedOut)).isNotEqualTo(first);
  }

  @Test
  void whatFailedMayBeSentAgain() throws Exception {
    assertThatThrownBy(
            () ->
                sent.once(
                    session,
                    "A",
                    () -> {
                      throw new JournalException("away");
                    }))
        .isInstanceOf(JournalException.class);

    assertThat(sent.once(session, "A", this::carriedOut)).isEqualTo(Link.to("/asked/1"));
  }

  @Test
  void aSlowFormKeepsOnlyItsOwnSecondClickWaiting() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Link> slow =
        CompletableFuture.supplyAsync(
            () ->
                once(
                    "A",
                    () -> {
                      began.countDown();
                      goOn.await(20, TimeUnit.SECONDS);
                      return carriedOut();
                    }));
    assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Link> again =
        CompletableFuture.supplyAsync(() -> once("A", this::carriedOut));

    assertThat(sent.once(session, "B", this::carriedOut)).isEqualTo(Link.to("/asked/1"));

    assertThat(slow).isNotDone();
    goOn.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo(Link.to("/asked/2"));
    assertThat(again.get(20, TimeUnit.SECONDS)).isEqualTo(Link.to("/asked/2"));
  }

  private Link once(String form, SentForms.Task task) {
    try {
      return sent.once(session, form, task);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

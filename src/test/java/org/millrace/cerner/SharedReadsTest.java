package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedReadsTest {
  private SharedReads<String> reads = new SharedReads<>();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final CountDownLatch answer = new CountDownLatch(1);

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private static Deadline in(Duration time) {
    return Deadline.in(time);
  }

  private static Deadline soon() {
    return in(Duration.ofSeconds(20));
  }

  /** A read of "a" that is under way when this returns, and ends with the latch. */
  private Future<SharedReads.Got<String>> underWay(Reply<String> with) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Supplier<Reply<String>> slow =
        () -> {
          begun.countDown();
          try {
            assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return with;
        };
    Future<SharedReads.Got<String>> first = callers.submit(() -> reads.get("a", soon(), slow));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    return first;
  }

  private static Reply<String> failed(FaultCode code) {
    return Reply.failed(new Fault(code, "It failed.", "", 0, "", Optional.empty(), true));
  }

  private SharedReads.Got<String> own(String key, Deadline deadline) {
    return reads.get(key, deadline, () -> Reply.done("own"));
  }

  /** Asks for "a" as another caller does, and waits for the one that is under way. */
  private CompletableFuture<SharedReads.Got<String>> second() {
    CompletableFuture<SharedReads.Got<String>> second = new CompletableFuture<>();
    Thread asking = new Thread(() -> second.complete(own("a", soon())));
    asking.start();
    await().until(() -> asking.getState() == Thread.State.TIMED_WAITING);
    return second;
  }

  @Test
  void whoAsksTheSameMeanwhileGetsWhatTheFirstGets() throws Exception {
    Future<SharedReads.Got<String>> first = underWay(Reply.done("first"));
    CompletableFuture<SharedReads.Got<String>> second = second();
    assertThat(own("b", soon()).reply()).as("another").isEqualTo(Reply.done("own"));

    answer.countDown();

    assertThat(first.get()).isEqualTo(new SharedReads.Got<>(Reply.done("first"), false));
    assertThat(second.get()).isEqualTo(new SharedReads.Got<>(Reply.done("first"), true));
    assertThat(own("a", soon()).shared()).as("afterwards").isFalse();
  }

  @Test
  void whatWasReadBeforeAWriteIsNothingForWhoAsksAfterIt() throws Exception {
    Future<SharedReads.Got<String>> first = underWay(Reply.done("before"));

    reads.written();

    assertThat(own("a", soon())).isEqualTo(new SharedReads.Got<>(Reply.done("own"), false));
    answer.countDown();
    assertThat(first.get().reply()).isEqualTo(Reply.done("before"));
  }

  @Test
  void whoCannotWaitReadsForItself() throws Exception {
    underWay(Reply.done("first"));

    assertThat(own("a", in(Duration.ofMillis(50))))
        .isEqualTo(new SharedReads.Got<>(Reply.done("own"), false));
    answer.countDown();
  }

  @Test
  void aFaultThatAnotherNeedNotMeetIsNotShared() throws Exception {
    underWay(failed(FaultCode.UNAVAILABLE));
    CompletableFuture<SharedReads.Got<String>> second = second();
    answer.countDown();
    assertThat(second.get()).isEqualTo(new SharedReads.Got<>(Reply.done("own"), false));
  }

  @Test
  void aFaultThatAnotherWouldMeetTooIsShared() throws Exception {
    Future<SharedReads.Got<String>> first = underWay(failed(FaultCode.NOT_FOUND));
    CompletableFuture<SharedReads.Got<String>> second = second();
    answer.countDown();
    assertThat(second.get()).isEqualTo(new SharedReads.Got<>(first.get().reply(), true));
  }

  @Test
  void whereTheAnswerToAWriteWasLostNobodySharesForAWhile() throws Exception {
    reads.maybeWritten();
    Future<SharedReads.Got<String>> first = underWay(Reply.done("first"));

    assertThat(own("a", soon())).isEqualTo(new SharedReads.Got<>(Reply.done("own"), false));

    answer.countDown();
    assertThat(first.get().shared()).isFalse();
  }

  @Test
  void afterThatWhileItIsSharedAgain() throws Exception {
    reads = new SharedReads<>(Duration.ZERO);
    reads.maybeWritten();
    underWay(Reply.done("first"));
    CompletableFuture<SharedReads.Got<String>> second = second();
    answer.countDown();
    assertThat(second.get()).isEqualTo(new SharedReads.Got<>(Reply.done("first"), true));
  }

  @Test
  void whereTheFirstFailsByABugTheOthersReadForThemselves() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> first =
        callers.submit(
            () ->
                reads.get(
                    "a",
                    soon(),
                    () -> {
                      begun.countDown();
                      try {
                        answer.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      throw new IllegalStateException("a bug");
                    }));
    begun.await();
    CompletableFuture<SharedReads.Got<String>> second = second();
    answer.countDown();
    assertThat(second.get()).isEqualTo(new SharedReads.Got<>(Reply.done("own"), false));
    assertThatThrownBy(first::get).hasRootCauseMessage("a bug");
  }
}

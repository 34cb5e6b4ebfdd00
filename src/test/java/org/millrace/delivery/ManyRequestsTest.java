package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;

/** What is asked of many messages at once. */
final class ManyRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");

  @Test
  void theFirstIsForNowAndTheOthersAreSpread() {
    List<NewRequest> requests =
        ManyRequests.of(
            OperatorVerb.DISCARD,
            List.of(3L, 5L, 9L),
            AuditEvent.Actor.user("ana"),
            "tidy up",
            NOW,
            20);

    assertThat(requests)
        .extracting(NewRequest::messageId, NewRequest::notBefore)
        .containsExactly(
            tuple(3L, NOW), tuple(5L, NOW.plusSeconds(3)), tuple(9L, NOW.plusSeconds(6)));
    assertThat(requests)
        .allSatisfy(
            each -> {
              assertThat(each.verb()).isEqualTo("discard");
              assertThat(each.who()).isEqualTo("ana");
              assertThat(each.why()).isEqualTo("tidy up");
            });
  }

  @Test
  void moreThanTheLimitAreTooMany() {
    assertThat(ManyRequests.tooMany(100, ManyRequests.MOST, "--limit is")).isEmpty();
    assertThat(ManyRequests.tooMany(101, ManyRequests.MOST, "--limit is"))
        .contains("101 messages are chosen, and --limit is 100: nothing was done.");
  }
}

package org.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code ./millrace bench outage}: an engine's process before a failing Cerner.
 */
class UpstreamRunTest {
  private static final long SEED = 20_261_127L;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void sendersAreAnsweredThroughAnOutageAndWhatWaitsIsDeliveredInOrder() throws Exception {
    try (UpstreamRun run = new UpstreamRun(folder, SEED)) {
      UpstreamRun.Outage outage = run.outage(Duration.ofSeconds(10), 50);
      Judge.Verdict verdict = run.verdict();

      assertThat(outage.acknowledging().codes()).containsExactly("AA");
      assertThat(outage.acknowledging().count()).as("50 a second").isGreaterThan(350);
      assertThat(outage.acknowledging().longestWait()).isLessThan(Duration.ofSeconds(5));
      assertThat(outage.waiting()).as("all of them wait").isGreaterThan(350);
      assertThat(outage.calls()).as("Cerner is left alone").isLessThan(60);
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.uncertain()).isEmpty();
      assertThat(verdict.filed()).isEqualTo(verdict.acknowledged());
    }
  }

  @Test
  void aCernerThatThrottlesIsSoonAskedNoMoreThanItTakes() throws Exception {
    try (UpstreamRun run = new UpstreamRun(folder, SEED)) {
      UpstreamRun.Throttled throttled =
          run.throttled(Duration.ofSeconds(16), Duration.ofSeconds(6), 30);
      Judge.Verdict verdict = run.verdict();

      assertThat(throttled.first().throttled()).as("it did throttle").isPositive();
      assertThat(throttled.later().shareThrottled()).isLessThan(0.05);
      // It goes on asking; how much of the 300 that Cerner takes is a matter of the machine.
      assertThat(throttled.later().all()).as("30 a second, for 10").isGreaterThan(30);
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.uncertain()).isEmpty();
      assertThat(verdict.filed()).isEqualTo(verdict.acknowledged());
    }
  }
}

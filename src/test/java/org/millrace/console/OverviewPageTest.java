package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.cerner.ConnectionState;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;

/** The overview through HTTP, on a real journal. */
final class OverviewPageTest {
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private String cell(String page, String name) {
    int from = page.indexOf("data-name=\"" + name + "\"");
    return page.substring(from, page.indexOf("</td>", from))
        .replaceAll("<[^>]*>", "")
        .replaceAll("^[^>]*>", "")
        .strip();
  }

  @Test
  void aFeedTellsWhatCameWhatWaitsAndWhatStopped() throws Exception {
    for (int i = 1; i <= 6; i++) {
      bench.accept("C" + i);
    }
    bench.conclude(1, MessageState.DELIVERED, Reason.NONE);
    bench.conclude(2, MessageState.FILTERED, Reason.of("preliminary", "Left out."));
    bench.conclude(3, MessageState.HELD, Reason.of("no-such-patient", "None."));
    bench.conclude(4, MessageState.HELD, Reason.of("outcome-unknown", "Look."));
    bench.conclude(5, MessageState.RETRYING, Reason.of("throttled", "Too much."));
    bench.clock.forward(Duration.ofSeconds(90));

    String page = bench.browser.page("/");

    assertThat(cell(page, "In")).isEqualTo("6");
    assertThat(cell(page, "Done")).isEqualTo("2");
    assertThat(cell(page, "Waiting")).isEqualTo("2");
    assertThat(cell(page, "Oldest waits")).isEqualTo("90 s");
    assertThat(cell(page, "95 % within")).isEqualTo("100 ms");
    assertThat(page)
        .contains("Messages that came: at most 6 in an hour")
        .contains("95 % filed within: at most 100 ms in an hour")
        .contains("Waiting at the end of the hour: at most 2 in an hour")
        .contains("<title>this hour: 2</title>");
    assertThat(cell(page, "Throttled")).isEqualTo("1");
    assertThat(cell(page, "Held")).isEqualTo("2");
    assertThat(cell(page, "Unknown")).isEqualTo("1");
    assertThat(cell(page, "Refused")).isEqualTo("0");
    assertThat(cell(page, "State")).isEqualTo("needs a person");
    assertThat(cell(page, "Last message")).isEqualTo("90 s ago");
    assertThat(page)
        .contains("1 with an unknown outcome: look in the chart, then settle")
        .contains("1 stopped and wait for a person");
  }

  @Test
  void whatWaitsTooLongAndWhatIsPausedIsToldInWords() throws Exception {
    bench.accept("C1");
    bench.clock.forward(Duration.ofMinutes(3));
    assertThat(cell(bench.browser.page("/"), "State")).isEqualTo("behind");

    bench.journal.pauses().pause(DeliveryPause.Kind.FEED, "results", "ana", "upgrade").get();
    bench.clock.forward(Duration.ofSeconds(2));
    assertThat(cell(bench.browser.page("/"), "State")).isEqualTo("paused");
  }

  @Test
  void messagesOfYesterdayDoNotCountAsOfToday() throws Exception {
    bench.accept("C1");
    bench.conclude(1, MessageState.DELIVERED, Reason.NONE);
    bench.clock.forward(Duration.ofHours(30));
    String page = bench.browser.page("/");
    assertThat(cell(page, "In")).isEqualTo("0");
    assertThat(cell(page, "State")).isEqualTo("quiet");

    bench.accept("C2");
    bench.clock.forward(Duration.ofSeconds(2));
    assertThat(cell(bench.browser.page("/"), "In")).isEqualTo("1");
  }

  @Test
  void cernerDiskAndCertificateAreToldInWords() throws Exception {
    Instant now = bench.clock.instant();
    bench.status(
        new EngineStatus(
            List.of(
                new EngineStatus.Upstream(
                    "north",
                    new ConnectionState(
                        Optional.of(now.minusSeconds(60)),
                        Optional.of(now.minusSeconds(10)),
                        "unreachable",
                        List.of("system/Patient.read"),
                        List.of(),
                        4.26),
                    List.of("<b>system/Encounter.read</b> is missing"))),
            Optional.of(now.plus(Duration.ofDays(5))),
            Optional.of(new EngineStatus.Disk(3L << 30, 100L << 30))));

    assertThat(bench.browser.page("/"))
        .contains("Cerner · north")
        .contains("failing")
        .contains("unreachable")
        .contains("in use, 1 scope")
        .contains("up to 4.3 calls a second")
        .contains("&lt;b&gt;system/Encounter.read&lt;/b&gt; is missing")
        .contains("nearly full")
        .contains("3 GB free, 3 %")
        .contains("ends soon")
        .contains("5 days left");
  }
}

package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.TestTrail;
import org.millrace.mllp.ConnectionView;

/** Who is connected, through HTTP. */
final class ConnectionsPageTest {
  private static final String PEER = "10.1.2.3:51234";

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** As a browser reads it, but for what would be a mark of its own. */
  private String page(String path) throws Exception {
    return read(bench.browser.page(path));
  }

  private static String read(String page) {
    return page.replace("&#x3D;", "=").replace("&#39;", "'");
  }

  private static int rows(String page) {
    return page.split(Pattern.quote("<tr data-row>"), -1).length - 1;
  }

  private List<AuditEntry> drops() {
    return TestTrail.of(bench.journal, "drop");
  }

  private void connected() {
    bench.listeners(
        ConsoleBench.listener(
            List.of(ConsoleBench.connection(7, PEER)),
            List.of(ConsoleBench.turnedAway(5, "10.9.9.9:40001", "it knocked", 812))));
  }

  @Test
  void withoutAListenerOrAConnectionThePageTeachesWhereTheyComeFrom() throws Exception {
    assertThat(page("/connections"))
        .contains("No route listens")
        .contains("routes/hl7-over-mllp.camel.yaml");
    bench.listeners(ConsoleBench.listener(List.of(), List.of()));
    assertThat(page("/connections"))
        .contains("Port 2575")
        .contains("Nobody is connected")
        .contains("./millrace send samples/");
  }

  @Test
  void aConnectionIsToldWithWhatWentOverItAndHowItIsAcknowledged() throws Exception {
    connected();

    assertThat(page("/connections"))
        .contains("route hl7-over-mllp · TLS · MLLP release 2 · 1 of 500 connections open")
        .contains(PEER)
        .contains("LAB@NORTH")
        .contains("TLSv1.3")
        .contains("CN=lab-7,O=North Clinic,C=US")
        .contains("61 s ago")
        .contains("data-name=\"Frames in\">1,412<")
        .contains("data-name=\"Answers out\">1,411<")
        .contains("data-name=\"Refused\">3<")
        .contains("data-name=\"Junk bytes\">77<")
        .contains("asks for enhanced mode, MSH-15 AL, MSH-16 NE")
        .contains("gets original mode, as the sender's file says")
        .contains("AE, 204 Unknown key identifier at QRD-8, 90 s ago")
        .containsSubsequence(PEER, "turned away", "10.9.9.9:40001")
        .contains("Ended: it knocked, 3 h ago; 812 times")
        // Only what is open can be dropped.
        .containsOnlyOnce("action=\"/connections/drop\"");
  }

  @Test
  void theListIsNarrowedByAddressAndIsBounded() throws Exception {
    connected();
    assertThat(page("/connections?address=10.1."))
        .contains(PEER)
        .doesNotContain("10.9.9.9:40001")
        .contains("name=\"address\" value=\"10.1.\"");
    assertThat(page("/connections?address=10.8.")).contains("begins with that address");
    List<ConnectionView> many = new ArrayList<>();
    for (int i = 0; i < ConnectionsPage.AT_ONCE + 17; i++) {
      many.add(ConsoleBench.connection(i, "10.1.2.3:" + (20_000 + i)));
    }
    bench.listeners(ConsoleBench.listener(many, List.of()));
    String page = page("/connections");
    assertThat(rows(page)).isEqualTo(ConnectionsPage.AT_ONCE);
    assertThat(page).contains("17 more are open").contains("217 of 500 connections open");
  }

  @Test
  void aDropNeedsAReasonAndIsOnRecordBeforeItIsDone() throws Exception {
    connected();
    assertThat(read(bench.browser.post("/connections/drop", Map.of("connection", "7")).body()))
        .contains("Nothing was done: say why");
    assertThat(bench.dropped).isEmpty();
    assertThat(drops()).isEmpty();

    assertThat(
            bench
                .browser
                .post(
                    "/connections/drop",
                    Map.of("connection", "7", "why", "garbled", "address", "10.1."))
                .body())
        .contains("class=\"told good\"")
        .contains(PEER + " ends")
        .contains("value=\"10.1.\"");

    assertThat(bench.dropped).containsExactly(7L);
    assertThat(drops())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event().actor().name()).isEqualTo("console");
              assertThat(entry.event().subject())
                  .isEqualTo("connection of " + PEER + " to port 2575");
              assertThat(entry.event().details()).containsEntry("why", "garbled");
            });
  }

  @Test
  void whatHasEndedOrNeverWasIsNotDropped() throws Exception {
    connected();
    for (String number : List.of("5", "99", "", "x")) {
      assertThat(
              bench
                  .browser
                  .post("/connections/drop", Map.of("connection", number, "why", "garbled"))
                  .body())
          .contains("has ended already");
    }
    assertThat(bench.dropped).isEmpty();
    assertThat(drops()).isEmpty();
  }

  @Test
  void oneThatIsAboutToEndIsNotDroppedTwice() throws Exception {
    ConnectionView open = ConsoleBench.connection(7, PEER);
    bench.listeners(
        ConsoleBench.listener(
            List.of(
                new ConnectionView(
                    7,
                    PEER,
                    Optional.empty(),
                    Duration.ofHours(1),
                    open.lastFrame(),
                    open.counts(),
                    open.sender(),
                    Optional.empty(),
                    Optional.of(new ConnectionView.End("it was dropped", Duration.ZERO, 1)))),
            List.of()));
    assertThat(page("/connections"))
        .contains("ending")
        .contains("Ended: it was dropped, 0 s ago<")
        .doesNotContain("action=\"/connections/drop\"");
  }

  @Test
  void scriptsInNamesAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      ConnectionView plain = ConsoleBench.connection(7, PEER);
      bench.listeners(
          ConsoleBench.listener(
              List.of(
                  new ConnectionView(
                      7,
                      PEER,
                      Optional.of(new ConnectionView.Secured("TLSv1.3", payload)),
                      Duration.ZERO,
                      plain.lastFrame(),
                      plain.counts(),
                      Optional.of(new ConnectionView.Sender(payload, payload, payload)),
                      Optional.of(new ConnectionView.Refusal(payload, Duration.ZERO)),
                      Optional.empty())),
              List.of(ConsoleBench.turnedAway(5, "10.9.9.9:40001", payload, 2))));
      String page = bench.browser.page("/connections");
      assertThat(page).doesNotContain(payload).contains(Payloads.escaped(payload));
      MessagesPageTest.assertNothingRuns(page);
    }
  }
}

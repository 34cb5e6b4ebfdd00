package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.Conclusion;
import org.millrace.journal.MappingReport;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;
import org.millrace.journal.UnmappedCode;

/** Codes, audit trail and health through HTTP, on a real journal. */
final class ListPagesTest {
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void codes(UnmappedCode... codes) throws Exception {
    long id = bench.accept("C" + codes.length + codes[0].code().hashCode());
    bench.journal.queue().takeUp(id).get();
    bench
        .journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.HELD,
                Reason.of("unknown-code", "A code is in no table."),
                Instant.EPOCH,
                Optional.of(new MappingReport("{}", List.of(codes))),
                List.of()))
        .get();
  }

  @Test
  void unknownCodesAreAWorkListAndMendedOnesAreTold() throws Exception {
    assertThat(bench.browser.page("/codes")).contains("Every code of the messages on record");
    codes(
        new UnmappedCode("HL70001", "QUITE", "Quite other", "PID-8", true),
        // The tables know it by now.
        new UnmappedCode("HL70001", "F", "Female", "PID-8", true));

    assertThat(bench.browser.page("/codes"))
        .contains("1 open, 1 mended")
        .contains("HL70001")
        .doesNotContain("QUITE")
        .doesNotContain("Quite other")
        .doesNotContain("Female");
    assertThat(bench.browser.post("/codes/show", Map.of()).statusCode()).isEqualTo(200);
    assertThat(bench.browser.page("/audit")).contains("view").contains("codes that no table knows");

    String page = bench.browser.page("/codes");
    assertThat(page)
        .contains("Quite other")
        .contains("./millrace codes show HL70001 QUITE")
        .contains("./millrace codes retry --why TEXT");
  }

  @Test
  void codesAreCoveredAgainWhenAskedAndInTime() throws Exception {
    codes(new UnmappedCode("HL70001", "MARKLEY", "", "PID-8", true));
    bench.browser.post("/codes/show", Map.of());
    assertThat(bench.browser.page("/codes")).contains("MARKLEY");
    assertThat(new Browser(bench.server.port()).page("/codes")).doesNotContain("MARKLEY");
    bench.browser.post("/codes/cover", Map.of());
    assertThat(bench.browser.page("/codes")).doesNotContain("MARKLEY");
    bench.browser.post("/codes/show", Map.of());
    bench.clock.forward(Reveals.SHOWN.plusSeconds(1));
    assertThat(bench.browser.page("/codes")).doesNotContain("MARKLEY");
  }

  @Test
  void entriesOfTheTrailAreShownWithoutWhatIsOfAPatient() throws Exception {
    bench
        .journal
        .audit()
        .recordNow(
            new AuditEvent(
                bench.clock.instant(),
                "read",
                AuditEvent.Outcome.DENIED,
                403,
                new AuditEvent.Actor("portal", "key abc", "10.1.2.3"),
                "Encounter",
                "",
                List.of("12724066"),
                Map.of("request", "GET /fhir/r4/Encounter/97990203")))
        .get();

    String page = bench.browser.page("/audit");

    assertThat(page)
        .contains("portal")
        .contains("key abc")
        .contains("Encounter")
        .contains("denied")
        .doesNotContain("12724066")
        .doesNotContain("97990203");
    assertThat(bench.browser.page("/audit?who=portal&outcome=DENIED"))
        .contains("10.1.2.3")
        .contains("./millrace audit list --who portal --outcome DENIED");
    assertThat(bench.browser.page("/audit?who=nobody")).contains("No entry is chosen");
    assertThat(bench.browser.get("/audit?since=x").statusCode()).isEqualTo(400);
  }

  @Test
  void checksAreMadeWhenSomebodyAsksForThem() throws Exception {
    bench.checks(
        List.of(
            new EngineView.Check("token", "bad", "The secret was refused.", "Ask for it.", "site"),
            new EngineView.Check("settings", "good", "All are there.", "", "")));

    assertThat(bench.browser.page("/health")).doesNotContain("The secret was refused.");
    assertThat(bench.browser.post("/health/run", Map.of()).body())
        .contains("The secret was refused.")
        .contains("Ask for it.")
        .contains("All are there.");
  }

  @Test
  void scriptsInCodesEntriesAndFindingsAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      codes(new UnmappedCode(payload, payload, payload, payload, true));
      bench
          .journal
          .audit()
          .recordNow(
              new AuditEvent(
                  bench.clock.instant(),
                  payload,
                  AuditEvent.Outcome.DONE,
                  200,
                  new AuditEvent.Actor(payload, payload, payload),
                  payload,
                  payload,
                  List.of(),
                  Map.of()))
          .get();
      bench.browser.post("/codes/show", Map.of());
      bench.checks(List.of(new EngineView.Check(payload, payload, payload, payload, payload)));
      for (String page :
          List.of(
              bench.browser.page("/codes"),
              bench.browser.page("/audit"),
              bench.browser.post("/health/run", Map.of()).body())) {
        assertThat(page).doesNotContain(payload).contains(Payloads.escaped(payload));
        MessagesPageTest.assertNothingRuns(page);
      }
    }
  }
}

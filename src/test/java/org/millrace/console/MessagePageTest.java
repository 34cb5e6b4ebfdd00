package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.hl7.V2Message;
import org.millrace.journal.AskedCreate;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.CallContent;
import org.millrace.journal.CernerCall;
import org.millrace.journal.Conclusion;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MappingReport;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;
import org.millrace.journal.UnmappedCode;

/** The page of a message through HTTP, on a real journal. */
final class MessagePageTest {
  private static final List<String> TABS =
      List.of("journey", "fields", "fhir", "documents", "raw", "re-encoded", "hex", "related");

  @TempDir Path folder;
  private ConsoleBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** As a sealed value is written, but cut off. */
  private void damage(String column, Object value, long id) {
    Jdbi.create(() -> TestJournals.connect(new JournalPlace.Folder(folder)))
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE message_content SET " + column + " = ? WHERE message_id = ?",
                    value,
                    id));
  }

  @Test
  void whatIsDamagedIsToldAndTheRestOfTheMessageShown() throws Exception {
    long id = held();
    damage("raw", new byte[] {(byte) 0x81, 0, 0, 1}, id);

    for (String tab : TABS) {
      assertThat(bench.browser.page("/messages/" + id + "?tab=" + tab))
          .as(tab)
          .contains("Cannot be decrypted")
          .contains("what was received")
          .contains("no-such-patient")
          .doesNotContain("is not kept any more");
    }
    assertThat(bench.browser.page("/messages/" + id)).contains("Register.");
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "raw"));
    assertThat(bench.browser.page("/messages/" + id + "?tab=raw")).contains("what was received");
    assertThat(
            bench
                .browser
                .post("/messages/" + id + "/discard", Map.of("why", "It will be sent again."))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aDamagedReplyHidesNothingOfWhatWasReceived() throws Exception {
    long id = held();
    damage("reply", new byte[] {(byte) 0x81, 0, 0, 1}, id);
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "raw"));

    assertThat(bench.browser.page("/messages/" + id + "?tab=raw"))
        .contains("what was replied")
        .contains("sugar is high");
  }

  @Test
  void whatIsDifferentFromWhatWasSentIsToldValueByValue() throws Exception {
    long id = held();
    String sent =
        "{\"resourceType\":\"DocumentReference\",\"status\":\"superseded\",\"subject\":"
            + "{\"reference\":\"Patient/P1\"},\"content\":[{\"attachment\":"
            + "{\"title\":\"MARKLEY [mr-1]\"}}]}";
    bench.filed(id, sent);

    String covered = bench.browser.page("/messages/" + id + "?tab=fhir");
    assertThat(covered)
        .contains("different from what was sent")
        .contains("OBR[1] DocumentReference.status")
        .doesNotContain("superseded")
        .doesNotContain("MARKLEY");
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "fhir"));
    assertThat(bench.browser.page("/messages/" + id + "?tab=fhir"))
        .contains("<td data-name=\"Before\" class=\"value\">superseded</td>")
        .contains("<td data-name=\"Now\" class=\"value\">current</td>");
  }

  private long held() throws Exception {
    long id = bench.accept(SampleMessages.oru("C1", "sugar is high"), SampleMessages.FEED);
    bench.conclude(
        id,
        MessageState.HELD,
        new Reason("no-such-patient", "No patient has the number.", "Register.", "sender", "PID-3"),
        new Note(bench.clock.instant(), "held", "no-such-patient: none."));
    return id;
  }

  private String page(long id, String tab) throws Exception {
    return bench.browser.page("/messages/" + id + "?tab=" + tab);
  }

  private List<AuditEntry> views() {
    return bench
        .journal
        .auditTrail()
        .list(
            new AuditFilter(
                "",
                "view",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0),
            10,
            false);
  }

  @Test
  void theJourneyTellsWhatHappenedAndWhatToDo() throws Exception {
    long id = held();

    String page = page(id, "journey");

    assertThat(page)
        .contains("No patient has the number.")
        .contains("Register.")
        .contains("PID-3")
        .contains("from 127.0.0.1:40112")
        .contains("no-such-patient: none.")
        .contains("./millrace messages show " + id + " --calls");
  }

  @Test
  void aMessageThatIsNotThereIsToldSo() throws Exception {
    assertThat(bench.browser.get("/messages/4711").statusCode()).isEqualTo(404);
    assertThat(bench.browser.post("/messages/4711/discard", Map.of("why", "x")).statusCode())
        .isEqualTo(404);
    assertThat(bench.browser.post("/messages/4711/show", Map.of()).statusCode()).isEqualTo(404);
    assertThat(bench.browser.get("/messages/99999999999999999999").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"journey", "fields", "fhir", "documents", "raw", "re-encoded", "hex", "related"})
  void patientDataIsCoveredUntilItIsAskedForAndThatIsOnRecord(String tab) throws Exception {
    long id = held();

    String covered = page(id, tab);

    for (String value : List.of("MARKLEY", "6931", "19760429", "sugar is high")) {
      assertThat(covered).doesNotContain(value);
    }
    assertThat(views()).isEmpty();
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", tab));
    assertThat(views())
        .singleElement()
        .satisfies(entry -> assertThat(entry.event().subject()).isEqualTo("message " + id))
        .satisfies(entry -> assertThat(entry.event().actor().name()).isEqualTo("console"))
        .satisfies(entry -> assertThat(entry.event().actor().proof()).isEqualTo("none"));
    if (List.of("fields", "raw", "hex").contains(tab)) {
      assertThat(page(id, tab)).contains("MARKLEY");
    }
  }

  @Test
  void aCreateThatACallerLeftIsShownAsTheResourceThatItIs() throws Exception {
    byte[] resource =
        "{\"resourceType\":\"DocumentReference\",\"description\":\"MARKLEY's note\"}"
            .getBytes(StandardCharsets.UTF_8);
    AskedCreate create =
        new AskedCreate(
            new AskedCreate.Asker("tenant", "none anybody", "ticket"),
            Feed.ofFace("/fhir/r4", Set.of("DocumentReference"), "", ZoneOffset.UTC),
            "FHIR@anybody",
            "1",
            "DocumentReference",
            "127.0.0.1",
            resource,
            Optional.empty());
    assertThat(bench.journal.askedCreates().store(create, bench.clock.instant()).get()).isEmpty();
    long id = bench.journal.askedCreates().find(create.asker()).getAsLong();

    assertThat(page(id, "raw"))
        .contains("&quot;resourceType&quot;: &quot;DocumentReference&quot;")
        .contains("&quot;description&quot;: ")
        .doesNotContain("MARKLEY")
        .doesNotContain("cannot be read");
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "raw"));
    assertThat(page(id, "raw")).contains("MARKLEY&#39;s note");
    assertThat(page(id, "documents")).contains("No document stands in this message");
    assertThat(page(id, "re-encoded")).contains("cannot be read as a message");
  }

  @Test
  void whatIsShownIsShownToOneBrowserForOneMessageAndTenMinutes() throws Exception {
    long id = held();
    long other = bench.accept("C2");
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "raw"));

    assertThat(page(id, "raw")).contains("MARKLEY");
    assertThat(page(other, "raw")).doesNotContain("MARKLEY");
    assertThat(new Browser(bench.server.port()).page("/messages/" + id + "?tab=raw"))
        .doesNotContain("MARKLEY");
    bench.clock.forward(Reveals.SHOWN.plusSeconds(1));
    assertThat(page(id, "raw")).doesNotContain("MARKLEY");
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "raw"));
    assertThat(page(id, "raw")).contains("MARKLEY");
    bench.browser.post("/messages/" + id + "/cover", Map.of("tab", "raw"));
    assertThat(page(id, "raw")).doesNotContain("MARKLEY");
  }

  @Test
  void fieldsHaveTheirNamesAndTheWaysTheyWent() throws Exception {
    long id = bench.accept("C1");
    String report =
        "{\"lineage\":[{\"target\":\"OBR[1] DocumentReference.type.coding[0].code\","
            + "\"source\":\"OBR-4.1\",\"rule\":\"segments/OBR.yaml:13\",\"through\":\"\"},"
            + "{\"target\":\"used for: finding the patient\",\"source\":\"PID-3\","
            + "\"rule\":\"messages/ORU_R01.yaml:8\",\"through\":\"\"}],"
            + "\"coverage\":[{\"path\":\"PID-8\",\"kind\":\"UNREAD\",\"sentence\":\"No rule.\"}]}";
    conclude(id, MessageState.DELIVERED, new MappingReport(report, List.of()), List.of());

    String page = page(id, "fields");

    assertThat(page)
        .contains("Patient Identifier List")
        .contains("Family Name")
        .contains("for finding the patient")
        .contains("OBR[1] DocumentReference.type.coding[0].code</a>")
        .contains("title=\"No rule.\"");
    String target = Ways.id("t", "OBR[1] DocumentReference.type.coding[0].code");
    String source = Ways.id("f", Ways.key("OBR-4.1"));
    assertThat(page)
        .contains("href=\"#" + target + "\"")
        .contains("id=\"" + target + "\"")
        .contains("href=\"#" + source + "\"")
        .contains("id=\"" + source + "\"");
    assertThat(page(id, "journey")).contains("1 values not as they were").contains("UNREAD");
  }

  private void conclude(long id, MessageState state, MappingReport report, List<Note> notes)
      throws Exception {
    bench.journal.queue().takeUp(id).get();
    bench
        .journal
        .queue()
        .conclude(id, new Conclusion(state, Reason.NONE, Instant.EPOCH, Optional.of(report), notes))
        .get();
  }

  @Test
  void messagesOfTheSameNumberAreRelated() throws Exception {
    long one = bench.accept("C1");
    long two = bench.accept("C2");
    long three = bench.accept("C3");
    BusinessKey patient = new BusinessKey(BusinessKey.Kind.PATIENT, "6931");
    BusinessKey report = new BusinessKey(BusinessKey.Kind.FILLER, "F1");
    bench.journal.businessKeys().lookedInto(one, "lane", List.of(patient, report)).get();
    bench.journal.businessKeys().lookedInto(two, "lane", List.of(patient, report)).get();

    assertThat(page(one, "related"))
        .contains("filler, patient")
        .contains("href=\"/messages/" + two + "\"")
        .doesNotContain("href=\"/messages/" + three + "\"");
    assertThat(page(three, "related")).contains("No other message");
  }

  /** Every value that a page of a message can show, made of a payload. */
  private long hostile(String payload) throws Exception {
    String text =
        "MSH|^~\\&|LAB|NORTH|"
            + payload
            + "|HUB|20261120101500||ORU^R01|H1|D|2.5.1"
            + "\rPID|1||"
            + payload
            + "^^^"
            + payload
            + "^MR~"
            + payload
            + "||"
            + payload
            + "^"
            + payload
            + "\rOBR|1||"
            + payload
            + "^"
            + payload
            + "|"
            + payload
            + "^"
            + payload
            + "\rOBX|1|TX|"
            + payload
            + "||"
            + payload
            + "~"
            + payload
            + "||||||F"
            + "\rZ<>|"
            + payload
            + "\r";
    long id =
        bench.accept(V2Message.read(text.getBytes(StandardCharsets.UTF_8)), SampleMessages.FEED);
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.putObject("charset").put("name", "UTF-8").put("words", payload);
    report
        .putArray("lineage")
        .addObject()
        .put("target", payload)
        .put("source", "PID-5")
        .put("rule", payload)
        .put("through", payload);
    report
        .withArray("lineage")
        .addObject()
        .put("target", "used for: " + payload)
        .put("source", payload)
        .put("rule", payload)
        .put("through", payload);
    report
        .putArray("coverage")
        .addObject()
        .put("path", payload)
        .put("kind", payload)
        .put("sentence", payload);
    bench
        .journal
        .calls()
        .record(
            new CernerCall(
                0, id, bench.clock.instant(), payload, payload, 404, payload, Duration.ofMillis(7)),
            new CallContent(
                payload,
                payload.getBytes(StandardCharsets.UTF_8),
                payload.getBytes(StandardCharsets.UTF_8)));
    Awaitility.await()
        .until(() -> !bench.journal.listing().show(id).orElseThrow().calls().isEmpty());
    bench
        .journal
        .ledger()
        .save(
            List.of(
                LedgerRow.prepared(
                        new LedgerRow.Asked(id, payload, payload, payload, payload), "P1")
                    .refused(payload, payload)))
        .get();
    bench.journal.requests().ask("retry", id, payload, payload).get();
    bench.journal.queue().takeUp(id).get();
    bench
        .journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.HELD,
                new Reason(payload, payload, payload, payload, payload),
                Instant.EPOCH,
                Optional.of(
                    new MappingReport(
                        report.toString(),
                        List.of(new UnmappedCode(payload, payload, payload, payload, true)))),
                List.of(new Note(bench.clock.instant(), payload, payload))))
        .get();
    return id;
  }

  @Test
  void whatAMessageHasForACodeIsCoveredToo() throws Exception {
    long id = bench.accept("C1");
    bench.journal.queue().takeUp(id).get();
    bench
        .journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.HELD,
                new Reason("unknown-code", "A code.", "Add it.", "analyst"),
                Instant.EPOCH,
                Optional.of(
                    new MappingReport(
                        "{}",
                        List.of(
                            new UnmappedCode(
                                "HL70005", "ZZTESTCODE", "ZZTESTWORDS", "PID-10", true)))),
                List.of()))
        .get();

    assertThat(page(id, "journey"))
        .contains("HL70005", "PID-10")
        .doesNotContain("ZZTESTCODE", "ZZTESTWORDS");
    bench.browser.post("/messages/" + id + "/show", Map.of());
    assertThat(page(id, "journey")).contains("ZZTESTCODE", "ZZTESTWORDS");
  }

  @Test
  void scriptsInAnyValueOfAMessageAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      long id = hostile(payload);
      for (boolean open : List.of(false, true)) {
        if (open) {
          bench.browser.post("/messages/" + id + "/show", Map.of());
        }
        for (String tab : TABS) {
          String page = page(id, tab);
          assertThat(page).as(tab + " " + payload).doesNotContain(payload);
          MessagesPageTest.assertNothingRuns(page);
        }
      }
      assertThat(page(id, "journey")).contains(Payloads.escaped(payload));
      assertThat(page(id, "raw")).contains(Payloads.escaped(payload));
      assertThat(page(id, "fields")).contains(Payloads.escaped(payload));
    }
  }

  @Test
  void aVerbNeedsAReasonAndTellsWhatItWas() throws Exception {
    long id = held();

    HttpResponse<String> without = bench.browser.post("/messages/" + id + "/discard", Map.of());

    assertThat(without.statusCode()).isEqualTo(409);
    assertThat(without.body()).contains("Nothing was done: say why");
    assertThat(bench.journal.requests().open()).isEmpty();
    assertThat(bench.browser.get("/messages/" + id + "/discard").statusCode()).isEqualTo(404);
    assertThat(bench.browser.post("/messages/" + id + "/destroy", Map.of("why", "x")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void whatSomebodySawInTheChartIsAskedForWithItsDetails() throws Exception {
    long id = held();
    bench
        .journal
        .ledger()
        .save(
            List.of(
                LedgerRow.prepared(
                        new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-1", "F1"), "P1")
                    .unknown(3, "no answer")))
        .get();
    assertThat(page(id, "journey")).contains("/settle\"").contains("<option>OBR[1]</option>");
    assertThat(bench.browser.post("/messages/" + id + "/settle", Map.of("why", "x")).body())
        .contains("say whether the document is stored");
    assertThat(
            bench
                .browser
                .post("/messages/" + id + "/settle", Map.of("why", "x", "saw", "filed"))
                .statusCode())
        .isEqualTo(409);

    HttpResponse<String> asked =
        bench.browser.post(
            "/messages/" + id + "/settle",
            Map.of(
                "why",
                "seen",
                "saw",
                "filed",
                "filed",
                "DocumentReference/D1",
                "document",
                "OBR[1]"));

    assertThat(asked.body()).contains("no engine has taken the request yet");
    // The page was got anew: loading it once more asks for nothing and tells nothing.
    assertThat(asked.request().method()).isEqualTo("GET");
    assertThat(page(id, "journey")).doesNotContain("class=\"told");
    assertThat(bench.journal.requests().open())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.verb()).isEqualTo("settle");
              assertThat(request.who()).isEqualTo("console");
              assertThat(request.why()).isEqualTo("seen");
              assertThat(request.detail("filed")).isEqualTo("D1");
              assertThat(request.detail("document")).isEqualTo("OBR[1]");
              assertThat(request.detail("even-so")).isEmpty();
            });
  }

  @Test
  void aMessageIsEditedOnlyWhereItIsSeenAndNotTooLong() throws Exception {
    long id = held();
    assertThat(page(id, "journey")).contains("Show patient data first");
    bench.browser.post("/messages/" + id + "/show", Map.of());
    assertThat(page(id, "journey")).contains("<textarea name=\"content\"");
    long odd = bench.accept(SampleMessages.oru("B1", "x".repeat(1_100_000)), SampleMessages.FEED);
    bench.browser.post("/messages/" + odd + "/show", Map.of());
    assertThat(page(odd, "journey"))
        .contains("longer than a megabyte")
        .doesNotContain("<textarea name=\"content\"");
  }

  @Test
  void feedsArePausedWithAReasonAndResumed() throws Exception {
    bench.accept("C1");
    assertThat(bench.browser.post("/feeds/pause", Map.of("feed", "results")).body())
        .contains("Nothing was done: say why");
    assertThat(bench.browser.post("/feeds/pause", Map.of("feed", "other", "why", "x")).body())
        .contains("no such feed");
    assertThat(
            bench.browser.post("/feeds/pause", Map.of("feed", "results", "why", "upgrade")).body())
        .contains("paused; engines follow within a second");
    assertThat(bench.journal.pauses().inForce())
        .singleElement()
        .satisfies(pause -> assertThat(pause.name()).isEqualTo("results"))
        .satisfies(pause -> assertThat(pause.why()).isEqualTo("upgrade"))
        .satisfies(pause -> assertThat(pause.who()).isEqualTo("console"));
    assertThat(bench.browser.post("/feeds/pause", Map.of("feed", "results", "why", "x")).body())
        .contains("it is paused already");
    assertThat(bench.browser.post("/feeds/resume", Map.of("feed", "results")).body())
        .contains("resumed");
    assertThat(bench.journal.pauses().inForce()).isEmpty();
  }

  @Test
  void aLaneIsPausedFromOneOfItsMessages() throws Exception {
    long id = bench.accept("C1");
    bench.journal.businessKeys().lookedInto(id, "lane-of-6931", List.of()).get();

    assertThat(bench.browser.post("/messages/" + id + "/pause-lane", Map.of("why", "check")).body())
        .contains("paused; engines follow");
    assertThat(page(id, "journey")).contains("Its lane is paused").contains("Resume its lane");
    assertThat(bench.browser.post("/messages/" + id + "/resume-lane", Map.of()).body())
        .contains("resumed");
  }
}

package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.delivery.ScriptedChart.Update;
import org.millrace.hl7.V2Message;
import org.millrace.journal.BackupStore;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.Feed;
import org.millrace.journal.FiledAs;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;

/** What a message does to the documents that earlier messages of the same report became. */
class CorrectionsTest {
  private static final String MRN = "&2.16.840.1.113883.6.1000&ISO^MR";
  private static final String PDF_1 = base64("%PDF-1.4 one\n%%EOF\n");
  private static final String PDF_2 = base64("%PDF-1.4 two\n%%EOF\n");

  private static MessageMapping mapping;
  private static final Feed PASSING = SampleMessages.feedWith("held", "pass");

  private Path home;
  private DeliveryFixture engine;
  private Feed feed = SampleMessages.FEED;
  private boolean started;

  @BeforeAll
  static void load() throws Exception {
    mapping = MessageMapping.of(new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner"));
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    home = folder;
    engine = new DeliveryFixture(folder);
    setUp("filter");
  }

  /** Before the first message: what becomes of preliminary reports. */
  private void setUp(String preliminary) {
    engine
        .with(
            new DeliverySettings(
                "urn:oid:2.16.840.1.113883.6.1000",
                DeliverySettings.PatientCheck.NONE,
                Optional.empty(),
                DeliverySettings.VisitMissing.HOLD,
                Map.of(
                    "document-type", "11506-3",
                    "preliminary", preliminary,
                    "status-missing", "hold"),
                DeliveryFixture.QUICK))
        .mappedBy(mapping);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static V2Message oru(String controlId, String pid3, String status, String... obx) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||" + pid3 + "||MARKLEY^JOE||19760429|M",
        "OBR|1||F1|11506-3^Note^LN|||20261120100000-0600|||||||||||||||20261120101000-0600|||"
            + status,
        String.join("\r", obx));
  }

  private static String text(int number, String text, String status) {
    return "OBX|" + number + "|TX|1^Text||" + text + "||||||" + status;
  }

  private static String pdf(int number, String data, String status) {
    return "OBX|" + number + "|ED|2^Scan||^application^pdf^Base64^" + data + "||||||" + status;
  }

  private void accept(V2Message message) {
    if (!started) {
      engine.start();
      started = true;
    }
    engine.accept(message, feed);
  }

  private void send(String controlId, String status, String... obx) {
    accept(oru(controlId, "6931^^^" + MRN, status, obx));
  }

  private void delivered(String controlId, String status, String... obx) {
    send(controlId, status, obx);
    engine.await(controlId, MessageState.DELIVERED);
  }

  private void held(String controlId, String code) {
    engine.await(controlId, MessageState.HELD);
    assertThat(engine.line(controlId).reason().code()).isEqualTo(code);
  }

  private LedgerRow row(String controlId) {
    return engine.journey(controlId).ledger().get(0);
  }

  private List<String> notes(String controlId) {
    return engine.journey(controlId).notes().stream().map(Note::code).toList();
  }

  private ObjectNode document(int number) {
    return engine.chart.documents().get(number - 1);
  }

  private static String content(ObjectNode document) {
    String data = document.at("/content/0/attachment/data").asText();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  @Test
  void aCorrectionTakesThePlaceOfWhatWasFiled() {
    delivered("A1", "F", text(1, "No fracture.", "F"));
    delivered("A2", "C", text(1, "A fracture & a bruise.", "C"));

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(document(1).path("docStatus").asText()).isEqualTo("amended");
    assertThat(document(1).path("status").asText()).isEqualTo("current");
    assertThat(document(1).at("/subject/reference").asText()).isEqualTo("Patient/P1");
    JsonNode attachment = document(1).at("/content/0/attachment");
    assertThat(attachment.path("contentType").asText()).isEqualTo("text/html;charset=utf-8");
    assertThat(attachment.path("title").asText())
        .isEqualTo("Note F1 [" + row("A1").marker() + "] [" + row("A2").marker() + "]");
    assertThat(content(document(1))).contains("<pre>A fracture &amp; a bruise.</pre>");
    assertThat(row("A2").action()).isEqualTo("replace-document");
    assertThat(row("A2").state()).isEqualTo(LedgerState.DONE);
    assertThat(row("A2").resourceId()).isEqualTo("D1");
    assertThat(row("A2").version()).isEqualTo("2");
    assertThat(row("A2").filedAs()).isEqualTo(FiledAs.AMENDED);
    assertThat(notes("A2")).contains("corrected");
  }

  @Test
  void aCorrectionOfACorrectionTakesItsPlace() {
    delivered("A1", "F", text(1, "One.", "F"));
    delivered("A2", "C", text(1, "Two.", "C"));
    delivered("A3", "C", text(1, "Three.", "C"));

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).contains("Three.");
    assertThat(document(1).at("/content/0/attachment/title").asText())
        .isEqualTo("Note F1 [" + row("A1").marker() + "] [" + row("A3").marker() + "]");
    assertThat(row("A3").version()).isEqualTo("3");
  }

  @Test
  void aPartThatWasCorrectedCorrectsTheReport() {
    delivered("A1", "F", text(1, "One.", "F"));
    delivered("A2", "F", text(1, "Two.", "C"));

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(document(1).path("docStatus").asText()).isEqualTo("amended");
  }

  @Test
  void aCorrectionOfWhatWasNeverFiledIsFiledAsAmended() {
    delivered("A1", "C", text(1, "One.", "C"));

    assertThat(document(1).path("docStatus").asText()).isEqualTo("amended");
    assertThat(row("A1").action()).isEqualTo("create-document");
    assertThat(notes("A1")).contains("not-filed-before");
    assertThat(engine.chart.count("update")).isZero();
  }

  @Test
  void aCorrectionThatWasFiledAlreadyIsNotSentAgain() {
    delivered("A1", "F", text(1, "One.", "F"));
    delivered("A2", "C", text(1, "Two.", "C"));
    delivered("A3", "C", text(1, "Two.", "C"));

    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(notes("A3")).contains("same-as-filed");
    assertThat(row("A3").state()).isEqualTo(LedgerState.DONE);
  }

  @Test
  void aCorrectionThatWasMadeAfterTheBackupIsNotMadeAgain(@TempDir Path folder) throws Exception {
    delivered("A1", "F", text(1, "One.", "F"));
    Path backup = backup(folder);
    delivered("A2", "C", text(1, "Two.", "C"));
    String lost = row("A2").marker();
    putBack(backup);

    delivered("A2", "C", text(1, "Two.", "C"));

    assertThat(row("A2").marker()).isNotEqualTo(lost);
    assertThat(row("A2").version()).isEqualTo("2");
    assertThat(notes("A2")).contains("settled");
    assertThat(engine.chart.count("update")).isEqualTo(1);
  }

  @Test
  void aCorrectionThatALostOneHasOvertakenIsLeftToAPerson(@TempDir Path folder) throws Exception {
    delivered("A1", "F", text(1, "One.", "F"));
    Path backup = backup(folder);
    delivered("A2", "C", text(1, "Two.", "C"));
    delivered("A3", "C", text(1, "Three.", "C"));
    putBack(backup);

    send("A2", "C", text(1, "Two.", "C"));

    held("A2", "changed-at-cerner");
    assertThat(content(document(1))).contains("Three.");
  }

  private Path backup(Path folder) {
    BackupStore.copy(home, folder.resolve("backup.db"));
    return folder.resolve("backup.db");
  }

  private void putBack(Path backup) throws Exception {
    Path folder = Files.createDirectory(backup.resolveSibling("restored"));
    Files.copy(backup, folder.resolve("journal.db"));
    DeliveryFixture lost = engine;
    engine =
        lost.on(new JournalPlace.Folder(folder)).with(lost.settings()).mappedBy(mapping).start();
    lost.close();
    Instant taken = engine.clock.instant();
    engine.clock.forward(Duration.ofHours(3));
    Committed.await(engine.journal.restores().put(taken, "ana", "see what was filed"));
    Committed.await(
        engine.journal.pauses().resume(DeliveryPause.Kind.FEED, SampleMessages.FEED.name(), "ana"));
    engine.restart();
  }

  @ParameterizedTest
  @ValueSource(strings = {"D", "W"})
  void whatIsDeletedOrWrongIsMarkedEnteredInError(String status) {
    delivered("A1", "F", text(1, "No fracture.", "F"));
    delivered("A2", "", text(1, "", status));

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(document(1).path("status").asText()).isEqualTo("entered-in-error");
    assertThat(document(1).path("docStatus").asText()).isEqualTo("entered-in-error");
    assertThat(document(1).at("/type/coding/0/code").asText()).isEqualTo("11506-3");
    assertThat(document(1).at("/context/period/end").asText()).startsWith("2026-11-20");
    assertThat(content(document(1))).contains("withdrawn").doesNotContain("fracture");
    assertThat(row("A2").action()).isEqualTo("withdraw-document");
    assertThat(notes("A2")).contains("withdrawn");
  }

  @Test
  void whatWasNotFiledByUsIsNotWithdrawnButHeld() {
    send("A1", "", text(1, "", "D"));

    held("A1", "deleted");
    assertThat(engine.line("A1").reason().sentence()).contains("No document of it was filed");
    assertThat(engine.line("A1").reason().remedy()).contains("by hand");
  }

  @Test
  void aReportIsWithdrawnOnceAndMayComeAnew() {
    delivered("A1", "F", text(1, "One.", "F"));
    delivered("A2", "", text(1, "", "D"));
    delivered("A3", "", text(1, "", "W"));
    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(notes("A3")).contains("same-as-filed");

    delivered("A4", "C", text(1, "Anew.", "C"));

    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(notes("A4")).contains("not-filed-before");
    delivered("A5", "C", text(1, "And corrected.", "C"));
    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(content(document(2))).contains("And corrected.");
  }

  @Test
  void aReportThatIsDeletedInPartIsHeld() {
    delivered("A1", "F", text(1, "One.", "F"), "OBX|2|NM|3^K||4.1||||||F");
    send("A2", "", text(1, "One.", "F"), "OBX|2|NM|3^K||||||||D");

    held("A2", "deleted");
    assertThat(engine.chart.count("update")).isZero();
  }

  @Test
  void textAndScanAreEachCorrectedByTheirOwn() {
    delivered("A1", "F", text(1, "One.", "F"), pdf(2, PDF_1, "F"));
    delivered("A2", "C", pdf(1, PDF_2, "C"), text(2, "Two.", "C"));

    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(document(1).at("/content/0/attachment/data").asText()).isEqualTo(PDF_2);
    assertThat(content(document(2))).contains("Two.");
    delivered("A3", "", text(1, "", "D"), pdf(2, PDF_2, "D"));
    assertThat(engine.chart.documents())
        .extracting(each -> each.path("status").asText())
        .containsOnly("entered-in-error");
  }

  @Test
  void aCorrectionWithAScanMoreFilesIt() {
    delivered("A1", "F", text(1, "One.", "F"));
    delivered("A2", "C", text(1, "Two.", "C"), pdf(2, PDF_1, "C"));

    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(content(document(1))).contains("Two.");
    assertThat(document(2).path("docStatus").asText()).isEqualTo("amended");
  }

  @Test
  void whatCannotBePairedIsHeldAndNotGuessed() {
    feed = PASSING;
    delivered("A1", "F", text(1, "One.", "F"), pdf(2, PDF_1, "F"));
    send("A2", "C", text(1, "Two.", "C"));
    held("A2", "correction-unmatched");
    send("A3", "", text(1, "", "D"));
    held("A3", "earlier-unsettled");
    delivered("B1", "F", text(1, "Another with the number F1.", "F"));

    assertThat(engine.chart.count("update")).isZero();
  }

  @Test
  void anUpdateWhoseAnswerWasLostIsSettledByMarkerAndVersion() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.nextUpdate(Update.LOST_AFTER);
    send("A2", "C", text(1, "Two.", "C"));
    engine.await("A2", MessageState.RETRYING);
    assertThat(row("A2").state()).isEqualTo(LedgerState.UNKNOWN);

    engine.restart();
    engine.clock.forward(Duration.ofSeconds(60));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(row("A2").version()).isEqualTo("2");
    assertThat(notes("A2")).contains("answer-lost", "settled");
    assertThat(row("A2").filedAs()).isEqualTo(FiledAs.AMENDED);
  }

  @Test
  void anUpdateThatWasLostOnTheWayIsSentAgain() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.nextUpdate(Update.LOST_BEFORE, Update.UNAVAILABLE);
    send("A2", "", text(1, "", "D"));
    for (int tries = 1; tries < 3; tries++) {
      int updates = tries;
      Awaitility.await().until(() -> engine.chart.count("update") == updates);
      engine.await("A2", MessageState.RETRYING);
      engine.clock.forward(Duration.ofSeconds(60));
    }
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.count("update")).isEqualTo(3);
    assertThat(document(1).path("status").asText()).isEqualTo("entered-in-error");
  }

  @Test
  void anEngineKilledInTheUpdateGoesOnWithoutASecondOne() throws Exception {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.nextUpdate(Update.HANGS_AFTER);
    send("A2", "C", text(1, "Two.", "C"));
    engine.chart.hanging.await();
    assertThat(row("A2").state()).isEqualTo(LedgerState.SENT);

    engine.restart();
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(notes("A2")).contains("settled");
  }

  @Test
  void ofSeveralUpdatesOnlyTheUnsettledAreRepeatedAfterAStop() {
    delivered("A1", "F", text(1, "One.", "F"), pdf(2, PDF_1, "F"));
    engine.chart.nextUpdate(Update.WORKS, Update.UNAVAILABLE);
    send("A2", "C", text(1, "Two.", "C"), pdf(2, PDF_2, "C"));
    engine.await("A2", MessageState.RETRYING);

    engine.restart();
    engine.clock.forward(Duration.ofSeconds(60));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.count("update")).isEqualTo(3);
    assertThat(engine.journey("A2").ledger())
        .extracting(LedgerRow::version)
        .containsExactly("2", "2");
  }

  @Test
  void aVersionThatMovedIsReadAgain() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.nextUpdate(Update.OVERTAKEN);
    delivered("A2", "C", text(1, "Two.", "C"));

    assertThat(engine.chart.count("update")).isEqualTo(2);
    assertThat(row("A2").version()).isEqualTo("3");
  }

  @Test
  void whatSomebodyChangedAtCernerIsLeftAlone() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.change("D1", document -> document.put("docStatus", "amended"));
    send("A2", "C", text(1, "Two.", "C"));

    held("A2", "changed-at-cerner");
    assertThat(engine.chart.count("update")).isZero();
  }

  @Test
  void whatSomebodyWithdrewAtCernerIsNotWithdrawnAgain() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.change("D1", document -> document.put("status", "entered-in-error"));
    delivered("A2", "", text(1, "", "D"));

    assertThat(engine.chart.count("update")).isZero();
    assertThat(notes("A2")).contains("same-as-filed");
  }

  @Test
  void anUpdateThatCernerRefusesIsRefusedAndMayBeTriedAgain() {
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.nextUpdate(Update.REFUSED);
    send("A2", "C", text(1, "Two.", "C"));
    engine.await("A2", MessageState.REFUSED);
    assertThat(row("A2").cernerText()).isEqualTo("Cerner's words");

    assertThat(engine.ask("retry", "A2")).isEqualTo("queued");
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).contains("Two.");
  }

  @Test
  void aReportOfAnotherPatientIsNotCorrected() {
    engine.chart.patient("77", "P2", "Other", "1980-01-01");
    delivered("A1", "F", text(1, "One.", "F"));
    accept(oru("A2", "77^^^" + MRN, "C", text(1, "Two.", "C")));

    held("A2", "correction-of-another-patient");
    assertThat(engine.chart.count("update")).isZero();
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void aReportOfAPatientWhoWasCombinedIsCorrected() {
    engine.chart.patient("77", "P2", "Markley", "1976-04-29");
    delivered("A1", "F", text(1, "One.", "F"));
    engine.chart.combine("P1", "P2");
    accept(oru("A2", "77^^^" + MRN, "C", text(1, "Two.", "C")));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(document(1).at("/subject/reference").asText()).isEqualTo("Patient/P1");
  }

  private V2Message withVisit(String controlId, String status, String visit) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||6931^^^" + MRN + "||MARKLEY^JOE||19760429|M",
        "PV1|1|I|||||||||||||||||" + visit,
        "OBR|1||F1|11506-3^Note^LN|||20261120100000-0600|||||||||||||||20261120101000-0600|||"
            + status,
        text(1, "Of " + controlId, status));
  }

  @Test
  void aReportOfAnotherVisitIsNotCorrected() {
    feed = PASSING;
    engine.chart.encounter("E1", "P1", "urn:visits", "V1");
    engine.chart.encounter("E2", "P1", "urn:visits", "V2");
    accept(withVisit("A1", "F", "V1"));
    engine.await("A1", MessageState.DELIVERED);
    accept(withVisit("A2", "C", "V2"));

    held("A2", "correction-of-another-visit");
    accept(withVisit("B1", "F", ""));
    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.chart.count("update")).isZero();
  }

  @Test
  void aVisitThatWasNotFiledIsNotAddedAndThatIsTold() {
    engine.chart.encounter("E1", "P1", "urn:visits", "V1");
    accept(withVisit("A1", "F", ""));
    engine.await("A1", MessageState.DELIVERED);
    accept(withVisit("A2", "C", "V1"));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(document(1).at("/context/encounter").size()).isZero();
    assertThat(notes("A2")).contains("corrected", "visit-not-added");
  }

  @Test
  void aCorrectionWaitsWhileTheReportItCorrectsIsHeld() {
    send("A1", "F", text(1, "One.", "F"), pdf(2, "!!!", "F"));
    engine.await("A1", MessageState.HELD);
    send("A2", "C", text(1, "Two.", "C"));

    engine.awaitReason("A2", "behind-held");
    assertThat(engine.line("A2").state()).isEqualTo(MessageState.QUEUED);
    assertThat(engine.line("A2").attempts()).isZero();
    assertThat(engine.line("A2").reason().sentence())
        .isEqualTo("Waits behind message 1 of the same report, which is HELD.");
    assertThat(engine.chart.count("create")).isZero();
  }

  @Test
  void aCorrectionThatPassesIsHeldWhileTheReportItCorrectsIsHeld() {
    feed = PASSING;
    send("A1", "F", text(1, "One.", "F"), pdf(2, "!!!", "F"));
    engine.await("A1", MessageState.HELD);
    send("A2", "C", text(1, "Two.", "C"));

    held("A2", "earlier-unsettled");
    assertThat(engine.line("A2").reason().remedy()).contains("message 1");
    assertThat(engine.chart.count("create")).isZero();
  }

  @Test
  void aCorrectionThatPassesIsHeldWhileTheOutcomeOfTheReportIsUnknown() {
    feed = PASSING;
    engine.chart.next(Create.LOST_AFTER).hideDocuments();
    send("A1", "F", text(1, "One.", "F"));
    held("A1", "outcome-unknown");
    send("A2", "C", text(1, "Two.", "C"));

    held("A2", "earlier-unsettled");
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void aCorrectionInAnotherLaneWaitsForTheReport() {
    engine.chart.next(Create.UNAVAILABLE);
    // Another number stands first, which is how lanes are told apart.
    accept(oru("A1", "X9^^^OTHER^PI~6931^^^" + MRN, "F", text(1, "One.", "F")));
    engine.await("A1", MessageState.RETRYING);
    send("A2", "C", text(1, "Two.", "C"));
    engine.awaitReason("A2", "behind-earlier");
    assertThat(engine.line("A2").state()).isEqualTo(MessageState.QUEUED);
    assertThat(engine.line("A2").attempts()).isZero();

    Awaitility.await()
        .until(
            () -> {
              engine.clock.forward(Duration.ofSeconds(60));
              return engine.line("A2").state() == MessageState.DELIVERED;
            });

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).contains("Two.");
  }

  @Test
  void aReportThatWasOvertakenByItsCorrectionIsNotFiled() {
    engine.chart.next(Create.REFUSED);
    send("A1", "F", text(1, "One.", "F"));
    engine.await("A1", MessageState.REFUSED);
    delivered("A2", "C", text(1, "Two.", "C"));
    assertThat(engine.ask("retry", "A1")).isEqualTo("queued");

    held("A1", "overtaken");
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).isEqualTo("Two.");
  }

  @Test
  void aFinalReportTakesThePlaceOfThePreliminaryOne() {
    setUp("file");
    delivered("A1", "P", text(1, "First impression.", "P"));
    assertThat(row("A1").filedAs()).isEqualTo(FiledAs.PRELIMINARY);
    delivered("A2", "P", text(1, "Second impression.", "P"));
    assertThat(document(1).at("/content/0/attachment/title").asText()).startsWith("PRELIMINARY");
    delivered("A3", "F", text(1, "No fracture.", "F"));

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(document(1).path("docStatus").asText()).isEqualTo("final");
    assertThat(document(1).at("/content/0/attachment/title").asText()).startsWith("Note F1 [");
    assertThat(content(document(1))).contains("No fracture.").doesNotContain("PRELIMINARY");
    delivered("A4", "F", text(1, "Another report.", "F"));
    assertThat(engine.chart.documents()).as("a final one stands for itself").hasSize(2);
  }

  @Test
  void aPreliminaryReportThatWasOvertakenIsNotFiled() {
    setUp("file");
    engine.chart.next(Create.REFUSED);
    send("A1", "P", text(1, "First impression.", "P"));
    engine.await("A1", MessageState.REFUSED);
    delivered("A2", "F", text(1, "No fracture.", "F"));
    assertThat(engine.ask("retry", "A1")).isEqualTo("queued");

    held("A1", "overtaken");
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void theNumberOfAnotherSenderIsAnotherReport() {
    delivered("A1", "F", text(1, "One.", "F"));
    accept(
        SampleMessages.read(
            "MSH|^~\\&|RAD|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|A2|D|2.5.1",
            "PID|1||6931^^^" + MRN + "||MARKLEY^JOE||19760429|M",
            "OBR|1||F1|11506-3^Note^LN|||20261120100000-0600|||||||||||||||20261120101000-0600|||C",
            text(1, "Two.", "C")));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(notes("A2")).contains("not-filed-before");
  }

  @Test
  void aDocumentWithTheNumberOfAResultIsAnotherOne() {
    delivered("A1", "F", text(1, "One.", "F"));
    mdm("A2", "T08", "F1", "", "Two.");

    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(notes("A2")).contains("not-filed-before");
  }

  @Test
  void aReportWithoutANumberIsNeverPaired() {
    V2Message first = unnumbered("A1", "F", "One.");
    accept(first);
    engine.await("A1", MessageState.DELIVERED);
    accept(unnumbered("A2", "C", "Two."));
    engine.await("A2", MessageState.DELIVERED);
    accept(unnumbered("A3", "", ""));

    held("A3", "deleted");
    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(notes("A2")).contains("not-filed-before");
  }

  private static V2Message unnumbered(String controlId, String status, String text) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||6931^^^" + MRN + "||MARKLEY^JOE||19760429|M",
        "OBR|1|||11506-3^Note^LN|||20261120100000-0600|||||||||||||||20261120101000-0600|||"
            + status,
        text(1, text, status.isEmpty() ? "D" : status));
  }

  private void mdm(String controlId, String event, String number, String parent, String text) {
    accept(
        SampleMessages.read(
            "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||MDM^"
                + event
                + "|"
                + controlId
                + "|D|2.5.1",
            "EVN|" + event + "|20261120101500",
            "PID|1||6931^^^" + MRN + "||MARKLEY^JOE||19760429|M",
            "PV1|1|I",
            "TXA|1|DS|TX|20261120100000-0600||20261120101000-0600||||||"
                + number
                + "|"
                + parent
                + "||||LA|U|AV",
            text(1, text, "F")));
    engine.await(controlId, MessageState.DELIVERED);
  }

  @Test
  void anEditAndAReplacementOfADocumentTakeItsPlaceAndAnAddendumStandsBeside() {
    mdm("A1", "T02", "D1", "", "One.");
    mdm("A2", "T08", "D1", "", "Edited.");
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).contains("Edited.");

    mdm("A3", "T10", "D2", "D1", "Replaced.");
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(content(document(1))).contains("Replaced.");
    mdm("A4", "T10", "D3", "D2", "Replaced anew.");
    assertThat(engine.chart.documents()).hasSize(1);

    mdm("A5", "T06", "D4", "D3", "Added.");
    assertThat(engine.chart.documents()).hasSize(2);
    assertThat(content(document(1))).contains("Replaced anew.");
  }
}

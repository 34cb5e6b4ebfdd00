package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.cli.Ran.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.TestJournals;

/** The work list of unknown codes, from the message that brings one to the chart put right. */
final class CodesCommandTest {
  private static final String SENDER = "LABSYS@NORTH";

  @TempDir private Path folder;
  private Path home;
  private Path mappings;
  private SandboxBench bench;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    mappings = home.resolve("mappings");
    Copies.copy(Path.of("mappings"), mappings);
    Copies.copy(Path.of("routes"), home.resolve("routes"));
    bench = SandboxBench.start();
    engine = bench.engineIn(home, data());
  }

  @AfterEach
  void stop() {
    engine.close();
    bench.close();
  }

  private Path data() {
    return folder.resolve("journal");
  }

  private void restart() throws Exception {
    engine.close();
    engine = bench.engineIn(home, data());
  }

  private Ran codes(String... arguments) throws IOException {
    return codes("false", arguments);
  }

  /**
   * @param production as the settings say it
   */
  private Ran codes(String production, String[] arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("codes"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", data().toString()));
    Path settings = bench.settingsFile(folder, "MILLRACE_PRODUCTION", production);
    all.addAll(List.of("--config", settings.toString()));
    if (!all.contains("show")) {
      all.addAll(List.of("--mappings", mappings.toString()));
    }
    return run(all.toArray(String[]::new));
  }

  private List<JsonNode> listed(String... arguments) throws IOException {
    Ran ran =
        codes(Stream.concat(Stream.of("--json"), Arrays.stream(arguments)).toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out().lines().map(SandboxBench::json).toList();
  }

  private void send(String controlId, String message) throws Exception {
    Path file = Files.writeString(folder.resolve(controlId + ".hl7"), message);
    Ran sent = run("send", "--to", "127.0.0.1:" + engine.mllpPort(), file.toString());
    assertThat(sent.exitCode()).as(sent.out() + sent.err()).isZero();
  }

  private JsonNode awaited(String controlId, String state) {
    await()
        .untilAsserted(
            () -> assertThat(message(controlId).path("state").asText()).isEqualTo(state));
    return message(controlId);
  }

  private JsonNode message(String controlId) {
    String data = data().toString();
    Ran ran = run("messages", "list", "--json", "--control-id", controlId, "--data", data);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return SandboxBench.json(ran.out());
  }

  /** A report of a department (OBR-24) that the sender's own table has to know. */
  private static String ofDepartment(String controlId, String department) {
    return Typed.result(controlId, "F-" + controlId)
        .replace("20261119151500|||F", "20261119151500||" + department + "|F");
  }

  private static String ofKind(String controlId, String kind) {
    return Typed.result(controlId, "F-" + controlId)
        .replace("LABSYS|11506-3^Progress note^LN", "LABSYS|" + kind);
  }

  private void letDepartmentsHold() throws Exception {
    Path sender = mappings.resolve("senders/" + SENDER);
    Files.createDirectories(sender.resolve("segments"));
    Files.createDirectories(sender.resolve("tables"));
    Files.writeString(
        sender.resolve("segments/OBR.yaml"),
        """
        segment: OBR
        resource: DocumentReference
        extends: segments/OBR.yaml
        source: departments of this laboratory
        rules:
          - { v2: OBR-24, fhir: context.practiceSetting, table: departments, unknown: hold, direction: v2-to-fhir }
        """);
    Files.writeString(
        sender.resolve("tables/departments.csv"),
        """
        # source: departments of this laboratory
        fhir_code,fhir_system,fhir_display,v2_code,v2_text
        394802001,http://snomed.info/sct,General medicine,GEN,General
        """);
    restart();
  }

  private void add(String file, String line) throws IOException {
    Files.writeString(
        mappings.resolve(file), line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  @Test
  void aHeldMessageGoesAgainOnceItsCodeIsInTheTable() throws Exception {
    letDepartmentsHold();
    send("C1", ofDepartment("C1", "XYZ"));
    send("C2", ofDepartment("C2", "XYZ"));
    send("C3", ofDepartment("C3", "GEN"));
    assertThat(awaited("C1", "HELD").path("reason").asText()).isEqualTo("unknown-code");
    awaited("C2", "HELD");
    awaited("C3", "DELIVERED");

    JsonNode line = listed().get(0);
    assertThat(line.path("table").asText()).isEqualTo("departments");
    assertThat(line.path("code").asText()).isEqualTo("XYZ");
    assertThat(line.path("sender").asText()).isEqualTo(SENDER);
    assertThat(line.path("held").asInt()).isEqualTo(2);
    assertThat(line.path("mended").asBoolean()).isFalse();
    String file = "senders/" + SENDER + "/tables/departments.csv";
    assertThat(line.path("file").asText()).isEqualTo(file);
    assertThat(line.path("line").asText()).isEqualTo(",,,XYZ,");
    assertThat(codes().out()).contains("add to " + mappings + "/" + file + ":  ,,,XYZ,");
    assertThat(codes("show", "departments", "XYZ").out().lines()).hasSize(3);
    assertThat(codes("retry", "--why", "too early").out()).contains("no held message");

    add(file, "394577000,http://snomed.info/sct,Anesthetics,XYZ,");
    assertThat(listed().get(0).path("mended").asBoolean()).isTrue();
    Ran early = codes("retry", "--why", "row added");
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.out()).contains("refused").contains("restart it").contains("1 more not asked");

    restart();
    Ran many = codes("retry", "--table", "departments", "--limit", "1", "--why", "row added");
    assertThat(many.exitCode()).isEqualTo(3);
    assertThat(many.err()).contains("2 messages are chosen, and --limit is 1: nothing was done.");
    Ran spread =
        codes("retry", "--table", "departments", "--per-minute", "1", "--why", "row added");
    assertThat(spread.exitCode()).as(spread.out()).isZero();
    assertThat(spread.out().lines()).first().asString().endsWith(": queued");
    assertThat(spread.out().lines()).last().asString().contains(": asked, for ");
    awaited("C1", "DELIVERED");
    awaited("C2", "HELD");
    assertThat(codes("retry", "--why", "row added").exitCode()).isZero();
    awaited("C2", "DELIVERED");
    assertThat(listed()).isEmpty();
    assertThat(bench.documentsTitled("F-C1")).hasSize(1);
    assertThat(bench.documentsTitled("F-C2")).hasSize(1);
  }

  @Test
  void whatWasFiledWithAnAssumedTypeIsCorrectedInTheChart() throws Exception {
    send("D1", ofKind("D1", "ECHO^Cardiac echo, short^L"));
    send("D2", ofKind("D2", "PRG^Progress of the day^L"));
    awaited("D1", "DELIVERED");
    String second = awaited("D2", "DELIVERED").path("message").asText();
    assertThat(listed("--table", "document-type"))
        .extracting(line -> line.path("line").asText())
        .containsExactly("ECHO,\"Cardiac echo, short\",,,,,", "PRG,Progress of the day,,,,,");
    String shown = run("messages", "show", second, "--data", data().toString()).out();
    assertThat(shown)
        .contains("Used for something else")
        .contains("OBR[1]-4  table document-type  PRG (Progress of the day)  passed");

    add("tables/document-type.csv", "ECHO,,11525-3,http://loinc.org,Ultrasound study,v2-to-fhir,");
    add("tables/document-type.csv", "PRG,,11506-3,http://loinc.org,Progress note,v2-to-fhir,");
    restart();
    Ran unnamed = codes("true", new String[] {"correct", "--why", "rows added"});
    assertThat(unnamed.exitCode()).isEqualTo(3);
    assertThat(unnamed.err()).contains("nothing was done").contains(": production. Say that");
    Ran corrected = codes("correct", "--why", "rows added");

    assertThat(corrected.exitCode()).as(corrected.out() + corrected.err()).isZero();
    assertThat(corrected.out()).contains(": corrected: ").contains(": same-as-filed: ");
    assertThat(bench.documentsTitled("F-D1"))
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.path("docStatus").asText()).isEqualTo("amended");
              assertThat(note.at("/type/coding").toString()).contains("11525-3");
              assertThat(note.at("/meta/versionId").asText()).isEqualTo("2");
              assertThat(note.at("/content/0/attachment/contentType").asText())
                  .isEqualTo("text/html;charset=utf-8");
            });
    assertThat(bench.documentsTitled("F-D2"))
        .singleElement()
        .satisfies(note -> assertThat(note.at("/meta/versionId").asText()).isEqualTo("1"));
    assertThat(listed()).isEmpty();
    assertThat(codes("correct", "--why", "again").out()).contains("no delivered message");
  }

  @Test
  void aMessageThatCannotBeCorrectedKeepsNoneOfTheOthers() throws Exception {
    send("N1", ofKind("N1", "ECHO^Cardiac echo^L"));
    send("N2", ofKind("N2", "ECHO^Cardiac echo^L"));
    String first = awaited("N1", "DELIVERED").path("message").asText();
    awaited("N2", "DELIVERED");
    try (Connection past = TestJournals.connect(new JournalPlace.Folder(data()));
        Statement statement = past.createStatement()) {
      statement.execute("UPDATE ledger SET content_digest = '' WHERE message_id = " + first);
    }
    add("tables/document-type.csv", "ECHO,,11525-3,http://loinc.org,Ultrasound study,v2-to-fhir,");
    restart();

    Ran corrected = codes("correct", "--per-minute", "6000", "--why", "row added");

    assertThat(corrected.exitCode()).isEqualTo(1);
    assertThat(corrected.out())
        .contains(first + ": refused: what was sent of it is not on record")
        .contains(": corrected: ");
  }

  @Test
  void aCorrectionWhoseAnswerIsCutIsMadeOnce() throws Exception {
    send("E1", ofKind("E1", "ECHO^Cardiac echo^L"));
    awaited("E1", "DELIVERED");
    add("tables/document-type.csv", "ECHO,,11525-3,http://loinc.org,Ultrasound study,v2-to-fhir,");
    restart();
    bench.faults("[{'method':'PUT','path':'DocumentReference','drop':'after-commit','times':1}]");

    Ran corrected = codes("correct", "--code", "ECHO", "--wait", "10", "--why", "row added");

    assertThat(corrected.exitCode()).as(corrected.out() + corrected.err()).isZero();
    assertThat(corrected.out()).contains(": settled: ");
    assertThat(bench.documentsTitled("F-E1"))
        .singleElement()
        .satisfies(note -> assertThat(note.at("/meta/versionId").asText()).isEqualTo("2"));
  }

  @Test
  void whatIsWrongWithARequestIsOneLine() throws Exception {
    assertThat(codes("retry").exitCode()).as("without --why").isEqualTo(2);
    Ran none = codes("show", "document-type", "NONE");
    assertThat(none.exitCode()).isNotZero();
    assertThat(none.err().lines()).singleElement().asString().startsWith("millrace: ");
    Ran nowhere = run("codes", "--data", folder.resolve("nowhere").toString());
    assertThat(nowhere.err().lines()).singleElement().asString().startsWith("millrace: ");
  }
}

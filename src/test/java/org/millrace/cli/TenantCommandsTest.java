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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.app.TenantBench;
import org.millrace.app.Typed;
import org.millrace.console.Browser;
import org.millrace.replay.SampleCase;

/** Commands by the mapping files of two hospitals, each of which holds what its table lacks. */
final class TenantCommandsTest {
  private static final String TABLE = "tables/document-type.csv";
  private static final String IMAGE = "18748-4";
  private static final String ULTRASOUND = "11525-3";

  @TempDir private Path folder;
  private Path home;
  private TenantBench bench;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    bench = TenantBench.start(home);
    for (String tenant : List.of("north", "south")) {
      bench.file(
          tenant,
          "segments/OBR.yaml",
          "segment: OBR",
          "resource: DocumentReference",
          "extends: segments/OBR.yaml",
          "source: kinds of documents of this hospital",
          "rules:",
          "  - { v2: OBR-4, fhir: type, function: document-type, table: document-type, unknown: hold,"
              + " direction: v2-to-fhir }");
      table(tenant, IMAGE);
    }
    engine = bench.engine(data());
  }

  private void table(String tenant, String image) throws IOException {
    bench.file(
        tenant,
        TABLE,
        "# source: kinds of documents of this hospital",
        "# extends: document-type",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
        "XR,," + image + ",http://loinc.org,Image,v2-to-fhir,");
  }

  @AfterEach
  void stop() {
    engine.close();
    bench.close();
  }

  private Path data() {
    return folder.resolve("journal");
  }

  private Ran codes(String... words) {
    List<String> all = new ArrayList<>(List.of("codes"));
    all.addAll(List.of(words));
    all.addAll(List.of("--data", data().toString(), "--mappings", mappings()));
    return run(all.toArray(String[]::new));
  }

  private String mappings() {
    return home.resolve("mappings").toString();
  }

  private Path sent(String tenant, String controlId, String kind) throws Exception {
    String message =
        TenantBench.from(tenant, Typed.result(controlId, "F-" + controlId))
            .replace("11506-3^Progress note^LN|||2026", kind + "^Seen today^L|||2026");
    Path file = Files.writeString(folder.resolve(controlId + ".hl7"), message);
    Ran sent = run("send", "--to", "127.0.0.1:" + engine.mllpPort(), file.toString());
    assertThat(sent.exitCode()).as(sent.out() + sent.err()).isZero();
    return file;
  }

  private long awaited(String controlId, String state) {
    await()
        .untilAsserted(
            () -> assertThat(message(controlId).path("state").asText()).isEqualTo(state));
    return message(controlId).path("message").asLong();
  }

  private JsonNode message(String controlId) {
    String data = data().toString();
    return SandboxBench.json(
        run("messages", "list", "--json", "--control-id", controlId, "--data", data).out());
  }

  private List<JsonNode> listed() {
    Ran ran = codes("--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out().lines().map(SandboxBench::json).toList();
  }

  @Test
  void aCodeIsToBeAddedToTheTableOfItsTenantAndMendedByThat() throws Exception {
    sent("north", "N1", "ZZ");
    sent("south", "S1", "ZZ");
    awaited("N1", "HELD");
    awaited("S1", "HELD");
    assertThat(listed())
        .extracting(line -> line.path("tenant").asText() + " " + line.path("file").asText())
        .containsExactly(
            "north tenants/north/tables/document-type.csv",
            "south tenants/south/tables/document-type.csv");
    assertThat(new Browser(engine.consolePort().orElseThrow()).page("/codes"))
        .contains("tenants%2Fnorth%2Ftables%2Fdocument-type.csv")
        .contains("tenants%2Fsouth%2Ftables%2Fdocument-type.csv");

    Files.writeString(
        home.resolve("mappings/tenants/north/" + TABLE),
        "ZZ,,11525-3,http://loinc.org,Ultrasound,v2-to-fhir,\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.APPEND);
    assertThat(listed())
        .extracting(line -> line.path("mended").asBoolean())
        .containsExactly(true, false);
    assertThat(codes("retry", "--production", "north", "--why", "row added").out())
        .contains("refused", "restart it");
    engine.close();
    engine = bench.engine(data());
    Ran retried = codes("retry", "--production", "north", "--why", "row added");

    assertThat(retried.exitCode()).as(retried.out() + retried.err()).isZero();
    assertThat(retried.out()).contains("1 messages have codes that the mapping files do not know");
    awaited("N1", "DELIVERED");
    awaited("S1", "HELD");
    assertThat(bench.sandbox("north").documentsTitled("F-N1")).hasSize(1);
    assertThat(codes("retry", "--production", "north", "--why", "again").out())
        .contains("no held message");
  }

  @Test
  void aDryRunIsMadeByTheFilesOfTheMessagesTenant() throws Exception {
    sent("north", "N1", "XR");
    long id = awaited("N1", "DELIVERED");
    assertThat(bench.sandbox("north").documentsTitled("F-N1").toString()).contains(IMAGE);
    Ran same = dryRun(id);
    assertThat(same.exitCode()).as(same.out() + same.err()).isZero();
    table("north", ULTRASOUND);
    Ran other = dryRun(id);
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.out()).contains(IMAGE, ULTRASOUND);
  }

  private Ran dryRun(long id) {
    return run(
        "messages",
        "dry-run",
        Long.toString(id),
        "--data",
        data().toString(),
        "--mappings",
        mappings());
  }

  @Test
  void aFileIsMappedForATenantThatIsNamed() throws Exception {
    String file = sent("north", "N1", "XR").toString();
    assertThat(run("map", "--mappings", mappings(), "--tenant", "north", file).out())
        .contains(IMAGE, "tenants/north/segments/OBR.yaml:");
    assertThat(run("map", "--mappings", mappings(), file).out()).doesNotContain(IMAGE);
    Ran unknown = run("map", "--mappings", mappings(), "--tenant", "nroth", file);
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.err()).contains("the mapping files have no folder tenants/nroth");
    assertThat(
            run("map", "--mappings", mappings(), "--tenant", "north", "--diff", "mappings", file)
                .out())
        .contains(IMAGE);
  }

  @Test
  void aCaseIsReplayedByTheFilesOfItsTenant() throws Exception {
    SampleCase sample = SampleCase.discover(Path.of("samples/ORU_R01/sent-twice")).get(0);
    try (CaseEngines engines = new CaseEngines(home)) {
      assertThat(engines.run(sample, false).differences()).isEmpty();
      bench.file(
          "north",
          TABLE,
          "# source: kinds of documents of this hospital",
          "# extends: document-type",
          "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
          "11506-3,," + IMAGE + ",http://loinc.org,Image,v2-to-fhir,");
      assertThat(engines.run(sample, false).differences().toString()).contains(IMAGE);
    }
  }

  @Test
  void checkTellsFaultsOfATenantsFilesWithoutItsSettings() throws Exception {
    bench.file("west", "tables/own.csv", "# source: a test", "v2_code,fhir_code");
    Ran checked = run("check", "--home", home.toString());
    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.out())
        .contains("mappings/tenants/west/tables/own.csv:1: The column 'v2_text'");
  }

  @Test
  void checkTriesTheFilesOfASenderOverThoseOfTheTenantThatItsFeedNames() throws Exception {
    Path sender = home.resolve("mappings/senders/LABSYS@NORTH/segments/OBR.yaml");
    Files.createDirectories(sender.getParent());
    String rule = "  - { v2: %s, fhir: %s, instead-of: OBR-4, direction: v2-to-fhir }\n";
    String head =
        "segment: OBR\nresource: DocumentReference\nextends: segments/OBR.yaml\nsource: a test\nrules:\n";
    bench.file("north", "segments/OBR.yaml", head + rule.formatted("OBR-13", "type.text"));
    Files.writeString(sender, head + rule.formatted("OBR-20", "description"));
    assertThat(run("check", "--home", home.toString()).out())
        .contains(
            "mappings/senders/LABSYS@NORTH/segments/OBR.yaml:6: No rule of the file of all is for"
                + " this place. This holds for tenants/north/.");
    Files.move(sender.getParent().getParent(), home.resolve("mappings/senders/LABSYS@SOUTH"));
    assertThat(run("check", "--home", home.toString()).out()).doesNotContain("No rule of the file");
  }
}

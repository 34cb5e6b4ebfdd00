package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.RuleFiles;

/** Rules tried on messages, through HTTP, on a copy of the repository's mapping files. */
final class WorkbenchTest {
  private static final String FILE = "messages/ORU_R01.yaml";
  private static final String RULE = "{ fhir: status, fixed: current }";

  private Path rules;
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    rules = folder.resolve("mappings");
    try (Stream<Path> all = Files.walk(Path.of("mappings"))) {
      for (Path each : all.toList()) {
        Path to = rules.resolve(Path.of("mappings").relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(to);
        } else {
          Files.copy(each, to);
        }
      }
    }
    bench = new ConsoleBench(folder.resolve("journal"), rules);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static String oru() {
    byte[] bytes = SampleMessages.oru("C1", "sugar is high").bytes();
    return new String(bytes, StandardCharsets.UTF_8).replace("\r", "\r\n");
  }

  private String onDisk() throws Exception {
    return Files.readString(rules.resolve(FILE));
  }

  /** A form as a browser sends it: each line ends with CR LF. */
  private Map<String, String> form(String rule) throws Exception {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("pasted", oru());
    form.put("file", FILE);
    form.put("open", FILE);
    form.put("rules", onDisk().replace(RULE, rule).replace("\n", "\r\n"));
    return form;
  }

  private String tried(Map<String, String> form) throws Exception {
    HttpResponse<String> answer = bench.browser.post("/workbench", form);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private List<String> trail() {
    return bench
        .journal
        .auditTrail()
        .list(
            new AuditFilter(
                "", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0),
            100,
            false)
        .stream()
        .map(AuditEntry::event)
        .map(event -> event.what() + " " + event.subject())
        .toList();
  }

  @Test
  void aPastedMessageIsShownWithWhatItBecomesAndKeptNowhere() throws Exception {
    String page = tried(form(RULE));

    assertThat(page)
        .contains("Nothing is different.")
        .contains("FILE ")
        .contains("DocumentReference")
        .contains("MARKLEY")
        .contains("segments/OBR.yaml:")
        .contains("value=\"segments/OBR.yaml\"")
        .contains("No file is changed.");
    assertThat(bench.journal.listing().list(MessageFilter.any().atMost(10))).isEmpty();
    assertThat(bench.browser.page("/workbench")).doesNotContain("MARKLEY");
  }

  @Test
  void aChangedRuleShowsWhatIsDifferentAndTheSitesFileStaysAsItIs() throws Exception {
    String before = onDisk();

    String page = tried(form("{ fhir: status, fixed: superseded }"));

    assertThat(page)
        .contains("OBR[1] DocumentReference.status")
        .contains("<td data-name=\"Before\" class=\"value\">current</td>")
        .contains("<td data-name=\"Now\" class=\"value\">superseded</td>")
        .contains("Download the patch")
        .contains("Back to the file on disk")
        .doesNotContain("Nothing is different.");
    assertThat(onDisk()).isEqualTo(before);
  }

  @Test
  void whatWasChangedInSeveralFilesComesAsOnePatch() throws Exception {
    Map<String, String> form = form("{ fhir: status, fixed: superseded }");
    form.put("go", "tables/HL70001.csv");
    String page = tried(form);
    assertThat(page).contains("tables/HL70001.csv, a scratch copy").contains("fixed: superseded");
    String table = Files.readString(rules.resolve("tables/HL70001.csv"));

    Map<String, String> second = new LinkedHashMap<>();
    second.put("kept", FILE + "\r\n" + form.get("rules"));
    second.put("file", "tables/HL70001.csv");
    second.put("rules", table + "# more\n");
    HttpResponse<String> patch = bench.browser.post("/workbench/patch", second);

    assertThat(patch.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"millrace-rules.patch\"");
    assertThat(patch.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/x-diff"));
    assertThat(patch.body())
        .startsWith("--- a/mappings/" + FILE + "\n+++ b/mappings/" + FILE + "\n@@ -")
        .contains("\n-      - { fhir: status, fixed: current }\n")
        .contains("\n+      - { fhir: status, fixed: superseded }\n")
        .contains("+++ b/mappings/tables/HL70001.csv\n")
        .endsWith("+# more\n");
  }

  @Test
  void changesOfAFileCanBeTakenBack() throws Exception {
    Map<String, String> form = form("{ fhir: status, fixed: superseded }");
    form.put("undo", "yes");

    assertThat(tried(form)).contains("Nothing is different.").contains("No file is changed.");
  }

  @Test
  void faultsAreToldWithFileAndLine() throws Exception {
    long line = onDisk().lines().takeWhile(each -> !each.contains(RULE)).count() + 1;

    String page = tried(form("{ fhir: statuss, fixed: current }"));

    assertThat(page)
        .contains("The rules cannot be used")
        .contains("data-rule-line=\"" + line + "\"")
        .contains("<code>" + FILE + ":" + line + "</code>")
        .contains("{ fhir: statuss, fixed: current }");
  }

  private void address(String layer, String rule) throws Exception {
    Path file = rules.resolve(layer + "/segments/PID.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "extends: segments/PID.yaml\nsource: a test\nrules:\n  - { "
            + rule
            + ", instead-of: PID-12, direction: v2-to-fhir }\n");
  }

  /** Nobody sends from the one to the other any more; the message waited. */
  @Test
  void filesThatDoNotFitTogetherForAMessageAreNamed() throws Exception {
    bench.tenants("", "north");
    address("tenants/north", "v2: PID-31, fhir: \"address[0].text\"");
    address("senders/LAB@NORTH", "v2: PID-32, fhir: \"address[0].city\"");
    long id =
        bench.accept(
            SampleMessages.oru("C1", "sugar is high"), SampleMessages.feedWith("tenant", "north"));

    assertThat(bench.browser.page("/workbench?message=" + id))
        .contains("The rules cannot be used")
        .contains(">senders/LAB@NORTH/segments/PID.yaml:4</button>")
        .contains("This holds for tenants/north/.")
        .doesNotContain("a fault of the engine");
    Map<String, String> form = form("{ fhir: status, fixed: superseded }");
    form.remove("pasted");
    form.put("most", "50");
    assertThat(bench.browser.post("/replay", form).body())
        .contains("1 message, by the changed rules")
        .contains(
            "The sender&#39;s mapping files do not fit over those of the tenant: senders/LAB");
  }

  @Test
  void aMessageOfTheJournalIsCoveredUntilItIsAskedForOnRecord() throws Exception {
    long id = bench.accept(SampleMessages.oru("C1", "sugar is high"), SampleMessages.FEED);
    String covered = bench.browser.page("/workbench?message=" + id);
    assertThat(covered)
        .contains("Nothing is different.")
        .contains("PID-5.1")
        .doesNotContain("MARKLEY")
        .doesNotContain("19760429");
    assertThat(trail()).isEmpty();

    Map<String, String> form = form("{ v2: PID-5.1, fhir: description }");
    form.remove("pasted");
    form.put("message", String.valueOf(id));
    assertThat(tried(form))
        .contains("OBR[1] DocumentReference.description")
        .doesNotContain("MARKLEY");
    tried(form);
    assertThat(trail()).containsExactly("dry-run message " + id);

    assertThat(bench.browser.post("/workbench/show", form).body()).contains("MARKLEY");
    assertThat(trail()).containsExactly("view message " + id, "dry-run message " + id);
    assertThat(tried(form)).contains("MARKLEY");
    assertThat(bench.browser.post("/workbench/cover", form).body()).doesNotContain("MARKLEY");
  }

  @Test
  void whatWasChangedOnDiskSinceTheStartIsTold() throws Exception {
    assertThat(bench.browser.page("/workbench")).doesNotContain("Changed on disk");
    Files.writeString(
        rules.resolve(FILE), onDisk().replace(RULE, "{ fhir: status, fixed: superseded }"));

    assertThat(bench.browser.page("/workbench"))
        .contains("Changed on disk")
        .contains(FILE + ". The workbench begins");
  }

  private static Stream<Arguments> untriable() {
    return Stream.of(
        Arguments.of("pasted", "MSH|^~\\&|A\nMSH|^~\\&|B", "this is more than one"),
        Arguments.of("pasted", "nothing of HL7", "It is no message that can be read"),
        Arguments.of(
            "pasted",
            "MSH|^~\\&|A|B|C|D|2026||ZZZ^Z01|1|D|2.5.1",
            "There is no message file for ZZZ^Z01"),
        Arguments.of("message", "99", "There is no such message"),
        Arguments.of("message", "<b>", "is named by its number"));
  }

  @ParameterizedTest
  @MethodSource("untriable")
  void whatCannotBeTriedIsToldWhy(String field, String typed, String told) throws Exception {
    assertThat(tried(Map.of(field, typed))).contains(told);
  }

  @Test
  void aMessageAndANumberAreOneTooMany() throws Exception {
    Map<String, String> form = form(RULE);
    form.put("message", "1");
    assertThat(tried(form)).contains("not both");
  }

  @Test
  void whatPassesALimitIsNotRead() throws Exception {
    String long1 = "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|D|2.5.1\r\n" + "NTE|1\r\n".repeat(60_000);
    assertThat(tried(Map.of("pasted", long1))).contains("It passes a limit");
  }

  @Test
  void filesOutsideOfTheRulesCannotBeNamed() throws Exception {
    for (String name : List.of("../journal/millrace.db", "/etc/passwd", "schema/none.yaml")) {
      String page = tried(Map.of("file", name, "rules", "x: y", "open", name));
      assertThat(page).contains("No file is changed.").doesNotContain("root:");
    }
    assertThat(bench.browser.page("/workbench?file=/etc/passwd")).doesNotContain("root:");
  }

  @Test
  void aFormOfAnotherSiteTriesNothing() throws Exception {
    assertThat(bench.browser.sent(bench.browser.form("/workbench", form(RULE))).statusCode())
        .isEqualTo(403);
    Map<String, String> forged = form(RULE);
    forged.put("token", "x");
    assertThat(bench.browser.post("/workbench/patch", forged).statusCode()).isEqualTo(403);
  }

  @Test
  void aFileThatGrewTooLongIsToldAndNothingIsTried() throws Exception {
    Map<String, String> form = form(RULE);
    form.put("rules", form.get("rules") + "# a\n".repeat(262_144));

    assertThat(tried(form)).contains(FILE + ": longer than a megabyte");
    assertThat(bench.browser.post("/workbench/patch", form).body())
        .contains(FILE + ": longer than a megabyte");
    assertThat(bench.browser.post("/replay", form).body())
        .contains(FILE + ": longer than a megabyte");
  }

  @Test
  void aRegularExpressionThatNeverEndsIsStopped() throws Exception {
    RuleFiles files = RuleFiles.read(rules);
    RuleTrial trial = new RuleTrial(bench.sources, files);
    String evil =
        onDisk()
            .replace(
                RULE, "{ fhir: status, fixed: current, when: \"OBR-3.1 matches '(.*a){20}b'\" }");
    String message = oru().replace("OBR|1|", "OBR|1||" + "a".repeat(60) + "|");
    assertThat(evil).contains("(.*a){20}b");
    assertThat(message).contains("aaaa");
    Scratch scratch = new Scratch("", message, FILE, Map.of(FILE, evil), Set.of());
    try (Deadline deadline = new Deadline(Duration.ofSeconds(4))) {
      // More often than there are threads, so that one that stays busy would be missed.
      for (int i = 0; i < 3; i++) {
        assertThat(deadline.run(() -> trial.of(scratch, files))).isEmpty();
      }
      assertThat(deadline.run(() -> "free")).contains("free");
    }
  }

  @Test
  void scriptsInMessagesAndRulesAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      Map<String, String> form = form(RULE);
      form.put("pasted", oru().replace("MARKLEY", payload).replace("sugar is high", payload));
      form.put("rules", form.get("rules") + "# " + payload + "\n");
      form.put("message", "");
      String page = tried(form);
      assertThat(page).doesNotContain(payload).contains(Payloads.escaped(payload));
      MessagesPageTest.assertNothingRuns(page);
      form.put("rules", "a: " + payload);
      MessagesPageTest.assertNothingRuns(tried(form));
    }
  }

  private static final String OBR = "segments/OBR.yaml";
  private static final String OWN = "senders/LAB@NORTH/" + OBR;

  private Map<String, String> over(String rules) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("pasted", oru());
    form.put("file", OWN);
    form.put("open", OWN);
    form.put("rules", rules);
    return form;
  }

  @Test
  void aFileOfTheSenderIsMadeOverTheOneThatIsOpen() throws Exception {
    Map<String, String> form = form(RULE);
    form.put("open", OBR);
    assertThat(tried(form)).contains("name=\"make\" value=\"" + OWN + "\"");

    form.put("make", OWN);
    String page = tried(form);

    assertThat(page)
        .contains("<option value=\"" + OWN + "\" selected>" + OWN + " (new)</option>")
        .contains("extends: segments/OBR.yaml\nsource:\nrules:\n")
        .contains("resource: DocumentReference\n")
        .contains("$schema&#x3D;../../../schema/segment.schema.json")
        // What it begins with is not ready, and says so.
        .contains("The rules cannot be used")
        .contains(OWN + ":")
        .contains("<summary>segments/OBR.yaml, over which it lies</summary>")
        .contains("Take it away")
        .doesNotContain("Back to the file on disk");
    assertThat(rules.resolve("senders/LAB@NORTH")).doesNotExist();
  }

  @Test
  void aNewFileIsTriedAndTakenAlongAsAPatchThatMakesIt() throws Exception {
    String own =
        "segment: OBR\nresource: DocumentReference\nextends: segments/OBR.yaml\n"
            + "source: its manual\nrules:\n"
            + "  - { v2: OBR-4, loss: \"It sends the kind of another report.\" }\n";
    Map<String, String> form = over(own.replace("\n", "\r\n"));
    String page = tried(form);
    assertThat(page).contains(OWN + " (new)");
    // The part behind the form, which holds the rule as well.
    assertThat(page.substring(page.indexOf("id=\"result\"")))
        .doesNotContain("The rules cannot be used")
        .contains("It sends the kind of another report.")
        .contains("HOLD incomplete");

    HttpResponse<String> patch = bench.browser.post("/workbench/patch", form);
    assertThat(patch.body())
        .startsWith("--- /dev/null\n+++ b/mappings/" + OWN + "\n@@ -0,0 +1,6 @@\n+segment: OBR\n");
    assertThat(UnifiedPatchTest.applied("", patch.body())).isEqualTo(own);
  }

  @Test
  void aNewFileThatIsEmptiedOrTakenAwayIsNone() throws Exception {
    assertThat(tried(over("  \r\n"))).contains("No file is changed.").doesNotContain("(new)");
    Map<String, String> form = over("segment: OBR\n");
    form.put("undo", "yes");
    assertThat(tried(form)).contains("No file is changed.").doesNotContain("(new)");
  }

  @Test
  void aTypedPathMakesAFileAndWhatIsThereIsOpened() throws Exception {
    Map<String, String> form = new LinkedHashMap<>(Map.of("file", "", "open", ""));
    form.put("new", "tenants/north/tables/HL70001.csv");
    form.put("make", "typed");
    assertThat(tried(form))
        .contains("# extends: HL70001\n# source:\nv2_code,v2_text,fhir_code")
        .contains("HL70001.csv (new)")
        // The engine of the bench has no tenant, and would not start with it.
        .contains("MILLRACE_TENANTS does not name this tenant.");
    bench.tenants("", "north");
    assertThat(tried(form)).doesNotContain("MILLRACE_TENANTS does not name");
    form.remove("make");
    assertThat(tried(form)).as("by Enter").contains("HL70001.csv (new)");

    form.put("new", OBR);
    assertThat(tried(form))
        .contains("<option value=\"" + OBR + "\" selected>" + OBR + "</option>")
        .contains("No file is changed.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../segments/PID.yaml",
        "senders/../segments/PID.yaml",
        "senders/A/B/segments/PID.yaml",
        "senders/A\nB/segments/PID.yaml",
        "senders/A\"B/segments/PID.yaml",
        "segments/../../x.yaml",
        "segments/.hidden.yaml",
        "segments/PID.csv",
        "tables/HL70001.yaml",
        "guide/segments.csv",
        "targets/mine.yaml",
        "sender.yaml",
        "tenants/north/sender.yaml",
        "<script>alert(1)</script>",
        "/etc/passwd"
      })
  void aPathThatNoMappingFileMayHaveIsRefusedInWords(String path) throws Exception {
    Map<String, String> form = form(RULE);
    form.put("new", path);
    form.put("make", "typed");
    assertThat(tried(form))
        .contains("A new mapping file is named by its path")
        .contains("No file is changed.")
        .doesNotContain("(new)")
        .doesNotContain("<script>alert");
    // Nor by what a form says is open, or kept.
    Map<String, String> forged = form(RULE);
    forged.put("file", path);
    forged.put("rules", "source: x");
    forged.put("kept", path + "\nsource: x");
    assertThat(tried(forged)).contains("No file is changed.");
  }
}

package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.DryRun;
import org.millrace.hl7.V2Message;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.SampleMessages;
import org.millrace.replay.MessageFile;
import org.millrace.replay.SampleCase;

/** Messages run dry, many at once, through HTTP. */
final class ReplayTest {
  private static final String FILE = "messages/ORU_R01.yaml";
  private static final String RULE = "{ fhir: status, fixed: current }";

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder.resolve("journal"));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private long accept(V2Message message) {
    return bench.accept(message, SampleMessages.FEED);
  }

  /** One that was filed as the mapping files have it, but for its status. */
  private long filed(String controlId, String status) throws Exception {
    long id = accept(SampleMessages.oru(controlId, "sugar is high"));
    ObjectNode sent =
        new DryRun(bench.journal, bench.sources.mapping(), bench.sources.given())
            .of(id)
            .orElseThrow()
            .documents()
            .get(0)
            .now()
            .orElseThrow();
    sent.put("status", status);
    sent.putObject("subject").put("reference", "Patient/P1");
    ObjectNode attachment = (ObjectNode) sent.at("/content/0/attachment");
    attachment.put("title", attachment.path("title").asText() + " [mr-1]");
    bench.filed(id, sent.toString());
    return id;
  }

  /** One whose document is damaged. */
  private long held() {
    return accept(
        SampleMessages.read(
            "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|H1|D|2.5.1",
            "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M",
            "OBR|1||H1-1|11506-3^Note^LN||||20261120100000",
            "OBX|1|ED|1^T||^APPLICATION^PDF^Base64^!!||||||F"));
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

  private static List<String> listed(String page) {
    Matcher rows =
        Pattern.compile("<tr data-row><td data-name=\"Message\"><a class=\"n\" href=\"([^\"]+)\"")
            .matcher(page);
    return rows.results().map(each -> each.group(1)).toList();
  }

  private static Pattern tally(int number, String words) {
    return Pattern.compile(
        "<li><b>" + number + "</b> <span class=\"mark [a-z]+\">.*?</svg>" + words);
  }

  private String posted(Map<String, String> form) throws Exception {
    HttpResponse<String> answer = bench.browser.post("/replay", form);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void messagesOfTheJournalStandBesideWhatWasSentThoseThatDifferFirst() throws Exception {
    long same = filed("C1", "current");
    long different = filed("C2", "superseded");
    long never = bench.accept("C3");
    long held = held();

    String page = bench.browser.page("/replay?most=50");

    assertThat(listed(page))
        .containsExactly(
            "/messages/" + different,
            "/messages/" + never,
            "/messages/" + held,
            "/messages/" + same);
    assertThat(page)
        .contains("4 messages, by the rules in force")
        .containsPattern(tally(1, "differs from what was sent"))
        .containsPattern(tally(1, "would be sent, and never was"))
        .containsPattern(tally(1, "would be held"))
        .containsPattern(tally(1, "same as was sent"))
        .contains("OBR[1] DocumentReference.status")
        .contains("OBR[1]/OBX[1]: ed-damaged")
        .contains("href=\"/messages/" + different + "?tab=fhir\"")
        .contains("Nothing is sent to Cerner");
    assertThat(bench.journal.listing().show(never).orElseThrow().calls()).isEmpty();
    assertThat(trail()).isEmpty();
  }

  @Test
  void nothingIsRunBeforeSomebodyAsks() throws Exception {
    filed("C1", "superseded");
    assertThat(bench.browser.page("/replay"))
        .contains("Choose messages of the journal")
        .doesNotContain("differs from what was sent");
  }

  @Test
  void whatWasFiledAndWouldBeHeldNowComesFirst() throws Exception {
    long held = held();
    bench.filed(held, "{\"content\":[{\"attachment\":{\"title\":\"Note [mr-1]\"}}]}");
    long different = filed("C2", "superseded");

    assertThat(listed(bench.browser.page("/replay?most=20")))
        .containsExactly("/messages/" + held, "/messages/" + different);
  }

  @Test
  void theQueryOfTheListChoosesAndTheNewestCount() throws Exception {
    for (int i = 1; i <= 25; i++) {
      bench.accept("C" + i);
    }
    bench.acceptOf("RIS", "X1");

    assertThat(bench.browser.page("/messages?sender=RIS@NORTH"))
        .contains("href=\"/replay?sender&#x3D;RIS%40NORTH&amp;most&#x3D;50\"");
    assertThat(listed(bench.browser.page("/replay?sender=RIS%40NORTH&most=50")))
        .containsExactly("/messages/26");
    String newest = bench.browser.page("/replay?sender=LAB%40NORTH&most=20");
    assertThat(newest).contains("20 messages");
    assertThat(listed(newest))
        .contains("/messages/25", "/messages/6")
        .doesNotContain("/messages/5");
    assertThat(newest)
        .contains("href=\"/replay?sender&#x3D;LAB%40NORTH&amp;most&#x3D;20&amp;before&#x3D;6\"");
    assertThat(listed(bench.browser.page("/replay?sender=LAB%40NORTH&most=20&before=6")))
        .hasSize(5);
    assertThat(bench.browser.get("/replay?state=LOST&most=20").statusCode()).isEqualTo(400);
  }

  @Test
  void moreThanTheLimitAreNotRunWhateverTheAddressSays() throws Exception {
    for (int i = 1; i <= ReplayChoice.MOST + 3; i++) {
      bench.accept("C" + i);
    }
    assertThat(bench.browser.page("/replay?most=100000")).contains("200 messages, by the rules");
  }

  @Test
  void aSearchGoesOnToTheDryRunAndStandsInNoAddress() throws Exception {
    bench.accept("C1");
    bench.accept("CSOUGHT");
    String found =
        bench.browser.post("/messages/search", Map.of("kind", "any", "text", "CSOUGHT")).body();
    Matcher way = Pattern.compile("href=\"(/replay\\?search[^\"]+)\"").matcher(found);
    assertThat(way.find()).isTrue();

    String page = bench.browser.page(way.group(1).replace("&amp;", "&").replace("&#x3D;", "="));

    assertThat(listed(page)).containsExactly("/messages/2");
    assertThat(way.group(1)).doesNotContain("CSOUGHT");
    assertThat(bench.browser.page("/replay?most=50&search=unknown"))
        .contains("This search is not known any more");
  }

  @Test
  void valuesAreCoveredUntilTheyAreAskedForEachOnRecord() throws Exception {
    long one = filed("C1", "superseded");
    long other = filed("C2", "superseded");
    String covered = bench.browser.page("/replay?most=50");
    assertThat(covered).contains(Cover.DOTS).doesNotContain("superseded").doesNotContain("MARKLEY");
    bench.accept("C3");

    String shown =
        bench
            .browser
            .post("/replay/show", Map.of("numbers", one + "," + other, "most", "50"))
            .body();

    assertThat(shown)
        .contains("<td data-name=\"Before\" class=\"value\">superseded</td>")
        .contains("<td data-name=\"Now\" class=\"value\">current</td>");
    assertThat(trail()).containsExactlyInAnyOrder("view message " + one, "view message " + other);
    assertThat(
            bench
                .browser
                .post("/replay/cover", Map.of("numbers", one + "," + other, "most", "50"))
                .body())
        .doesNotContain("superseded");
  }

  private static String oru(String controlId, String text) {
    return new String(SampleMessages.oru(controlId, text).bytes(), StandardCharsets.UTF_8)
        .replace("\r", "\r\n");
  }

  @Test
  void aBatchThatIsPastedIsRunMessageByMessageAndKeptNowhere() throws Exception {
    String batch =
        "FHS|^~\\&|LAB\r\nBHS|^~\\&|LAB\r\n"
            + oru("C1", "sugar is high")
            + "MSH|^~\\&|A|B|C|D|2026||ZZZ^Z01|Z7|D|2.5.1\r\n"
            + oru("C2", "sugar is low")
            + "BTS|3\r\nFTS|1\r\n";

    String page = posted(Map.of("pasted", batch));

    assertThat(page)
        .contains("3 messages, by the rules in force")
        .containsPattern(tally(2, "would be sent"))
        .containsPattern(tally(1, "cannot be mapped"))
        .contains("There is no message file for ZZZ^Z01")
        .contains("Pasted 3");
    assertThat(bench.journal.listing().list(MessageFilter.any().atMost(10))).isEmpty();
    assertThat(bench.browser.page("/replay")).doesNotContain("sugar is");
    assertThat(trail()).isEmpty();
  }

  @Test
  void messagesOneAfterTheOtherAreTakenAsWell() throws Exception {
    assertThat(posted(Map.of("pasted", oru("C1", "one") + "\r\n\r\n" + oru("C2", "two"))))
        .contains("2 messages");
    assertThat(posted(Map.of("pasted", "no HL7 at all")))
        .contains("It is no message that can be read");
  }

  @Test
  void whatIsTooMuchIsToldWithTheLimit() throws Exception {
    assertThat(posted(Map.of("pasted", oru("C1", "one").repeat(ReplayChoice.MOST + 1))))
        .contains("These are 201 messages, and more than 200 at once are not run");
    assertThat(posted(Map.of("pasted", "MSH|".repeat(ReplayChoice.LONGEST / 4 + 1))))
        .contains("This is longer than 2,097,152 characters");
    assertThat(posted(Map.of("pasted", oru("C1", "one") + "NTE|1\r\n".repeat(60_000))))
        .contains("It passes a limit");
  }

  private Map<String, String> changed(String rule) throws Exception {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("file", FILE);
    form.put("rules", Files.readString(Path.of("mappings", FILE)).replace(RULE, rule));
    return form;
  }

  @Test
  void rulesOfTheWorkbenchAreTriedOnManyOnRecordWhileTheyAreCovered() throws Exception {
    long filed = filed("C1", "current");
    long held = held();
    Map<String, String> form = changed("{ fhir: status, fixed: superseded }");
    assertThat(posted(form))
        .contains("Rules were changed on the workbench")
        .contains("name=\"kept\" value=\"" + FILE)
        .contains("<form class=\"filters\" method=\"post\"")
        .contains("those of the workbench");
    form.put("most", "50");

    String page = posted(form);

    assertThat(listed(page)).containsExactly("/messages/" + filed, "/messages/" + held);
    assertThat(page)
        .contains("2 messages, by the changed rules")
        .containsPattern(tally(1, "other than by the rules in force"))
        .containsPattern(tally(1, "differs from what was sent"))
        .doesNotContain("superseded</td>");
    assertThat(trail())
        .containsExactlyInAnyOrder("dry-run message " + filed, "dry-run message " + held);
    form.put("by", "in-force");
    assertThat(posted(form)).containsPattern(tally(1, "same as was sent"));
  }

  @Test
  void faultsOfChangedRulesAreToldWithFileAndLine() throws Exception {
    Map<String, String> form = changed("{ fhir: statuss, fixed: current }");
    form.put("pasted", oru("C1", "one"));
    assertThat(posted(form))
        .contains("The changed rules cannot be used")
        .containsPattern(FILE + ":[0-9]+: ");
  }

  @Test
  void aFormOfAnotherSiteRunsAndShowsNothing() throws Exception {
    long one = filed("C1", "superseded");
    for (String path : List.of("/replay", "/replay/show")) {
      Map<String, String> form = Map.of("most", "50", "numbers", "" + one);
      assertThat(bench.browser.sent(bench.browser.form(path, form)).statusCode()).isEqualTo(403);
    }
    assertThat(trail()).isEmpty();
  }

  private HttpResponse<byte[]> sent(String path, String type, byte[] body) throws Exception {
    bench.browser.get("/replay");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(bench.browser.root() + path))
                .header("Content-Type", type)
                .header("Origin", bench.browser.root())
                .header("Cookie", bench.browser.cookie())
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());
  }

  /** A form as a browser sends it with a file. */
  private String uploaded(byte[] file, String end) throws Exception {
    bench.browser.get("/replay");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        ("--xyz\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n"
                + bench.browser.token()
                + "\r\n--xyz\r\nContent-Disposition: form-data; name=\"pasted\"\r\n\r\n"
                + "\r\n--xyz\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"a.hl7\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(file);
    body.writeBytes(("\r\n--xyz" + end).getBytes(StandardCharsets.US_ASCII));
    HttpResponse<byte[]> answer =
        sent("/replay", "multipart/form-data; boundary=xyz", body.toByteArray());
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void aFileIsReadInTheCharsetOfItsMessages() throws Exception {
    String latin = oru("C1", "M\u00fcller hat Fieber").replace("|2.5.1", "|2.5.1||||||8859/1");
    byte[] file = ("\u000b" + latin + "\u001c\r" + latin).getBytes(StandardCharsets.ISO_8859_1);

    assertThat(uploaded(file, "--\r\n"))
        .startsWith("200")
        .contains("2 messages, by the rules in force")
        .contains("M\u00fcller hat Fieber");
    assertThat(bench.journal.listing().list(MessageFilter.any().atMost(10))).isEmpty();
  }

  @Test
  void aFileThatIsTooLongOrCutIsToldSo() throws Exception {
    byte[] tooLong =
        "MSH|".repeat(ReplayChoice.LONGEST / 4 + 1).getBytes(StandardCharsets.US_ASCII);
    assertThat(uploaded(tooLong, "--\r\n")).contains("This is longer than 2,097,152 characters");
    assertThat(uploaded(oru("C1", "one").getBytes(StandardCharsets.US_ASCII), ""))
        .startsWith("400");
    assertThat(uploaded(new byte[Request.LONGEST_FORM], "--\r\n"))
        .startsWith("400")
        .contains("longer than eight megabytes");
  }

  private Path saved(Path folder, String field, String value) throws Exception {
    bench.browser.get("/replay");
    String form =
        "token="
            + bench.browser.token()
            + "&"
            + field
            + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8);
    HttpResponse<byte[]> answer =
        sent(
            "/replay/case",
            "application/x-www-form-urlencoded",
            form.getBytes(StandardCharsets.US_ASCII));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename=\"case-");
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path to = folder.resolve(each.getName());
        Files.createDirectories(to.getParent());
        Files.write(to, zip.readAllBytes());
      }
    }
    return folder;
  }

  @Test
  void aMessageIsSavedAsTheBeginningOfACaseOnRecord(@TempDir Path samples) throws Exception {
    V2Message message = SampleMessages.oru("C1", "sugar is high");
    long id = accept(message);

    saved(samples, "message", "" + id);

    List<SampleCase> cases = SampleCase.discover(samples);
    assertThat(cases).singleElement().extracting(SampleCase::name).isEqualTo("ORU_R01/message-1");
    assertThat(cases.get(0).clock()).isEqualTo(bench.clock.instant());
    Path folder = cases.get(0).folder();
    assertThat(Files.readString(folder.resolve("case.yaml"))).contains("no real patient's data");
    assertThat(MessageFile.messages(Files.readAllBytes(folder.resolve("1-received.hl7")), "\r"))
        .containsExactly(message.bytes());
    assertThat(trail()).containsExactly("download message " + id);
  }

  @Test
  void whatWasPastedIsSavedAsWell(@TempDir Path samples) throws Exception {
    saved(samples, "pasted", oru("C1", "sugar is high"));

    assertThat(SampleCase.discover(samples))
        .singleElement()
        .extracting(SampleCase::name)
        .isEqualTo("ORU_R01/pasted");
    assertThat(trail()).isEmpty();
    assertThat(bench.browser.post("/replay/case", Map.of("message", "99")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void answersAreNotStored() throws Exception {
    assertThat(
            bench
                .browser
                .post("/replay", Map.of("pasted", oru("C1", "one")))
                .headers()
                .firstValue("Cache-Control"))
        .hasValue("no-store");
  }

  @Test
  void scriptsInMessagesAreShownAsText() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String payload : Payloads.ALL) {
      bench.acceptOf(payload, payload);
      all.append(oru("C1", "one").replace("|C1|", "|" + payload + "|"));
    }
    String page = posted(Map.of("pasted", all.toString()));
    MessagesPageTest.assertNothingRuns(page);
    MessagesPageTest.assertNothingRuns(bench.browser.page("/replay?most=50"));
    for (String payload : Payloads.ALL) {
      assertThat(page).doesNotContain(payload);
    }
  }
}

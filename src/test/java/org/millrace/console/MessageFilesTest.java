package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.Role;
import org.millrace.journal.Digests;
import org.millrace.journal.SampleMessages;
import org.millrace.preview.HostilePdf;
import org.slf4j.LoggerFactory;

/** What stands in a message as documents, and what it is if it is written again, over HTTP. */
final class MessageFilesTest {
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

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] png() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", out);
    return out.toByteArray();
  }

  /** A message with these values of OBX-5, each with its type in front: {@code ED ^AP^PDF^…}. */
  private long accept(String controlId, String... values) {
    return accept(bench, controlId, values);
  }

  static long accept(ConsoleBench bench, String controlId, String... values) {
    List<String> segments = new ArrayList<>();
    segments.add(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1");
    segments.add("PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M");
    segments.add("OBR|1||F1|11506-3^Note^LN||||20261120100000");
    for (int i = 0; i < values.length; i++) {
      String type = values[i].substring(0, 2);
      segments.add("OBX|" + (i + 1) + "|" + type + "|1^T||" + values[i].substring(3) + "||||||F");
    }
    return bench.accept(SampleMessages.read(segments.toArray(String[]::new)), SampleMessages.FEED);
  }

  private long shown(String controlId, String... values) throws Exception {
    long id = accept(controlId, values);
    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "documents"));
    return id;
  }

  private String page(long id, String rest) throws Exception {
    return bench.browser.page("/messages/" + id + "?tab=documents" + rest);
  }

  private List<String> entries(String verb) {
    return bench.trail("", verb).stream()
        .map(each -> each.actor().name() + ": " + each.subject())
        .toList();
  }

  private HttpResponse<byte[]> fetched(Browser browser, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(browser.root() + path))
                .header("Cookie", browser.cookie())
                .build(),
            BodyHandlers.ofByteArray());
  }

  @Test
  void aPictureThatOneBrowserHadDrawnIsNotGivenToAnother() throws Exception {
    long id = shown("C1", "ED ^AP^PDF^Base64^" + base64(HostilePdf.report("Sodium 140")));
    page(id, "&document=1");
    assertThat(entries("view")).filteredOn(each -> each.contains("document")).hasSize(1);
    Browser other = new Browser(URI.create(bench.browser.root()).getPort());
    other.page("/");
    other.post("/messages/" + id + "/show", Map.of("tab", "documents"));

    HttpResponse<byte[]> picture = fetched(other, "/messages/" + id + "/picture?document=1&page=1");

    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(entries("view")).filteredOn(each -> each.contains("document")).hasSize(2);
  }

  @Test
  void everyDocumentIsListedByWhatItIsAndWhatItIsSaidToBe() throws Exception {
    byte[] pdf = HostilePdf.report("Sodium 140");
    long id =
        shown(
            "C1",
            "ED ^AP^PDF^Base64^" + base64(pdf),
            "ED ^TEXT^XML^Base64^" + base64(png()),
            "ED ^^^Base64^" + base64("plain words, and a line"),
            "ED ^AP^PDF^Base64^%%%",
            "RP \\\\share\\reports\\MARKLEY.pdf^SHARE^AP^PDF",
            "TX sugar is high");

    String page = page(id, "");

    assertThat(page)
        .containsSubsequence(
            "OBX[1]-5",
            "PDF",
            "AP/PDF",
            "fits its label",
            Digests.of(pdf, 0),
            "OBX[2]-5",
            "a PNG image",
            "TEXT/XML",
            "not as labelled",
            "OBX[3]-5",
            "plain text",
            "label names no type",
            "OBX[4]-5",
            "nothing that can be read",
            "OBX[5]-5",
            "a reference",
            "OBR[1]",
            "the text of the report")
        .contains(Count.text(pdf.length) + " bytes");
  }

  @Test
  void documentsAreCoveredUntilTheyAreShownAndEachThatIsOpenedIsOnRecord() throws Exception {
    byte[] pdf = HostilePdf.report("Sodium 140");
    long id = accept("C1", "ED ^AP^PDF^Base64^" + base64(pdf), "TX sugar is high");

    assertThat(page(id, "&document=2"))
        .contains("OBX[1]-5")
        .contains("Documents are covered as a whole.")
        .doesNotContain(Digests.of(pdf, 0))
        .doesNotContain("AP/PDF")
        .doesNotContain("sugar is high");
    assertThat(bench.browser.get("/messages/" + id + "/picture?document=1").statusCode())
        .isEqualTo(409);
    assertThat(entries("view")).isEmpty();

    bench.browser.post("/messages/" + id + "/show", Map.of("tab", "documents"));
    assertThat(page(id, "&document=2")).contains("sugar is high");
    page(id, "&document=2");
    page(id, "&document=1");
    bench.browser.get("/messages/" + id + "/picture?document=1");
    assertThat(entries("view"))
        .containsExactlyInAnyOrder(
            "console: message " + id,
            "console: message " + id + ", document OBR[1]",
            "console: message " + id + ", document OBX[1]-5");
  }

  @Test
  void aPageOfAPdfIsAPictureInABox() throws Exception {
    long id = shown("C1", "ED ^AP^PDF^Base64^" + base64(HostilePdf.script()));

    assertThat(page(id, "&document=1"))
        .contains("page 1 of 1")
        .contains("A font is not in the document")
        .contains("<img src=\"/messages/" + id + "/picture?document&#x3D;1&amp;page&#x3D;1\"");
    for (int time = 0; time < 2; time++) {
      HttpResponse<byte[]> picture =
          fetched(bench.browser, "/messages/" + id + "/picture?document=1&page=1");
      assertThat(picture.statusCode()).isEqualTo(200);
      assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(picture.headers().firstValue("Content-Security-Policy"))
          .contains("sandbox; default-src 'none'; frame-ancestors 'none'");
      assertThat(picture.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(picture.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(ImageIO.read(new ByteArrayInputStream(picture.body())).getWidth()).isEqualTo(892);
    }
  }

  @Test
  void markupIsShownAsItsSource() throws Exception {
    String html = "<html><body onload=alert(1)><script>alert(2)</script>MARK</body></html>";
    String rtf = "{\\rtf1 {\\object\\objdata 0105}MARK}";
    String svg = "<?xml version=\"1.0\"?><svg onload=\"alert(3)\"><text>MARK</text></svg>";
    long id =
        shown(
            "C1",
            "ED ^TEXT^HTML^Base64^" + base64(html),
            "ED ^TEXT^RTF^Base64^" + base64(rtf),
            "ED ^IM^SVG^Base64^" + base64(svg));

    for (int document = 1; document <= 3; document++) {
      String page = page(id, "&document=" + document);
      assertThat(page)
          .contains("nothing in it is run")
          .contains(Payloads.escaped(List.of(html, rtf, svg).get(document - 1)))
          .doesNotContain("<script>alert")
          .doesNotContain("<img src");
      assertThat(
              bench.browser.get("/messages/" + id + "/picture?document=" + document).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void whatCannotBeShownSaysWhy() throws Exception {
    long id =
        shown(
            "C1",
            "ED ^AP^PDF^Base64^" + base64("%PDF-1.4 and no more"),
            "ED ^AP^ZIP^Base64^" + base64("PK\u0003\u0004 and so on"),
            "RP SHARE/REPORT.pdf^SHARE^AP^PDF",
            "ED ^AP^PDF^Base64^%%%",
            "ED ^TEXT^PLAIN^Base64^" + base64("   "));

    assertThat(page(id, "&document=1")).contains("It cannot be read: it is damaged");
    assertThat(page(id, "&document=2")).contains("a ZIP or Office file, which cannot be shown");
    assertThat(page(id, "&document=3"))
        .contains("files are not fetched")
        .contains("SHARE/REPORT.pdf")
        .doesNotContain("Download the bytes");
    assertThat(page(id, "&document=4")).contains("The document cannot be decoded");
    assertThat(page(id, "&document=5")).contains("It is empty, or blanks only.");
    assertThat(page(id, "&document=1&page=7")).contains("It cannot be read");
    assertThat(page(id, "&document=99")).doesNotContain("id=\"document\"");
    assertThat(bench.browser.get("/messages/" + id + "/picture?document=1").statusCode())
        .isEqualTo(422);
    assertThat(
            bench
                .browser
                .postOnly("/messages/" + id + "/download", Map.of("document", "4"))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void theBytesAreAFileThatSaysNothingOfThePatientAndIsOnRecordEachTime() throws Exception {
    String html = "<script>alert(1)</script><html>MARKLEY</html>";
    long id = accept("C1", "ED ^TEXT^HTML^Base64^" + base64(html));
    bench.browser.get("/");
    for (int time = 0; time < 2; time++) {
      HttpResponse<String> file =
          bench.browser.postOnly("/messages/" + id + "/download", Map.of("document", "1"));
      assertThat(file.body()).isEqualTo(html);
      assertThat(file.headers().firstValue("Content-Type")).contains("application/octet-stream");
      assertThat(file.headers().firstValue("Content-Disposition"))
          .contains("attachment; filename=\"message-" + id + "-document-1.bin\"");
      assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
          .startsWith("sandbox; default-src 'none'");
    }
    assertThat(entries("download"))
        .containsExactly(
            "console: message " + id + ", document OBX[1]-5",
            "console: message " + id + ", document OBX[1]-5");
  }

  @Test
  void nothingOfADocumentIsInALogLine() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    root.addAppender(told);
    root.setLevel(Level.ALL);
    try {
      long id =
          shown(
              "C1",
              "ED ^AP^PDF^Base64^" + base64(HostilePdf.report("CANARYBIRD")),
              "ED ^AP^PDF^Base64^" + base64("%PDF-1.4 CANARYBIRD"),
              "ED ^TEXT^HTML^Base64^" + base64("<html>CANARYBIRD</html>"),
              "RP CANARYBIRD.pdf^SHARE^AP^PDF",
              "TX CANARYBIRD\\Z99\\^^");
      for (int document = 1; document <= 5; document++) {
        page(id, "&document=" + document);
        bench.browser.get("/messages/" + id + "/picture?document=" + document);
        bench.browser.postOnly(
            "/messages/" + id + "/download", Map.of("document", Integer.toString(document)));
      }
      assertThat(bench.browser.page("/messages/" + id + "?tab=re-encoded")).contains("CANARYBIRD");
    } finally {
      root.setLevel(level);
      root.detachAppender(told);
    }
    List<String> lines =
        List.copyOf(told.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(lines).isNotEmpty().noneMatch(each -> each.contains("CANARYBIRD"));
  }

  @Test
  void whoMayNotHavePatientDataShownGetsNoPictureAndNoFile() throws Exception {
    long id = accept("C1", "ED ^AP^PDF^Base64^" + base64(HostilePdf.report("A")));
    Browser viewer = bench.loggedIn("vera", Role.VIEWER);

    assertThat(fetched(viewer, "/messages/" + id + "/picture?document=1").statusCode())
        .isEqualTo(403);
    assertThat(
            viewer.postOnly("/messages/" + id + "/download", Map.of("document", "1")).statusCode())
        .isEqualTo(403);
    assertThat(viewer.page("/messages/" + id + "?tab=documents"))
        .contains("OBX[1]-5")
        .doesNotContain("Show patient data to look");
  }

  @Test
  void whatWasFiledOfADocumentStandsBesideIt() throws Exception {
    long id = shown("C1", "TX sugar is high");
    bench.filed(
        id,
        "{\"resourceType\":\"DocumentReference\",\"content\":[{\"attachment\":{\"contentType\":"
            + "\"text/plain;charset=utf-8\",\"title\":\"Note [mr-1]\",\"data\":\""
            + base64("sugar is high")
            + "\"}}]}");

    assertThat(page(id, ""))
        .containsSubsequence(
            "OBR[1]",
            "done",
            "D" + id,
            "sent as text/plain;charset&#x3D;utf-8, 13 bytes, SHA-256 ",
            Digests.of("sugar is high".getBytes(StandardCharsets.UTF_8), 0));
  }

  @Test
  void aMessageThatIsTheSameWrittenAgainIsSaidToBe() throws Exception {
    long same = bench.accept("C1");
    long other = accept("C2", "TX a\\Z99\\b^^");
    String reEncoded = "?tab=re-encoded";

    assertThat(bench.browser.page("/messages/" + same + reEncoded))
        .contains("The same, byte for byte.");
    assertThat(bench.browser.page("/messages/" + other + reEncoded))
        .doesNotContain("The same, byte for byte.")
        .contains("The last segment is not ended")
        .contains("OBX[1]-5")
        .contains("Observation Value")
        .contains("other text")
        .contains("an escape sequence has no text: •••")
        .doesNotContain("Z99");
    bench.browser.post("/messages/" + other + "/show", Map.of("tab", "re-encoded"));
    assertThat(bench.browser.page("/messages/" + other + reEncoded))
        .contains("a\\Z99\\b^^")
        .contains("an escape sequence has no text: Z99");
  }
}

package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.console.Browser;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.TestTrail;

/** Verbs at the console of a whole engine in front of a sandbox. */
final class ConsoleVerbsTest {
  @TempDir static Path journals;

  private static SandboxBench bench;
  private static Engine engine;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    engine = bench.engine(journals.resolve("engine"), Map.of());
    browser = new Browser(engine.consolePort().orElseThrow());
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static MessageSummary summary(String controlId) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(journals.resolve("engine"), Clock.systemUTC())) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
    }
  }

  private static long sent(String controlId, String mrn, MessageState state) throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result(controlId, "F" + controlId, mrn, "F"));
    }
    awaited(controlId, state);
    return summary(controlId).id();
  }

  private static void awaited(String controlId, MessageState state) {
    await().until(() -> summary(controlId).state() == state);
  }

  private static HttpResponse<String> verb(long id, String verb, Map<String, String> form)
      throws Exception {
    return browser.post("/messages/" + id + "/" + verb, form);
  }

  @Test
  void aMessageIsRetriedAndDiscarded() throws Exception {
    long id = sent("V1", "9900888", MessageState.HELD);

    assertThat(verb(id, "retry", Map.of("why", "registered by now")).body())
        .contains("class=\"told good\"");
    awaited("V1", MessageState.HELD);
    assertThat(verb(id, "discard", Map.of("why", "of a test patient")).body())
        .contains(">discarded</p>");
    assertThat(summary("V1").state()).isEqualTo(MessageState.DISCARDED);
    HttpResponse<String> again = verb(id, "discard", Map.of("why", "again"));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("refused");
    assertThat(browser.page("/messages/" + id))
        .contains("discard by console")
        .doesNotContain("of a test patient")
        .contains("Nothing has to be done");
  }

  @Test
  void severalAreDiscardedTogetherAndWhatCameOfEachIsTold() throws Exception {
    long first = sent("N1", "9900888", MessageState.HELD);
    long second = sent("N2", "9900888", MessageState.HELD);
    String page = browser.page("/messages/many?verb=discard&number=" + second + "&number=" + first);
    assertThat(page)
        .contains("<h1>Discard 2 messages</h1>", "oru-r01 (2)")
        .containsPattern("Cerner at 127\\.0\\.0\\.1:\\d+: no production");
    assertThat(verb(first, "discard", Map.of("why", "of a test patient")).statusCode())
        .isEqualTo(200);

    HttpResponse<String> asked =
        browser.submit("/messages/many", page, Map.of("why", "of a test patient"));
    awaited("N2", MessageState.DISCARDED);

    String address = asked.uri().getPath() + "?" + asked.uri().getQuery();
    await()
        .untilAsserted(
            () ->
                assertThat(browser.page(address))
                    .contains("the message is DISCARDED, and nothing is left to do about it")
                    .contains("class=\"why\">discarded</td>"));
  }

  @Test
  void aConnectionIsDroppedAndThatIsOnRecord() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result("VDROP", "FVDROP", "9900888", "F"));
      String page = browser.page("/connections");
      assertThat(page)
          .contains("Port " + engine.mllpPort())
          .contains("route hl7-over-mllp")
          .contains("asks for original mode");
      Matcher numbers = Pattern.compile("name=\"connection\" value=\"(\\d+)\"").matcher(page);
      assertThat(numbers.find()).isTrue();

      String told =
          browser
              .post(
                  "/connections/drop",
                  Map.of("connection", numbers.group(1), "why", "it sends garbage"))
              .body();

      assertThat(told).contains("class=\"told good\"").contains("it was dropped at the console");
      assertThatThrownBy(socket::reply)
          .isInstanceOf(IOException.class)
          // It would wait for half a minute on a connection that is open.
          .isNotInstanceOf(SocketTimeoutException.class);
    }
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(journals.resolve("engine"), Clock.systemUTC())) {
      assertThat(TestTrail.of(journal, "drop"))
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.event().subject())
                    .startsWith("connection of 127.0.0.1:")
                    .endsWith(" to port " + engine.mllpPort());
                assertThat(entry.event().details()).containsEntry("why", "it sends garbage");
              });
    }
  }

  @Test
  void whatASenderSendsNextIsCapturedAndShownOnRecord() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(
              browser
                  .post("/connections/capture", Map.of("of", "127.0.0.1", "why", "it is garbled"))
                  .body())
          .contains("class=\"told good\"", "waits for 127.0.0.1");
      socket.exchange(Typed.result("VCAPT", "FVCAPT", "9900888", "F"));

      Matcher link =
          Pattern.compile("/connections/capture\\?number(?:=|&#x3D;)(\\d+)")
              .matcher(browser.page("/connections"));
      assertThat(link.find()).isTrue();
      String path = "/connections/capture?number=" + link.group(1);
      assertThat(browser.page(path)).contains("a frame was whole").doesNotContain("VCAPT");
      assertThat(browser.post("/connections/capture/show", Map.of("number", link.group(1))).body())
          .contains(" 0b 4d 53 48", "1c 0d");
      browser.post("/connections/capture/cover", Map.of("number", link.group(1)));
      assertThat(browser.page(path)).doesNotContain("4d 53 48");
      browser.post("/connections/forget", Map.of("number", link.group(1)));
      assertThat(browser.get(path).statusCode()).isEqualTo(404);
    }
    assertThat(onRecord("capture", "view", "forget"))
        .contains("next frame of 127.0.0.1")
        .anyMatch(subject -> subject.matches("capture \\d+ of 127\\.0\\.0\\.1"))
        .anyMatch(subject -> subject.matches("capture \\d+"));
  }

  @Test
  void aBlockedAddressIsLetInNoMoreUntilItIsUnblocked() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result("VBLOCK", "FVBLOCK", "9900888", "F"));
      assertThat(
              browser
                  .post(
                      "/connections/block",
                      Map.of("of", "127.0.0.1", "time", "1h", "why", "it <i>floods</i>"))
                  .body())
          .contains("127.0.0.1 is blocked until ")
          .contains("&lt;i&gt;floods");
      assertThatThrownBy(socket::reply)
          .isInstanceOf(IOException.class)
          // It would wait for half a minute on a connection that is open.
          .isNotInstanceOf(SocketTimeoutException.class);
    }
    try (RawSocket again = new RawSocket(engine.mllpPort())) {
      assertThatThrownBy(again::reply)
          .isInstanceOf(IOException.class)
          // It would wait for half a minute on a connection that is open.
          .isNotInstanceOf(SocketTimeoutException.class);
    } finally {
      assertThat(browser.post("/connections/unblock", Map.of("of", "127.0.0.1")).body())
          .contains("may connect again")
          .doesNotContain("Blocked addresses");
    }
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (RawSocket socket = new RawSocket(engine.mllpPort())) {
                socket.exchange(Typed.result("VBLOCK2", "FVBLOCK2", "9900888", "F"));
              }
            });
    assertThat(onRecord("block", "unblock"))
        .containsExactly("connections of 127.0.0.1", "connections of 127.0.0.1");
  }

  /** What entries of the audit trail of these kinds are about. */
  private static List<String> onRecord(String... whats) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(journals.resolve("engine"), Clock.systemUTC())) {
      return Stream.of(whats)
          .flatMap(what -> TestTrail.of(journal, what).stream())
          .map(entry -> entry.event().subject())
          .toList();
    }
  }

  @Test
  void queriesAreToldWhileTheyAreAnsweredAndAfter() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.query("VQFOUND", "9900101"));
      socket.exchange(Typed.query("VQNOBODY", "9900888"));
      socket.exchange(Typed.query("VQEMPTY", ""));
      bench.faults("[{'path':'Patient','latency':'8s'}]");
      socket.write(RawSocket.frame(Typed.query("VQSLOW", "9900101")));
      await()
          .until(
              () ->
                  between(browser.page("/queries"), "Being answered now", ">Answered<")
                      .contains("VQSLOW"));
      bench.faults("[]");
      socket.reply();
    }
    await().until(() -> browser.page("/queries?slower=1s").contains("VQSLOW"));
    assertThat(between(browser.page("/queries"), "Being answered now", ">Answered<"))
        .contains("No sender waits");
    assertThat(browser.page("/queries?outcome=found")).contains("VQFOUND").doesNotContain("VQE");
    assertThat(browser.page("/queries?outcome=not-found"))
        .contains("VQNOBODY")
        .contains("AA NF")
        .doesNotContain("VQFOUND");
    assertThat(browser.page("/queries?outcome=refused")).contains("VQEMPTY").contains("AE AE");
  }

  private static String between(String page, String from, String to) {
    int begin = page.indexOf(from);
    return page.substring(begin, page.indexOf(to, begin));
  }

  @Test
  void anEditedMessageTakesThePlaceOfTheOther() throws Exception {
    long id = sent("V2", "9900888", MessageState.HELD);
    browser.post("/messages/" + id + "/show", Map.of());
    String page = browser.page("/messages/" + id);
    String text =
        page.substring(
                page.indexOf("autocomplete=\"off\">", page.indexOf("<textarea")) + 19,
                page.indexOf("</textarea>"))
            .replace("&amp;", "&")
            .replace("&#x3D;", "=")
            .replace("&quot;", "\"")
            .replace("&#39;", "'");
    assertThat(text).contains("9900888");

    // As browsers send it.
    String edited = text.replace("9900888", "9900101").replace("\n", "\r\n");
    assertThat(verb(id, "edit", Map.of("content", edited, "why", "number was wrong")).body())
        .contains("class=\"told good\"");

    await().until(() -> browser.page("/messages/" + id).contains("made into (edited)"));
    awaited("V2", MessageState.DELIVERED);
    assertThat(bench.documentsTitled("FV2")).hasSize(1);
  }

  @Test
  void whatCernerHasIsNotFiledAgainAndADryRunSaysItIsTheSame() throws Exception {
    long id = sent("VTHERE", "9900101", MessageState.DELIVERED);

    HttpResponse<String> resent = verb(id, "resend", Map.of("why", "cannot find it"));

    assertThat(resent.statusCode()).isEqualTo(409);
    assertThat(resent.body()).contains("refused");
    assertThat(browser.page("/messages/" + id + "?tab=fhir"))
        .contains("as it was sent")
        .contains("DocumentReference")
        .doesNotContain("FVTHERE");
    assertThat(verb(id, "resend", Map.of("why", "yes", "even-if-there", "yes")).body())
        .contains("class=\"told good\"");
    await().until(() -> bench.documentsTitled("FVTHERE").size() == 2);
  }

  @Test
  void whatIsNotOpenIsNotSettled() throws Exception {
    long id = sent("V4", "9900888", MessageState.HELD);

    HttpResponse<String> settled = verb(id, "settle", Map.of("why", "seen", "saw", "not-filed"));

    assertThat(settled.statusCode()).isEqualTo(409);
    assertThat(settled.body()).contains("refused");
  }

  @Test
  void aPausedFeedDeliversNothingUntilItIsResumed() throws Exception {
    sent("V5", "9900101", MessageState.DELIVERED);
    assertThat(browser.post("/feeds/pause", Map.of("feed", "oru-r01", "why", "upgrade")).body())
        .contains("paused; engines follow");
    // Engines read pauses once a second.
    await()
        .until(
            () ->
                SandboxBench.json(
                            SandboxBench.get(
                                    "http://127.0.0.1:" + engine.managementPort() + "/ready")
                                .body())
                        .path("paused")
                        .size()
                    == 1);
    assertThat(browser.post("/feeds/resume", Map.of("feed", "oru-r01")).body()).contains("resumed");
    sent("V6", "9900101", MessageState.DELIVERED);
  }
}

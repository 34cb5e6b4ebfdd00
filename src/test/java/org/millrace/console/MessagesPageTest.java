package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;

/** The list of messages through HTTP, on a real journal. */
final class MessagesPageTest {
  private static final Pattern ROW = Pattern.compile("<a class=\"n\" href=\"/messages/(\\d+)\">");

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static List<Long> numbers(String page) {
    List<Long> numbers = new ArrayList<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      numbers.add(Long.parseLong(row.group(1)));
    }
    return numbers;
  }

  private static String link(String page, String rel) {
    Matcher found = Pattern.compile("rel=\"" + rel + "\" href=\"([^\"]+)\"").matcher(page);
    return found.find() ? found.group(1).replace("&amp;", "&").replace("&#x3D;", "=") : "";
  }

  @Test
  void anEmptyJournalTeachesHowToSendTheFirstMessage() throws Exception {
    assertThat(bench.browser.page("/messages")).contains("./millrace send samples/");
    assertThat(bench.browser.page("/")).contains("./millrace send samples/");
    assertThat(Path.of("samples/ORU_R01/text-notes/1-received.hl7")).exists();
  }

  @Test
  void pagesGoOnByNumberAndShowEachMessageOnce() throws Exception {
    for (int i = 1; i <= 120; i++) {
      bench.accept("C" + i);
    }
    String first = bench.browser.page("/messages");
    bench.accept("C121");
    String second = bench.browser.page(link(first, "next"));
    String third = bench.browser.page(link(second, "next"));

    assertThat(numbers(first)).hasSize(50).startsWith(120L, 119L).endsWith(71L);
    assertThat(numbers(second)).hasSize(50).startsWith(70L).endsWith(21L);
    assertThat(numbers(third)).hasSize(20).startsWith(20L).endsWith(1L);
    assertThat(link(first, "prev")).isEmpty();
    assertThat(link(third, "next")).isEmpty();
    String back = bench.browser.page(link(third, "prev"));
    assertThat(numbers(back)).isEqualTo(numbers(second));
    assertThat(numbers(bench.browser.page(link(back, "prev")))).isEqualTo(numbers(first));
  }

  @Test
  void filtersStandInTheAddressAndInTheCommand() throws Exception {
    long held = bench.accept("C1");
    bench.accept("C2");
    bench.conclude(
        held, MessageState.HELD, new Reason("no-such-patient", "No patient.", "Register", "us"));

    String page = bench.browser.page("/messages?state=HELD&feed=results&reason=no-such-patient");

    assertThat(numbers(page)).containsExactly(held);
    assertThat(page)
        .contains("./millrace messages list --state HELD --reason no-such-patient --feed results")
        .contains("value=\"HELD\" checked");
    assertThat(numbers(bench.browser.page("/messages?state=DELIVERED"))).isEmpty();
  }

  @Test
  void timesAreTheSites() throws Exception {
    bench.accept("C1");
    String page = bench.browser.page("/messages");
    String local =
        bench
            .clock
            .instant()
            .atZone(ConsoleBench.ZONE)
            .toLocalDateTime()
            .toString()
            .substring(0, 16);
    String later =
        bench
            .clock
            .instant()
            .plus(Duration.ofHours(1))
            .atZone(ConsoleBench.ZONE)
            .toLocalDateTime()
            .toString()
            .substring(0, 16);

    assertThat(page).contains(local.replace('T', ' ')).contains("title=\"");
    assertThat(numbers(bench.browser.page("/messages?since=" + local))).hasSize(1);
    assertThat(numbers(bench.browser.page("/messages?since=" + later))).isEmpty();
    assertThat(numbers(bench.browser.page("/messages?until=" + later))).hasSize(1);
  }

  @Test
  void whatCannotBeUnderstoodIsToldAndNothingIsShown() throws Exception {
    bench.accept("C1");
    for (String query : List.of("state=GONE", "since=yesterday", "before=x", "after=-1")) {
      HttpResponse<String> answer = bench.browser.get("/messages?" + query);
      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(answer.body()).contains("class=\"fault\"");
      assertThat(numbers(answer.body())).isEmpty();
    }
  }

  @Test
  void aPatientsNumberIsFoundAndStandsInNoAddressAndOnNoPage() throws Exception {
    long one = bench.accept("C1");
    bench.accept("C2");
    bench
        .journal
        .businessKeys()
        .lookedInto(one, "lane", List.of(new BusinessKey(BusinessKey.Kind.PATIENT, "6931778")))
        .get();

    HttpResponse<String> moved =
        bench.browser.postOnly("/messages/search", Map.of("kind", "patient", "text", "6931778"));
    String address = moved.headers().firstValue("Location").orElseThrow();
    String page = bench.browser.page(address);

    assertThat(address).matches("/messages\\?search=[A-Za-z0-9_-]{22}");
    assertThat(numbers(page)).containsExactly(one);
    assertThat(page).doesNotContain("6931778").contains("--patient NUMBER");
    assertThat(
            numbers(
                bench
                    .browser
                    .post("/messages/search", Map.of("kind", "any", "text", "6931778"))
                    .body()))
        .containsExactly(one);
    assertThat(
            numbers(
                bench
                    .browser
                    .post("/messages/search", Map.of("kind", "visit", "text", "6931778"))
                    .body()))
        .isEmpty();
  }

  @Test
  void aControlIdAndTheNumberOfAMessageAreFoundByTheSameBox() throws Exception {
    long one = bench.accept("C1");
    bench.accept("C2");

    assertThat(numbers(bench.browser.post("/messages/search", Map.of("text", "C1")).body()))
        .containsExactly(one);
    assertThat(bench.browser.post("/messages/search", Map.of("text", "1")).body())
        .contains("href=\"/messages/1\">message 1</a>");
  }

  @Test
  void aSearchIsOfItsBrowserAndOfAnHour() throws Exception {
    bench.accept("C1");
    String address =
        bench
            .browser
            .postOnly("/messages/search", Map.of("text", "C1"))
            .headers()
            .firstValue("Location")
            .orElseThrow();

    Browser other = new Browser(bench.server.port());
    other.get("/");
    assertThat(numbers(other.page(address))).isEmpty();
    assertThat(numbers(bench.browser.page(address))).hasSize(1);
    bench.clock.forward(Searches.KEPT.plusSeconds(1));
    assertThat(bench.browser.page(address)).contains("not known any more");
  }

  @Test
  void scriptsInNamesControlIdsFeedsAndReasonsAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      long id = bench.acceptOf(payload, payload);
      bench.conclude(id, MessageState.HELD, new Reason("held", payload, payload, "us", payload));
    }
    String page = bench.browser.page("/messages");

    for (String payload : Payloads.ALL) {
      assertThat(page).as(payload).doesNotContain(payload);
      assertThat(page).contains(Payloads.escaped(payload));
    }
    assertNothingRuns(page);
  }

  @Test
  void scriptsInAnAddressAreShownAsText() throws Exception {
    bench.accept("C1");
    for (String payload : Payloads.ALL) {
      String encoded = java.net.URLEncoder.encode(payload, java.nio.charset.StandardCharsets.UTF_8);
      for (String name :
          List.of("feed", "sender", "reason", "search", "since", "state", "before")) {
        String page = bench.browser.get("/messages?" + name + "=" + encoded).body();
        assertThat(page).as(name + " " + payload).doesNotContain(payload);
        assertNothingRuns(page);
      }
      assertNothingRuns(bench.browser.get("/" + encoded).body());
    }
  }

  /** One script tag, which is ours, and no attribute that is one. */
  static void assertNothingRuns(String page) {
    assertThat(page.split("<script", -1)).hasSizeLessThanOrEqualTo(2);
    assertThat(page).doesNotContainPattern("<[^>]*\\son[a-z]+\\s*=");
    assertThat(page).doesNotContainPattern("(href|src|action)=\"(javascript|data|//)");
    assertThat(page)
        .doesNotContain("<img")
        .doesNotContain("<iframe")
        .doesNotContain("<base")
        .doesNotContain("<style");
  }
}

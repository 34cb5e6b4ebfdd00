package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2FormatException;
import org.millrace.journal.QueryAnswer.Outcome;

/** Queries, through HTTP, on a real journal. */
final class QueriesPageTest {
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** As a browser reads it, but for what would be a mark of its own. */
  private String page(String path) throws Exception {
    return bench.browser.page(path).replace("&#x3D;", "=").replace("&#39;", "'");
  }

  private static List<String> controlIds(String page) {
    return Pattern.compile("<code>(QUERY-\\d+)</code>")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private void three() throws V2FormatException {
    bench.answered("LAB", "QUERY-1", Outcome.FOUND, 340);
    bench.clock.forward(Duration.ofMinutes(10));
    bench.answered("LAB", "QUERY-2", Outcome.NOT_FOUND, 12);
    bench.clock.forward(Duration.ofMinutes(10));
    bench.answered("RIS", "QUERY-3", Outcome.REFUSED, 9_876);
  }

  @Test
  void withoutAQueryThePageTeachesHowOneIsAsked() throws Exception {
    bench.accept("C1");
    assertThat(page("/queries"))
        .contains("No query has been answered yet")
        .contains("No sender waits")
        .contains("./millrace send samples/QRY_A19/by-mrn/1-received.hl7")
        .doesNotContain("<tr data-row");
  }

  @Test
  void eachQueryIsToldWithWhatCameOfItAndHowLongThatTook() throws Exception {
    three();

    String page = page("/queries");

    assertThat(controlIds(page)).containsExactly("QUERY-3", "QUERY-2", "QUERY-1");
    assertThat(page)
        .contains("9.9 s")
        .contains("340 ms")
        .contains("AE AE")
        .contains("AA NF")
        .contains("AA OK")
        .contains("QRD-8 is empty")
        .contains("more to be asked for")
        .contains("RIS@NORTH")
        .contains("10.1.2.3:51234")
        .contains("href=\"/messages/3\"")
        .contains("./millrace queries<")
        .contains("data-live")
        .doesNotContain("MARKLEY")
        .doesNotContain("6931");
    assertThat(bench.browser.get("/messages/3").statusCode()).isEqualTo(200);
  }

  @Test
  void theListIsNarrowedAsTheCommandIs() throws Exception {
    three();

    assertThat(controlIds(page("/queries?outcome=not-found"))).containsExactly("QUERY-2");
    assertThat(controlIds(page("/queries?sender=LAB%40NORTH")))
        .containsExactly("QUERY-2", "QUERY-1");
    assertThat(controlIds(page("/queries?feed=other"))).isEmpty();
    assertThat(page("/queries?feed=other")).contains("No query is chosen by this");
    String slow = page("/queries?slower=300ms&feed=qry-a19&outcome=refused");
    assertThat(controlIds(slow)).containsExactly("QUERY-3");
    assertThat(slow).contains("./millrace queries --outcome refused --feed qry-a19 --slower 300ms");
    String since =
        bench
            .clock
            .instant()
            .minusSeconds(660)
            .atZone(ConsoleBench.ZONE)
            .toString()
            .substring(0, 16);
    String recent = page("/queries?since=" + since);
    assertThat(controlIds(recent)).containsExactly("QUERY-3", "QUERY-2");
    assertThat(recent).contains("./millrace queries --since ");
    for (String wrong : List.of("outcome=lost", "slower=soon", "since=noon", "before=x")) {
      assertThat(bench.browser.get("/queries?" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void manyAreTurnedOverAndBackAndEachIsShownOnce() throws Exception {
    int many = 2 * QueriesPage.AT_ONCE + 3;
    List<String> expected = new ArrayList<>();
    for (int i = many; i > 0; i--) {
      expected.add("QUERY-" + i);
    }
    for (int i = 1; i <= many; i++) {
      bench.answered("LAB", "QUERY-" + i, Outcome.FOUND, i);
    }
    List<String> forth = new ArrayList<>();
    List<String> pages = new ArrayList<>();
    String path = "/queries?outcome=found";
    while (!path.isEmpty() && pages.size() < 9) {
      pages.add(page(path));
      forth.addAll(controlIds(pages.get(pages.size() - 1)));
      path = turn(pages.get(pages.size() - 1), "next");
    }

    assertThat(forth).isEqualTo(expected);
    assertThat(pages).hasSize(3);
    assertThat(pages.get(1)).doesNotContain("data-live");
    String back = page(turn(pages.get(2), "prev"));
    assertThat(controlIds(back)).isEqualTo(controlIds(pages.get(1)));
    assertThat(turn(page(turn(back, "prev")), "prev")).isEmpty();
  }

  private static String turn(String page, String way) {
    Matcher link = Pattern.compile("rel=\"" + way + "\" href=\"([^\"]+)\"").matcher(page);
    return link.find() ? link.group(1).replace("&amp;", "&") : "";
  }

  @Test
  void whoWaitsNowIsShownWithSinceWhen() throws Exception {
    bench.asked(
        new EngineView.Asked(
            "QRY^A19",
            "LAB@NORTH",
            "QUERY-9",
            "qry-a19",
            "10.1.2.3:51234",
            bench.clock.instant().minusMillis(2_400)));
    assertThat(page("/queries"))
        .contains("2.4 s")
        .contains("QUERY-9")
        .contains("LAB@NORTH")
        .doesNotContain("No sender waits");
  }

  @Test
  void scriptsInNamesAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      bench.asked(
          new EngineView.Asked(payload, payload, payload, payload, payload, bench.clock.instant()));
      String page = bench.browser.page("/queries");
      assertThat(page).doesNotContain(payload).contains(Payloads.escaped(payload));
      MessagesPageTest.assertNothingRuns(page);
    }
  }
}

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
import org.millrace.guard.Role;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.SavedView;

/** Lists of messages that people name, through HTTP, on a real journal. */
final class ViewsPageTest {
  private static final String KEEP = "/messages/views/keep";

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
    bench.accept("C1");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private List<String> names() {
    return bench.journal.savedViews().all().stream().map(SavedView::name).toList();
  }

  /** Where the view of a name leads; empty if it is not on the page. */
  private static String href(String page, String name) {
    Matcher link =
        Pattern.compile("<a href=\"([^\"]+)\"[^>]*>" + Pattern.quote(name) + "[<]").matcher(page);
    return link.find() ? link.group(1).replace("&amp;", "&").replace("&#x3D;", "=") : "";
  }

  @Test
  void aListIsKeptAndOpenedAgain() throws Exception {
    String since =
        bench.clock.instant().atZone(ConsoleBench.ZONE).toLocalDateTime().withNano(0).toString();
    String list =
        "/messages?state=HELD&state=REFUSED&feed=results&reason=no-such-patient"
            + "&sender=LAB%40NORTH&since="
            + since.substring(0, 16).replace(":", "%3A");

    HttpResponse<String> kept =
        bench.browser.submit(KEEP, bench.browser.page(list), Map.of("name", "Lost patients"));

    assertThat(kept.body())
        .contains("The view is kept.", "Change the view Lost patients")
        .doesNotContain("Keep this list as a view");
    assertThat(href(kept.body(), "Lost patients")).isEqualTo(list);
    assertThat(href(bench.browser.page("/messages"), "Lost patients")).isEqualTo(list);
    assertThat(bench.browser.page(list)).doesNotContain("The view is kept.");
  }

  @Test
  void whatWasSearchedForIsInNoView() throws Exception {
    bench
        .journal
        .businessKeys()
        .lookedInto(1, "lane", List.of(new BusinessKey(BusinessKey.Kind.PATIENT, "6931778")))
        .get();
    String address =
        bench
            .browser
            .postOnly("/messages/search", Map.of("kind", "patient", "text", "6931778"))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    String page = bench.browser.page(address + "&feed=results");
    assertThat(page).contains("no view can have it").doesNotContain("action=\"" + KEEP);

    String search = address.substring(address.indexOf('=') + 1);
    HttpResponse<String> refused =
        bench.browser.post(KEEP, Map.of("name", "hers", "feed", "results", "search", search));
    assertThat(refused.body()).contains("Nothing was done: what was typed into the search box");
    assertThat(names()).isEmpty();
    bench.clock.forward(Searches.KEPT.plus(Duration.ofHours(1)));
    assertThat(bench.browser.page("/messages?search=" + search)).contains("not known any more");
  }

  @Test
  void whatCannotBeKeptIsTold() throws Exception {
    String held = "/messages?state=HELD";
    bench.browser.submit(KEEP, bench.browser.page(held), Map.of("name", "Held"));
    assertThat(bench.browser.page("/messages")).doesNotContain("action=\"" + KEEP);

    assertThat(bench.browser.post(KEEP, Map.of("name", "Held", "feed", "results")).body())
        .contains("there is another view of this name");
    assertThat(bench.browser.post(KEEP, Map.of("name", "All")).body()).contains("narrow it first");
    assertThat(bench.browser.post(KEEP, Map.of("feed", "results")).body())
        .contains("a view needs a name");
    assertThat(bench.browser.post(KEEP, Map.of("name", "Odd", "state", "GONE")).body())
        .contains("cannot be understood");
    assertThat(names()).containsExactly("Held");
  }

  @Test
  void aViewGetsAnotherNameAndIsRemoved() throws Exception {
    String held = "/messages?state=HELD";
    bench.browser.submit(KEEP, bench.browser.page(held), Map.of("name", "Held"));

    HttpResponse<String> renamed =
        bench.browser.submit(
            "/messages/views/rename", bench.browser.page(held), Map.of("name", "Stopped"));
    assertThat(renamed.body()).contains("another name", "Change the view Stopped");
    assertThat(names()).containsExactly("Stopped");

    HttpResponse<String> removed =
        bench.browser.submit("/messages/views/remove", renamed.body(), Map.of());
    assertThat(removed.body()).contains("The view is removed", "Keep this list as a view");
    assertThat(names()).isEmpty();
    assertThat(bench.browser.post("/messages/views/remove", Map.of("id", "1")).body())
        .contains("there is no such view any more");
  }

  @Test
  void eachHasTheirOwnAndOperatorsShareTheirs() throws Exception {
    Browser vera = bench.loggedIn("vera", Role.VIEWER);
    Browser otto = bench.loggedIn("otto", Role.OPERATOR);
    String held = "/messages?state=HELD";
    vera.submit(KEEP, vera.page(held), Map.of("name", "Vera's held"));
    otto.page(held);
    otto.post("/messages/shared-views/keep", Map.of("name", "For the shift", "reason", "held"));

    assertThat(href(otto.page("/messages"), "Vera&#39;s held")).isEmpty();
    String hers = vera.page("/messages");
    assertThat(href(hers, "Vera&#39;s held")).isEqualTo(held);
    assertThat(href(hers, "For the shift")).isEqualTo("/messages?reason=held");
    assertThat(vera.page("/messages?reason=held"))
        .doesNotContain("Change the view")
        .doesNotContain("shared-views");
    assertThat(otto.page("/messages?reason=held")).contains("Remove the view for all");

    assertThat(vera.postOnly("/messages/shared-views/remove", Map.of("id", "2")).statusCode())
        .isEqualTo(403);
    vera.post("/messages/views/remove", Map.of("id", "2"));
    otto.post("/messages/views/remove", Map.of("id", "1"));
    otto.post("/messages/shared-views/remove", Map.of("id", "1"));
    assertThat(names()).containsExactly("For the shift", "Vera's held");
    assertThat(otto.post("/messages/shared-views/remove", Map.of("id", "2")).body())
        .contains("The view is removed");
    assertThat(names()).containsExactly("Vera's held");
  }

  @Test
  void scriptsInNamesAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      bench.browser.get("/");
      bench.browser.postOnly(KEEP, Map.of("name", payload, "reason", payload));
    }
    assertThat(names()).containsExactlyInAnyOrderElementsOf(Payloads.ALL);
    List<String> pages = new ArrayList<>();
    pages.add(bench.browser.page("/messages"));
    for (SavedView each : bench.journal.savedViews().all()) {
      pages.add(bench.browser.page(MessageQuery.of(each, ConsoleBench.ZONE).link().text()));
    }
    for (String page : pages) {
      for (String payload : Payloads.ALL) {
        assertThat(page).as(payload).doesNotContain(payload).contains(Payloads.escaped(payload));
      }
      MessagesPageTest.assertNothingRuns(page);
    }
  }
}

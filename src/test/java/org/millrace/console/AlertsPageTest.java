package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.alert.AlertKind;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.SnoozeStore;
import org.millrace.journal.Symptom;
import org.millrace.journal.WrittenDuration;

/** What is the matter, through HTTP, on a real journal. */
final class AlertsPageTest {
  private static final Symptom HELD = new Symptom("held", "results", "HELD: 2");
  private static final Symptom DISK = new Symptom("disk", "", "12 MB left of it");
  private static final Duration FOUR_HOURS = Duration.ofHours(4);

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static int count(String page, String part) {
    return page.split(Pattern.quote(part), -1).length - 1;
  }

  /** As a browser reads it, but for what would be a mark of its own. */
  private String page(String path) throws Exception {
    return bench.browser.page(path).replace("&#x3D;", "=").replace("&#39;", "'");
  }

  private static String main(String page) {
    return page.substring(page.indexOf("<main"), page.indexOf("</main>"));
  }

  @Test
  void withoutAnAlertThePageTeachesWhatIsLookedAt() throws Exception {
    assertThat(page("/alerts"))
        .contains("No alert stands")
        .contains("every 30 seconds")
        .contains("MILLRACE_WEBHOOK_URL")
        .doesNotContain("class=\"standing\"");
  }

  @Test
  void whatStandsIsToldBeforeWhatHasEndedWithWhatToDo() throws Exception {
    bench.alerts(Duration.ofMinutes(3), DISK, HELD);
    bench.alerts(Duration.ZERO, HELD);

    String page = page("/alerts");

    assertThat(main(page)).containsSubsequence("HELD: 2", "12 MB left of it");
    assertThat(page)
        .contains("Messages are held")
        .contains("feed results")
        .contains("the disk of the journal")
        .contains("for 3 min")
        .contains("To do: read why and mend it")
        .contains("<code>docs/alerts.md</code>, section <code>held</code>")
        .contains("href=\"/messages?state=HELD&amp;feed=results\"")
        .contains("./millrace messages list --state HELD --feed results")
        .contains("<b class=\"standing\">1</b>")
        // What ended is no work any more.
        .doesNotContain("make room on the disk")
        .contains("datetime=\"" + bench.clock.instant().toString().substring(0, 19));
    assertThat(page("/")).contains("<b class=\"standing\">1</b>");
  }

  @Test
  void theListIsNarrowedByStateAndKindAsTheCommandIs() throws Exception {
    bench.alerts(Duration.ofMinutes(3), DISK, HELD);
    bench.alerts(Duration.ZERO, HELD);

    assertThat(page("/alerts?state=open"))
        .contains("HELD: 2")
        .doesNotContain("12 MB left of it")
        .contains("./millrace alerts --state open");
    assertThat(page("/alerts?state=ended&kind=disk"))
        .contains("12 MB left of it")
        .doesNotContain("HELD: 2")
        .contains("./millrace alerts --state ended --kind disk");
    assertThat(page("/alerts?kind=silence")).contains("No alert is chosen by this");
    for (String wrong : List.of("state=closed", "kind=nonsense", "before=12", "after=x-1")) {
      assertThat(bench.browser.get("/alerts?" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void manyThatEndedAreTurnedOverAndBackAndEachIsShownOnce() throws Exception {
    int many = 2 * AlertsPage.AT_ONCE + 7;
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      // Some end at the same moment.
      bench.alerts(Duration.ofSeconds(i % 3), new Symptom("held", "feed" + i, "number=" + i + ";"));
      expected.add("number=" + i + ";");
    }
    bench.alerts(Duration.ZERO, HELD);
    List<String> forth = new ArrayList<>();
    String path = "/alerts";
    List<String> pages = new ArrayList<>();
    while (!path.isEmpty() && pages.size() < 9) {
      pages.add(page(path));
      forth.addAll(numbers(pages.get(pages.size() - 1)));
      path = turn(pages.get(pages.size() - 1), "next");
    }

    assertThat(pages).hasSize(3);
    assertThat(forth).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(pages.get(0)).contains("HELD: 2").contains("data-live");
    assertThat(pages.get(1)).doesNotContain("HELD: 2").doesNotContain("data-live");
    String back = page(turn(pages.get(2), "prev"));
    assertThat(numbers(back)).isEqualTo(numbers(pages.get(1)));
  }

  private static List<String> numbers(String page) {
    return Pattern.compile("number=[0-9]+;").matcher(page).results().map(r -> r.group()).toList();
  }

  private static String turn(String page, String way) {
    Matcher link = Pattern.compile("rel=\"" + way + "\" href=\"([^\"]+)\"").matcher(page);
    return link.find() ? link.group(1).replace("&amp;", "&") : "";
  }

  @Test
  void everyKindIsToldInWordsAndHasItsPartOfTheRunBook() throws Exception {
    String runBook = java.nio.file.Files.readString(Path.of("docs/alerts.md"));
    for (AlertKind kind : AlertKind.values()) {
      bench.alerts(Duration.ZERO, new Symptom(kind.label(), "results", "It is so."));
      String page = page("/alerts?state=open&kind=" + kind.label());
      assertThat(count(page, "<tr data-row")).isEqualTo(1);
      assertThat(page).contains("section <code>" + kind.label() + "</code>").contains("To do: ");
      assertThat(runBook).contains("\n## " + kind.label() + "\n");
    }
  }

  @Test
  void whereWhatItIsAboutCanBeSeenIsAListOfThatFeedOrTheHealthPage() throws Exception {
    bench.alerts(
        Duration.ofHours(2),
        new Symptom("queue-age", "results", "waiting: 2"),
        new Symptom("outcome-unknown", "results", "HELD: 1"),
        new Symptom("refused-share", "results", "9 of the 10"),
        new Symptom("silence", "notes", "no message"),
        new Symptom("cerner-paused", "north: Encounter.read", "not asked"));

    String page = page("/alerts");

    assertThat(page)
        .contains("/messages?state=QUEUED&amp;state=RETRYING&amp;state=SENDING&amp;feed=results")
        .contains("/messages?feed=results&amp;reason=outcome-unknown")
        .contains("/messages?state=REFUSED&amp;feed=results&amp;since=")
        .contains("\"/messages?feed=notes\"")
        .contains("what needs Encounter.read, tenant north")
        .contains("\"/health\">The way to Cerner");
    Matcher sights = Pattern.compile("href=\"(/messages\\?[^\"]+)\"").matcher(main(page));
    while (sights.find()) {
      String path = sights.group(1).replace("&amp;", "&");
      assertThat(bench.browser.get(path).statusCode()).as(path).isEqualTo(200);
    }
    // Of what is over only that is shown which its time tells from other messages.
    bench.alerts(Duration.ZERO);
    assertThat(main(page("/alerts")))
        .contains("/messages?state=REFUSED&amp;feed=results&amp;since=")
        .contains("&amp;until=")
        .doesNotContain("/messages?feed=notes")
        .doesNotContain("/messages?state=QUEUED");
  }

  @Test
  void aKindOfAnotherVersionIsShownAsItWasWritten() throws Exception {
    bench.alerts(Duration.ZERO, new Symptom("flood", "cellar", "It rises."));
    assertThat(page("/alerts"))
        .contains("<code>flood</code>")
        .contains("cellar")
        .contains("It rises.");
  }

  @Test
  void scriptsInSubjectsAndSentencesAreShownAsText() throws Exception {
    for (String payload : Payloads.ALL) {
      bench.alerts(Duration.ZERO, new Symptom("held", payload, payload));
      String page = bench.browser.page("/alerts");
      assertThat(page).doesNotContain(payload).contains(Payloads.escaped(payload));
      MessagesPageTest.assertNothingRuns(page);
    }
  }

  @Test
  void anAlertIsSnoozedWithAReasonAndWoken() throws Exception {
    bench.alerts(Duration.ofMinutes(3), DISK, HELD);
    long held = bench.journal.alerts().open().get(1).id();
    assertThat(page("/health")).contains("<b class=\"standing\">2</b>");
    Map<String, String> form = new HashMap<>(Map.of("alert", "" + held, "time", "4h"));
    assertThat(bench.browser.post("/alerts/snooze", form).body())
        .contains("Nothing was done: say why");

    form.put("why", "the lab <moves>");
    String page = bench.browser.post("/alerts/snooze", form).body();

    assertThat(page)
        .contains("Snoozed until ")
        .contains("by console: the lab &lt;moves&gt;")
        .contains(">Wake</button>")
        .contains("<b class=\"standing\">1</b>");
    assertThat(bench.journal.snoozes().inForce())
        .singleElement()
        .satisfies(
            each -> assertThat(Duration.between(each.since(), each.until())).isEqualTo(FOUR_HOURS));
    assertThat(bench.trail("console", "snooze"))
        .singleElement()
        .satisfies(event -> assertThat(event.subject()).isEqualTo("alert held of results"));

    assertThat(bench.browser.post("/alerts/wake", Map.of("alert", "" + held)).body())
        .contains("Snoozed no more")
        .doesNotContain("Snoozed until")
        .contains("<b class=\"standing\">2</b>");
    assertThat(bench.browser.post("/alerts/wake", Map.of("alert", "" + held)).statusCode())
        .isEqualTo(409);
  }

  @Test
  void aSnoozeOfWhatHasEndedIsSeenAndWoken() throws Exception {
    bench.alerts(Duration.ofMinutes(3), DISK, HELD);
    long held = bench.journal.alerts().open().get(1).id();
    Map<String, String> form = Map.of("alert", "" + held, "time", "7d", "why", "the lab moves");
    bench.browser.post("/alerts/snooze", form);
    bench.alerts(Duration.ZERO, DISK);

    assertThat(page("/alerts?state=ended")).contains("by console: the lab moves", ">Wake<");
    // Also where it is not in the list.
    assertThat(page("/alerts?state=open"))
        .contains("Snoozed, and not in this list", "feed results", "by console: the lab moves");
    assertThat(bench.browser.post("/alerts/wake", Map.of("alert", "" + held)).body())
        .contains("Snoozed no more")
        .doesNotContain("Snoozed until");
  }

  @Test
  void whatCannotBeSnoozedIsToldAndChangesNothing() throws Exception {
    bench.alerts(Duration.ZERO, HELD);
    for (String alert : List.of("99", "", "-1", "x", "1".repeat(40))) {
      HttpResponse<String> answer =
          bench.browser.post(
              "/alerts/snooze", Map.of("alert", alert, "time", "4h", "why", "the lab moves"));
      assertThat(answer.statusCode()).as(alert).isEqualTo(409);
      assertThat(answer.body()).contains("no such alert stands any more");
    }
    long held = bench.journal.alerts().open().get(0).id();
    for (String time : List.of("", "soon", "1s", "40d")) {
      HttpResponse<String> answer =
          bench.browser.post(
              "/alerts/snooze", Map.of("alert", "" + held, "time", time, "why", "the lab moves"));
      assertThat(answer.statusCode()).as(time).isEqualTo(409);
      assertThat(answer.body()).contains("Nothing was done: the time is ");
    }
    assertThat(bench.journal.snoozes().inForce()).isEmpty();
  }

  @Test
  void whoMayNotOperateSeesWhatIsSnoozedAndNoButton() throws Exception {
    bench.alerts(Duration.ZERO, HELD);
    long held = bench.journal.alerts().open().get(0).id();
    Browser viewer = bench.loggedIn("vera", Role.VIEWER);
    assertThat(viewer.page("/alerts")).doesNotContain("/alerts/snooze");
    bench
        .journal
        .snoozes()
        .snooze(held, FOUR_HOURS, AuditEvent.Actor.user("ana"), "the lab moves")
        .get();

    assertThat(viewer.page("/alerts"))
        .contains(" by ana: the lab moves")
        .doesNotContain("/alerts/wake");
  }

  @Test
  void whatThePageOffersIsATimeThatTheJournalTakes() {
    for (AlertsPage.Time time : AlertsPage.TIMES) {
      assertThat(WrittenDuration.read(time.value(), SnoozeStore.SHORTEST, SnoozeStore.LONGEST))
          .as(time.name())
          .isPositive();
    }
  }

  @Test
  void whoMayNotLookIsToldNoNumberOfAlerts() throws Exception {
    bench.alerts(Duration.ZERO, HELD);
    bench.account("ana", Role.ADMIN);
    assertThat(bench.browser.page("/log-in")).doesNotContain("class=\"standing\"");
    bench.browser.logIn("ana", ConsoleBench.PASSWORD);
    assertThat(bench.browser.page("/health")).contains("<b class=\"standing\">1</b>");
  }
}

package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.millrace.alert.AlertKind;
import org.millrace.journal.Alert;
import org.millrace.journal.AlertFilter;
import org.millrace.journal.AlertListing;
import org.millrace.journal.Snooze;

/**
 * What is the matter now, and what was: by the list that {@code ./millrace alerts} prints; and what
 * nobody wants to be told of for a while.
 */
final class AlertsPage {
  static final int AT_ONCE = 50;

  static final List<Time> TIMES =
      List.of(
          new Time("1h", "1 hour"),
          new Time("4h", "4 hours"),
          new Time("12h", "12 hours"),
          new Time("1d", "1 day"),
          new Time("3d", "3 days"),
          new Time("7d", "7 days"));

  private static final String RUN_BOOK = "docs/alerts.md";

  private final ConsoleSources sources;
  private final Layout layout;
  private final Tellings tellings;

  AlertsPage(ConsoleSources sources, Layout layout, Tellings tellings) {
    this.sources = sources;
    this.layout = layout;
    this.tellings = tellings;
  }

  /**
   * For how long an alert may be snoozed by the page.
   *
   * @param value as the command takes it
   */
  record Time(String value, String name) {}

  /**
   * That nobody is told of an alert.
   *
   * @param words of who snoozed it
   */
  record Asleep(Moment until, String who, String words) {}

  /**
   * An alert.
   *
   * @param kind the published word, which is also its heading in the run book
   * @param title what is the matter, in words
   * @param target of what, in words
   * @param until empty as long as it stands
   * @param length how long it has stood, or stood
   * @param remedy what a person does first; empty once it has ended
   * @param runBook the file that says more; empty for a kind of another version
   * @param asleep until when nobody is told of it, or, if it has ended, of the next one of its
   *     kind; empty if it is not snoozed
   */
  record Row(
      long number,
      Mark mark,
      String kind,
      String title,
      String target,
      Moment since,
      Optional<Moment> until,
      String length,
      String sentence,
      String remedy,
      String runBook,
      Optional<AlertSight> sight,
      Optional<Asleep> asleep) {
    boolean stands() {
      return until.isEmpty();
    }
  }

  /**
   * A snooze whose alert is not on the page.
   *
   * @param number of the last alert that it is of, which may have ended
   */
  record Idle(long number, String title, String target, Asleep asleep) {}

  /** The page. */
  record Model(
      List<MessagesPage.View> views,
      AlertQuery query,
      List<FilterChoices.Choice> kinds,
      List<Row> rows,
      Optional<String> newer,
      Optional<String> older,
      boolean narrowed,
      List<Time> times,
      List<Idle> idle,
      Optional<MessageVerbs.Told> told) {
    boolean hasIdle() {
      return !idle.isEmpty();
    }

    boolean hasRows() {
      return !rows.isEmpty();
    }

    /** Nothing is listed, and no fault says why. */
    boolean nothing() {
      return rows.isEmpty() && query.faults().isEmpty();
    }
  }

  Answer show(Request request) {
    return show(request, tellings.take(request.session(), "/alerts"));
  }

  /** Snoozes an alert, or ends that, and shows the list with what came of it. */
  Answer snooze(Request request, boolean snooze) throws InterruptedException {
    SnoozeVerbs verbs = new SnoozeVerbs(sources);
    MessageVerbs.Told told = snooze ? verbs.snooze(request) : verbs.wake(request);
    if (!told.done()) {
      return show(request, Optional.of(told));
    }
    tellings.keep(request.session(), "/alerts", told);
    return Answer.seeOther(Link.to("/alerts"));
  }

  private Answer show(Request request, Optional<MessageVerbs.Told> told) {
    AlertQuery query = AlertQuery.read(request.query());
    boolean clear = query.faults().isEmpty();
    AlertListing found =
        clear
            ? sources.journal().alerts().list(query.filter(AT_ONCE))
            : new AlertListing(List.of(), List.of(), Optional.empty(), Optional.empty());
    Link same = query.link();
    List<Snooze> snoozes = sources.journal().snoozes().inForce();
    Model model =
        new Model(
            views(query),
            query,
            kinds(query),
            found.all().stream().map(each -> row(each, snoozes)).toList(),
            found.newer().map(place -> same.with("after", place.text()).text()),
            found.older().map(place -> same.with("before", place.text()).text()),
            !query.first() || !same.text().equals("/alerts"),
            TIMES,
            idle(found, snoozes),
            told);
    Head head = Head.of("Alerts", "Alerts").with(query.command());
    return layout.page(
        request, status(clear, told), query.first() ? head.following() : head, "alerts", model);
  }

  /** Whoever does not see that something is snoozed would wait for a notice of it in vain. */
  private List<Idle> idle(AlertListing found, List<Snooze> snoozes) {
    return snoozes.stream()
        .filter(each -> found.all().stream().noneMatch(each::of))
        .map(
            each ->
                new Idle(
                    each.alert(),
                    title(each.kind()),
                    target(each.kind(), each.subject()),
                    asleep(each)))
        .toList();
  }

  private Asleep asleep(Snooze snooze) {
    return new Asleep(sources.moment(snooze.until()), snooze.who(), snooze.why());
  }

  private static String title(String kind) {
    return AlertKind.of(kind).map(AlertKind::title).orElse(kind);
  }

  private static String target(String kind, String subject) {
    return AlertKind.of(kind).map(each -> each.target(subject)).orElse(subject);
  }

  private static int status(boolean clear, Optional<MessageVerbs.Told> told) {
    if (!clear) {
      return 400;
    }
    return told.map(MessageVerbs.Told::done).orElse(true) ? 200 : 409;
  }

  private static List<MessagesPage.View> views(AlertQuery query) {
    return List.of(
        view("All", Optional.empty(), query),
        view("Standing", Optional.of(AlertFilter.Standing.OPEN), query),
        view("Ended", Optional.of(AlertFilter.Standing.ENDED), query));
  }

  private static MessagesPage.View view(
      String name, Optional<AlertFilter.Standing> standing, AlertQuery query) {
    Link link =
        new AlertQuery(standing, query.kind(), Optional.empty(), Optional.empty(), List.of())
            .link();
    return new MessagesPage.View(name, link.text(), standing.equals(query.standing()));
  }

  private static List<FilterChoices.Choice> kinds(AlertQuery query) {
    return Arrays.stream(AlertKind.values())
        .map(
            each ->
                new FilterChoices.Choice(
                    each.label(), each.title(), Optional.of(each).equals(query.kind())))
        .toList();
  }

  private Row row(Alert alert, List<Snooze> snoozes) {
    Optional<AlertKind> kind = AlertKind.of(alert.kind());
    boolean ended = alert.ended().isPresent();
    Optional<Asleep> asleep =
        snoozes.stream().filter(each -> each.of(alert)).findFirst().map(this::asleep);
    Instant until = alert.ended().orElse(sources.clock().instant());
    return new Row(
        alert.id(),
        ended ? new Mark("ended", Mark.Tone.QUIET) : standing(asleep),
        alert.kind(),
        title(alert.kind()),
        target(alert.kind(), alert.subject()),
        sources.moment(alert.started()),
        alert.ended().map(sources::moment),
        Moment.length(Duration.between(alert.started(), until)),
        alert.sentence(),
        ended ? "" : kind.map(AlertKind::remedy).orElse(""),
        kind.isPresent() ? RUN_BOOK : "",
        AlertSight.of(alert, sources.zone()),
        asleep);
  }

  private static Mark standing(Optional<Asleep> asleep) {
    return asleep.isPresent()
        ? new Mark("snoozed", Mark.Tone.PAUSED)
        : new Mark("stands", Mark.Tone.BAD);
  }
}

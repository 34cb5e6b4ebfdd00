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

/** What is the matter now, and what was: by the list that {@code ./millrace alerts} prints. */
final class AlertsPage {
  static final int AT_ONCE = 50;

  private static final String RUN_BOOK = "docs/alerts.md";

  private final ConsoleSources sources;
  private final Layout layout;

  AlertsPage(ConsoleSources sources, Layout layout) {
    this.sources = sources;
    this.layout = layout;
  }

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
      Optional<AlertSight> sight) {}

  /** The page. */
  record Model(
      List<MessagesPage.View> views,
      AlertQuery query,
      List<FilterChoices.Choice> kinds,
      List<Row> rows,
      Optional<String> newer,
      Optional<String> older,
      boolean narrowed) {
    boolean hasRows() {
      return !rows.isEmpty();
    }

    /** Nothing is listed, and no fault says why. */
    boolean nothing() {
      return rows.isEmpty() && query.faults().isEmpty();
    }
  }

  Answer show(Request request) {
    AlertQuery query = AlertQuery.read(request.query());
    boolean clear = query.faults().isEmpty();
    AlertListing found =
        clear
            ? sources.journal().alerts().list(query.filter(AT_ONCE))
            : new AlertListing(List.of(), List.of(), Optional.empty(), Optional.empty());
    Link same = query.link();
    Model model =
        new Model(
            views(query),
            query,
            kinds(query),
            found.all().stream().map(this::row).toList(),
            found.newer().map(place -> same.with("after", place.text()).text()),
            found.older().map(place -> same.with("before", place.text()).text()),
            !query.first() || !same.text().equals("/alerts"));
    Head head = Head.of("Alerts", "Alerts").with(query.command());
    return layout.page(
        request, clear ? 200 : 400, query.first() ? head.following() : head, "alerts", model);
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

  private Row row(Alert alert) {
    Optional<AlertKind> kind = AlertKind.of(alert.kind());
    boolean ended = alert.ended().isPresent();
    Instant until = alert.ended().orElse(sources.clock().instant());
    return new Row(
        alert.id(),
        ended ? new Mark("ended", Mark.Tone.QUIET) : new Mark("stands", Mark.Tone.BAD),
        alert.kind(),
        kind.map(AlertKind::title).orElse(alert.kind()),
        kind.map(each -> each.target(alert.subject())).orElse(alert.subject()),
        sources.moment(alert.started()),
        alert.ended().map(sources::moment),
        Moment.length(Duration.between(alert.started(), until)),
        alert.sentence(),
        ended ? "" : kind.map(AlertKind::remedy).orElse(""),
        kind.isPresent() ? RUN_BOOK : "",
        AlertSight.of(alert, sources.zone()));
  }
}

package org.millrace.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.journal.AnsweredQuery;
import org.millrace.journal.Printable;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.QueryFilter;
import org.millrace.journal.QueryStore;

/**
 * The queries that are being answered, and those that were: by the list that {@code ./millrace
 * queries} prints. Who was asked for stands in the message alone.
 */
final class QueriesPage {
  static final int AT_ONCE = 50;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ConsoleSources sources;
  private final Layout layout;

  QueriesPage(ConsoleSources sources, Layout layout) {
    this.sources = sources;
    this.layout = layout;
  }

  /**
   * A query that was answered.
   *
   * @param took empty if it was not kept then
   * @param told MSA-1 and QAK-2 of the answer
   * @param refusal what its sender was told; empty if it was answered
   */
  record Row(
      long number,
      String href,
      Moment at,
      Mark mark,
      String took,
      String told,
      boolean more,
      String type,
      String sender,
      String peer,
      String controlId,
      String feed,
      String refusal) {}

  /** A query whose sender waits, and for how long. */
  record Waiting(
      String length, String type, String sender, String peer, String controlId, String feed) {}

  /** The page. */
  record Model(
      List<Waiting> waiting,
      List<MessagesPage.View> views,
      QueryChoice query,
      List<FilterChoices.Choice> outcomes,
      List<Row> rows,
      Optional<String> newer,
      Optional<String> older,
      boolean narrowed) {
    boolean hasWaiting() {
      return !waiting.isEmpty();
    }

    boolean hasRows() {
      return !rows.isEmpty();
    }

    /** Nothing is listed, and no fault says why. */
    boolean nothing() {
      return rows.isEmpty() && query.faults().isEmpty();
    }
  }

  /** Some queries, newest first, and whether there are newer and older ones. */
  private record Found(List<AnsweredQuery> queries, boolean newer, boolean older) {
    static final Found NONE = new Found(List.of(), false, false);
  }

  Answer show(Request request) {
    QueryChoice query = QueryChoice.read(request.query());
    boolean clear = query.faults().isEmpty();
    Found found = clear ? find(query) : Found.NONE;
    List<Row> rows = found.queries().stream().map(this::row).toList();
    Link same = query.link();
    Model model =
        new Model(
            sources.engine().asked().stream().map(this::waiting).toList(),
            views(query),
            query,
            outcomes(query),
            rows,
            found.newer() && !rows.isEmpty()
                ? Optional.of(same.with("after", Long.toString(rows.get(0).number())).text())
                : Optional.empty(),
            found.older() && !rows.isEmpty()
                ? Optional.of(
                    same.with("before", Long.toString(rows.get(rows.size() - 1).number())).text())
                : Optional.empty(),
            !query.first() || !same.text().equals("/queries"));
    Head head = Head.of("Queries", "Queries").with(query.command(sources.zone()));
    return layout.page(
        request, clear ? 200 : 400, query.first() ? head.following() : head, "queries", model);
  }

  private Found find(QueryChoice query) {
    QueryStore queries = sources.journal().queries();
    QueryFilter filter = query.filter(sources.zone(), AT_ONCE + 1);
    long after = query.messages().after();
    if (after > 0) {
      List<AnsweredQuery> above = queries.above(after, filter);
      List<AnsweredQuery> shown =
          new ArrayList<>(above.subList(0, Math.min(AT_ONCE, above.size())));
      Collections.reverse(shown);
      return new Found(shown, above.size() > AT_ONCE, true);
    }
    long before = query.messages().before();
    List<AnsweredQuery> below = before > 0 ? queries.below(before, filter) : queries.list(filter);
    return new Found(
        below.subList(0, Math.min(AT_ONCE, below.size())), before > 0, below.size() > AT_ONCE);
  }

  private static List<MessagesPage.View> views(QueryChoice query) {
    Link all = Link.to("/queries");
    String here = query.link().text();
    return List.of(
            new MessagesPage.View("All", all.text(), false),
            new MessagesPage.View("Found", all.with("outcome", "found").text(), false),
            new MessagesPage.View("Not found", all.with("outcome", "not-found").text(), false),
            new MessagesPage.View("Refused", all.with("outcome", "refused").text(), false),
            new MessagesPage.View("Slow", all.with("slower", "2s").text(), false))
        .stream()
        .map(each -> new MessagesPage.View(each.name(), each.href(), each.href().equals(here)))
        .toList();
  }

  private static List<FilterChoices.Choice> outcomes(QueryChoice query) {
    return Arrays.stream(QueryAnswer.Outcome.values())
        .map(
            each ->
                new FilterChoices.Choice(
                    each.word(), words(each), Optional.of(each).equals(query.outcome())))
        .toList();
  }

  private static String words(QueryAnswer.Outcome outcome) {
    return outcome.word().replace('-', ' ');
  }

  private Waiting waiting(EngineView.Asked asked) {
    return new Waiting(
        length(Duration.between(asked.since(), sources.clock().instant())),
        Printable.of(asked.type()),
        Printable.of(asked.sender()),
        asked.peer(),
        Printable.of(asked.controlId()),
        asked.feed());
  }

  private Row row(AnsweredQuery each) {
    QueryAnswer answer = each.answer();
    return new Row(
        each.id(),
        "/messages/" + each.id(),
        sources.moment(each.receivedAt()),
        new Mark(words(answer.outcome()), tone(answer.outcome())),
        answer.took().map(QueriesPage::length).orElse(""),
        (Printable.of(answer.acknowledgment()) + " " + Printable.of(answer.status())).strip(),
        answer.more(),
        Printable.of(each.type()),
        Printable.of(each.sender()),
        each.peer(),
        Printable.of(each.controlId()),
        each.feed(),
        each.reason().sentence());
  }

  private static Mark.Tone tone(QueryAnswer.Outcome outcome) {
    return switch (outcome) {
      case FOUND, ANSWERED -> Mark.Tone.GOOD;
      case NOT_FOUND -> Mark.Tone.QUIET;
      case REFUSED -> Mark.Tone.BAD;
    };
  }

  /** Answers take moments: {@code 340 ms}, {@code 2.4 s}. */
  private static String length(Duration time) {
    return time.compareTo(SECOND) < 0
        ? Math.max(0, time.toMillis()) + " ms"
        : String.format(Locale.ROOT, "%,.1f s", time.toMillis() / 1000.0);
  }
}

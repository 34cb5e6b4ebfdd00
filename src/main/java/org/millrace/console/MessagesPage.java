package org.millrace.console;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Printable;

/** The list of messages: the search box, filters, and a line for each message. */
final class MessagesPage {
  private static final int AT_ONCE = 50;

  private final ConsoleSources sources;
  private final Layout layout;
  private final Searches searches;
  private final Tellings tellings;
  private final Rows rows;

  MessagesPage(ConsoleSources sources, Layout layout, Searches searches, Tellings tellings) {
    this.sources = sources;
    this.layout = layout;
    this.searches = searches;
    this.tellings = tellings;
    this.rows = new Rows(sources);
  }

  /** A message in the list. */
  record Row(
      long number,
      String href,
      Moment received,
      Mark mark,
      String type,
      String sender,
      String controlId,
      String feed,
      String reason,
      String sentence,
      String next) {}

  /** Makes the lines of messages. */
  record Rows(ConsoleSources sources) {
    Row of(MessageSummary each) {
      boolean again = each.state() == MessageState.RETRYING;
      boolean due = again && each.nextTryAt().isAfter(sources.clock().instant());
      return new Row(
          each.id(),
          "/messages/" + each.id(),
          sources.moment(each.receivedAt()),
          Mark.of(each.state()),
          Printable.of(each.type()),
          Printable.of(each.sender()),
          Printable.of(each.controlId()),
          each.feed(),
          each.reason().code(),
          each.reason().sentence(),
          due
              ? "again in "
                  + Moment.length(Duration.between(sources.clock().instant(), each.nextTryAt()))
              : "");
    }
  }

  /** A list that is looked at often. */
  record View(String name, String href, boolean here) {}

  /**
   * The whole page.
   *
   * @param told what came of a view that was kept or changed
   * @param saved what people have named
   * @param searched what is searched for, in words and without the number
   * @param forgotten the search that the address names is not known any more
   * @param numbered a message whose own number was typed
   */
  record Model(
      MessageQuery query,
      Optional<MessageVerbs.Told> told,
      List<View> views,
      List<ViewsPage.Saved> saved,
      FilterChoices choices,
      List<Row> rows,
      String searched,
      String unsearched,
      boolean forgotten,
      Optional<Row> numbered,
      Optional<String> newer,
      Optional<String> older,
      boolean narrowed,
      boolean empty) {

    /** Where what is listed is run dry. */
    String replayHref() {
      Link all = query.link("/replay").with("most", "50");
      return all.with("before", query.before() == 0 ? "" : Long.toString(query.before())).text();
    }

    boolean hasRows() {
      return !rows.isEmpty();
    }

    boolean hasSaved() {
      return !saved.isEmpty();
    }

    /** The view that is shown. */
    Optional<ViewsPage.Saved> open() {
      return saved.stream().filter(ViewsPage.Saved::here).findFirst();
    }

    /** Whether there is something to give a name to. */
    boolean nameable() {
      return narrowed && query.faults().isEmpty();
    }

    /** Nothing is listed, and no fault or forgotten search says why. */
    boolean nothing() {
      return rows.isEmpty() && !forgotten && query.faults().isEmpty();
    }
  }

  Answer search(Request request) {
    SearchKind kind = SearchKind.of(request.form().text("kind"));
    String text = request.form().text("text");
    if (text.isEmpty()) {
      return Answer.seeOther(Link.to("/messages"));
    }
    String id = searches.keep(request.session(), new Searches.Search(kind, text));
    return Answer.seeOther(Link.to("/messages").with("search", id));
  }

  Answer show(Request request) {
    MessageQuery query = MessageQuery.read(request.query());
    Optional<Searches.Search> search = searches.find(request.session(), query.search());
    boolean forgotten = !query.search().isEmpty() && search.isEmpty();
    FoundMessages found =
        forgotten || !query.faults().isEmpty()
            ? new FoundMessages(List.of(), false, false)
            : find(query, search);
    Model model = model(request, query, search, found, forgotten);
    Head head =
        Head.of("Messages", "Messages")
            .with(query.command(sources.zone(), search.map(MessagesPage::option).orElse("")));
    return layout.page(
        request,
        query.faults().isEmpty() ? 200 : 400,
        query.before() == 0 && query.after() == 0 ? head.following() : head,
        "messages",
        model);
  }

  private FoundMessages find(MessageQuery query, Optional<Searches.Search> search) {
    MessageFilter filter = query.filter(sources.zone());
    return FoundMessages.find(
        sources.journal(),
        search.map(each -> FoundMessages.having(each, filter)).orElse(List.of(filter)),
        query.before(),
        query.after(),
        AT_ONCE);
  }

  private static String option(Searches.Search search) {
    SearchKind kind = search.kind() == SearchKind.ANY ? SearchKind.PATIENT : search.kind();
    return " --" + kind.word() + " NUMBER";
  }

  private Model model(
      Request request,
      MessageQuery query,
      Optional<Searches.Search> search,
      FoundMessages found,
      boolean forgotten) {
    List<Row> lines = found.messages().stream().map(rows::of).toList();
    Link same = query.link();
    return new Model(
        query,
        tellings.take(request.session(), ViewsPage.MESSAGES),
        views(query),
        ViewsPage.saved(request.person(), query, sources),
        FilterChoices.of(query, sources.journal()),
        lines,
        search.map(each -> each.kind().title()).orElse(""),
        without(query),
        forgotten,
        search.flatMap(this::numbered),
        found.newer() && !lines.isEmpty()
            ? Optional.of(same.with("after", Long.toString(lines.get(0).number())).text())
            : Optional.empty(),
        found.older() && !lines.isEmpty()
            ? Optional.of(
                same.with("before", Long.toString(lines.get(lines.size() - 1).number())).text())
            : Optional.empty(),
        query.narrows(),
        sources.journal().listing().list(MessageFilter.any().atMost(1)).isEmpty());
  }

  private static String without(MessageQuery query) {
    return new MessageQuery(
            query.states(),
            query.feed(),
            query.reason(),
            query.sender(),
            query.since(),
            query.until(),
            "",
            0,
            0,
            List.of())
        .link()
        .text();
  }

  /** Somebody who types 12 may mean message 12. */
  private Optional<Row> numbered(Searches.Search search) {
    return search.kind() == SearchKind.ANY && search.text().matches("[0-9]{1,18}")
        ? sources.journal().listing().find(Long.parseLong(search.text())).map(rows::of)
        : Optional.empty();
  }

  private static List<View> views(MessageQuery query) {
    Link all = Link.to("/messages");
    String here = query.link().text();
    return List.of(
            new View("All", all.text(), false),
            new View(
                "For a person", all.with("state", "HELD").with("state", "REFUSED").text(), false),
            new View("Outcome unknown", all.with("reason", "outcome-unknown").text(), false),
            new View(
                "Under way",
                all.withAll("state", List.of("QUEUED", "RETRYING", "SENDING")).text(),
                false),
            new View("Delivered", all.with("state", "DELIVERED").text(), false))
        .stream()
        .map(each -> new View(each.name(), each.href(), each.href().equals(here)))
        .toList();
  }
}

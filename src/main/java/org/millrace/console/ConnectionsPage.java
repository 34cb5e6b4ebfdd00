package org.millrace.console;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalException;
import org.millrace.mllp.ConnectionView;
import org.millrace.mllp.ListenerView;

/**
 * Who is connected to the listeners of MLLP, and who was lately: as this engine knows it, since the
 * journal knows nothing of connections.
 */
final class ConnectionsPage {
  /** Of a listener's open ones; a page of thousands could not be read. */
  static final int AT_ONCE = 200;

  private static final String PATH = "/connections";

  private final ConsoleSources sources;
  private final Layout layout;
  private final Tellings tellings;

  ConnectionsPage(ConsoleSources sources, Layout layout, Tellings tellings) {
    this.sources = sources;
    this.layout = layout;
    this.tellings = tellings;
  }

  /**
   * A connection.
   *
   * @param length of time that it has been open, or was
   * @param ended how, and how long ago; empty while it is open
   * @param tls its version; empty in plain text
   * @param certificate the client's name; empty if it showed none
   * @param last how long ago its last frame came; empty if none did
   * @param refusal the last, in words; empty if there was none
   * @param mayDrop whether it is open, and nobody has dropped it
   */
  record Row(
      long number,
      Mark mark,
      String peer,
      String length,
      String ended,
      String tls,
      String certificate,
      String last,
      String frames,
      String answers,
      String refused,
      String junk,
      Optional<ConnectionView.Sender> sender,
      String refusal,
      boolean mayDrop) {}

  /**
   * A listener.
   *
   * @param open how many connections it has
   * @param more how many of them are not shown; empty if all are
   */
  record Listener(
      String route,
      int port,
      boolean tls,
      String ways,
      String open,
      String most,
      String more,
      List<Row> rows) {
    boolean hasRows() {
      return !rows.isEmpty();
    }
  }

  /**
   * The page.
   *
   * @param address the beginning of the addresses that are asked for; empty for all
   */
  record Model(String address, List<Listener> listeners, Optional<MessageVerbs.Told> told) {
    boolean narrowed() {
      return !address.isEmpty();
    }
  }

  Answer show(Request request) {
    return show(request, request.query().text("address"), tellings.take(request.session(), PATH));
  }

  /** Ends a connection, which goes on record first, and shows the page with what came of it. */
  Answer drop(Request request) throws InterruptedException {
    String address = request.form().text("address");
    MessageVerbs.Told told = dropped(request);
    if (!told.done()) {
      return show(request, address, Optional.of(told));
    }
    tellings.keep(request.session(), PATH, told);
    return Answer.seeOther(Link.to(PATH).with("address", address));
  }

  private MessageVerbs.Told dropped(Request request) throws InterruptedException {
    String why = request.form().text("why");
    String asked = request.form().text("connection");
    if (why.isEmpty()) {
      return new MessageVerbs.Told(
          false, "Nothing was done: say why; it is kept in the audit trail.");
    }
    for (ListenerView listener : sources.engine().listeners()) {
      for (ConnectionView each : listener.open()) {
        if (asked.equals(String.valueOf(each.number()))) {
          return dropped(request, listener, each, why);
        }
      }
    }
    return new MessageVerbs.Told(false, "Nothing was done: that connection has ended already.");
  }

  private MessageVerbs.Told dropped(
      Request request, ListenerView listener, ConnectionView connection, String why)
      throws InterruptedException {
    try {
      sources
          .journal()
          .audit()
          .recordNow(
              AuditEvent.of(
                  sources.clock().instant(),
                  "drop",
                  request.person().actor(),
                  "connection of " + connection.peer() + " to port " + listener.port(),
                  Map.of("why", why)))
          .get();
    } catch (ExecutionException e) {
      throw new JournalException("the drop could not be put on record", e);
    }
    return sources.engine().drop(connection.number())
        ? new MessageVerbs.Told(
            true,
            "The connection of "
                + connection.peer()
                + " ends, once what it has in work is answered. Its sender may connect again.")
        : new MessageVerbs.Told(false, "That connection had ended already.");
  }

  private Answer show(Request request, String address, Optional<MessageVerbs.Told> told) {
    return layout.page(
        request,
        told.isPresent() && !told.get().done() ? 409 : 200,
        Head.of("Connections", "Connections"),
        "connections",
        new Model(
            address,
            sources.engine().listeners().stream().map(each -> listener(each, address)).toList(),
            told));
  }

  private static Listener listener(ListenerView listener, String address) {
    List<ConnectionView> open = of(listener.open(), address);
    int more = Math.max(0, open.size() - AT_ONCE);
    return new Listener(
        listener.route(),
        listener.port(),
        listener.tls(),
        listener.ways(),
        Count.text(listener.open().size()),
        Count.text(listener.most()),
        more == 0 ? "" : Count.text(more),
        Stream.concat(
                open.stream().limit(AT_ONCE).map(each -> row(each, true)),
                of(listener.gone(), address).stream().map(each -> row(each, false)))
            .toList());
  }

  private static List<ConnectionView> of(List<ConnectionView> all, String address) {
    return all.stream().filter(each -> each.peer().startsWith(address)).toList();
  }

  /**
   * @param open it may have begun to end
   */
  private static Row row(ConnectionView connection, boolean open) {
    ConnectionView.Counts counts = connection.counts();
    return new Row(
        connection.number(),
        mark(connection, open),
        connection.peer(),
        Moment.length(connection.age()),
        connection.end().map(ConnectionsPage::words).orElse(""),
        connection.tls().map(ConnectionView.Secured::version).orElse(""),
        connection.tls().map(ConnectionView.Secured::certificate).orElse(""),
        connection.lastFrame().map(ConnectionsPage::ago).orElse(""),
        Count.text(counts.frames()),
        Count.text(counts.answers()),
        Count.text(counts.refused()),
        Count.text(counts.junk()),
        connection.sender(),
        connection.refusal().map(each -> each.words() + ", " + ago(each.ago())).orElse(""),
        open && connection.end().isEmpty());
  }

  private static Mark mark(ConnectionView connection, boolean open) {
    if (open) {
      return connection.end().isEmpty()
          ? new Mark("open", Mark.Tone.GOOD)
          : new Mark("ending", Mark.Tone.MOVING);
    }
    return connection.counts().frames() == 0 && connection.refusal().isPresent()
        ? new Mark("turned away", Mark.Tone.BAD)
        : new Mark("gone", Mark.Tone.QUIET);
  }

  private static String words(ConnectionView.End end) {
    return end.words()
        + ", "
        + ago(end.ago())
        + (end.times() == 1 ? "" : "; " + Count.text(end.times()) + " times");
  }

  private static String ago(Duration time) {
    return Moment.length(time) + " ago";
  }
}

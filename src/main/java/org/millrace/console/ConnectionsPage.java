package org.millrace.console;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.journal.PeerBlock;
import org.millrace.mllp.Captures;
import org.millrace.mllp.ConnectionView;
import org.millrace.mllp.ListenerView;

/**
 * Who is connected to the listeners of MLLP, and who was lately: as this engine knows it, since the
 * journal knows nothing of connections; with the addresses that are blocked on each engine, and
 * what was captured on this one.
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

  /** What is done to a connection, or to an address. */
  @FunctionalInterface
  interface Verb {
    MessageVerbs.Told done(Request request) throws InterruptedException;
  }

  /**
   * A connection.
   *
   * @param of the address without the port
   * @param ofAddress how many connections of the address are open
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
      String of,
      String ofAddress,
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
   * An address of which nothing is let in.
   *
   * @param words of who blocked it
   */
  record Blocked(String of, Moment until, String who, String words) {}

  /**
   * Bytes that somebody asked for.
   *
   * @param from address and port of the connection; empty before bytes have come
   * @param asked how long ago
   * @param href where they are shown; empty before all have come
   */
  record Captured(
      long number,
      String of,
      String from,
      String asked,
      String received,
      String end,
      String href) {}

  /**
   * The page.
   *
   * @param address the beginning of the addresses that are asked for; empty for all
   * @param times for which an address may be blocked
   */
  record Model(
      String address,
      List<Listener> listeners,
      List<Blocked> blocked,
      List<Captured> captured,
      List<AlertsPage.Time> times,
      Optional<MessageVerbs.Told> told) {
    boolean narrowed() {
      return !address.isEmpty();
    }

    boolean hasBlocked() {
      return !blocked.isEmpty();
    }

    boolean hasCaptured() {
      return !captured.isEmpty();
    }
  }

  Answer show(Request request) {
    return show(request, request.query().text("address"), tellings.take(request.session(), PATH));
  }

  /** Does what a form asks for, and shows the page with what came of it. */
  Answer done(Request request, Verb verb) throws InterruptedException {
    String address = request.form().text("address");
    MessageVerbs.Told told = verb.done(request);
    if (!told.done()) {
      return show(request, address, Optional.of(told));
    }
    tellings.keep(request.session(), PATH, told);
    return Answer.seeOther(Link.to(PATH).with("address", address));
  }

  private Answer show(Request request, String address, Optional<MessageVerbs.Told> told) {
    List<ListenerView> listeners = sources.engine().listeners();
    Map<String, Long> open =
        listeners.stream()
            .flatMap(each -> each.open().stream())
            .collect(Collectors.groupingBy(ConnectionView::address, Collectors.counting()));
    return layout.page(
        request,
        told.isPresent() && !told.get().done() ? 409 : 200,
        Head.of("Connections", "Connections"),
        "connections",
        new Model(
            address,
            listeners.stream().map(each -> listener(each, address, open)).toList(),
            sources.journal().peerBlocks().inForce().stream().map(this::blocked).toList(),
            sources.engine().captures().all().stream().map(ConnectionsPage::captured).toList(),
            AlertsPage.TIMES,
            told));
  }

  private Blocked blocked(PeerBlock block) {
    return new Blocked(block.address(), sources.moment(block.until()), block.who(), block.why());
  }

  private static Captured captured(Captures.View capture) {
    return new Captured(
        capture.number(),
        capture.address(),
        capture.from(),
        ago(capture.since()),
        Count.text(capture.received()),
        capture.end(),
        capture.taken() ? CapturePage.link(capture.number()).text() : "");
  }

  /**
   * @param ofAddress how many connections of each address are open, on whichever port
   */
  private static Listener listener(
      ListenerView listener, String address, Map<String, Long> ofAddress) {
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
                open.stream().limit(AT_ONCE).map(each -> row(each, true, ofAddress)),
                of(listener.gone(), address).stream().map(each -> row(each, false, ofAddress)))
            .toList());
  }

  private static List<ConnectionView> of(List<ConnectionView> all, String address) {
    return all.stream().filter(each -> each.peer().startsWith(address)).toList();
  }

  /**
   * @param open it may have begun to end
   */
  private static Row row(ConnectionView connection, boolean open, Map<String, Long> ofAddress) {
    ConnectionView.Counts counts = connection.counts();
    return new Row(
        connection.number(),
        mark(connection, open),
        connection.peer(),
        connection.address(),
        Count.text(ofAddress.getOrDefault(connection.address(), 0L)),
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

package org.millrace.console;

import java.util.List;
import java.util.Optional;
import org.millrace.mllp.Captures;

/** The bytes that a sender sent next, as they came; covered until they are asked for. */
final class CapturePage {
  static final String PATH = "/connections/capture";

  private final ConsoleSources sources;
  private final Layout layout;
  private final Reveals reveals;

  CapturePage(ConsoleSources sources, Layout layout, Reveals reveals) {
    this.sources = sources;
    this.layout = layout;
    this.reveals = reveals;
  }

  /**
   * The page.
   *
   * @param from address and port of the connection
   * @param cut how many bytes more came than are kept; empty if none
   */
  record Model(
      long number,
      String from,
      String end,
      String received,
      String cut,
      boolean covered,
      List<HexLines.Line> hexLines) {}

  /** Where one is shown. */
  static Link link(long number) {
    return Link.to(PATH).with("number", String.valueOf(number));
  }

  /** What the audit trail calls one. */
  private static String name(Captures.View capture) {
    return "capture " + capture.number() + " of " + capture.address();
  }

  private Optional<Captures.View> found(long number) {
    return sources.engine().captures().all().stream()
        .filter(each -> each.number() == number && each.taken())
        .findFirst();
  }

  Answer show(Request request) {
    long number = request.query().number("number");
    Optional<Captures.View> capture = found(number);
    Optional<byte[]> bytes = sources.engine().captures().bytes(number);
    if (capture.isEmpty() || bytes.isEmpty()) {
      return gone(request);
    }
    Captures.View view = capture.get();
    Cover cover = reveals.cover(request.session(), name(view));
    long cut = view.received() - bytes.get().length;
    return layout.page(
        request,
        Head.of("Capture " + number, "Connections"),
        "capture",
        new Model(
            number,
            view.from(),
            view.end(),
            Count.text(view.received()),
            cut == 0 ? "" : Count.text(cut),
            !cover.open(),
            cover.open() ? HexLines.of(bytes.get()) : List.of()));
  }

  /** Shows what is covered; that it is looked at is on record before. */
  Answer reveal(Request request) throws InterruptedException {
    Optional<Captures.View> capture = found(request.form().number("number"));
    if (capture.isEmpty()) {
      return gone(request);
    }
    reveals.show(request, name(capture.get()));
    return Answer.seeOther(link(capture.get().number()));
  }

  Answer cover(Request request) {
    long number = request.form().number("number");
    found(number).ifPresent(each -> reveals.hide(request.session(), name(each)));
    return Answer.seeOther(link(number));
  }

  private Answer gone(Request request) {
    return layout.notice(
        request,
        404,
        "There is no such capture",
        "It waits for its bytes, or its quarter of an hour is over, or the engine was started anew:"
            + " captures are kept in memory alone.");
  }
}

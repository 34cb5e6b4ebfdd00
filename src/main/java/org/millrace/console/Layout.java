package org.millrace.console;

import java.util.List;
import org.millrace.guard.Right;

/** Puts a page into its frame. Thread-safe. */
final class Layout {
  private static final String ALERTS = "Alerts";

  private static final List<Place> PLACES =
      List.of(
          new Place("Overview", "/", Right.LOOK),
          new Place("Messages", "/messages", Right.LOOK),
          new Place("Queries", "/queries", Right.LOOK),
          new Place(ALERTS, "/alerts", Right.LOOK),
          new Place("Connections", "/connections", Right.LOOK),
          new Place("Replay", "/replay", Right.ANALYSE),
          new Place("Workbench", "/workbench", Right.ANALYSE),
          new Place("Codes", "/codes", Right.ANALYSE),
          new Place("Audit", "/audit", Right.AUDIT),
          new Place("Health", "/health", Right.LOOK));

  /** An entry of the navigation, for those that may go there. */
  private record Place(String name, String href, Right right) {}

  private final Templates templates = new Templates();
  private final ConsoleSources sources;

  Layout(ConsoleSources sources) {
    this.sources = sources;
  }

  Answer page(Request request, Head head, String template, Object page) {
    return page(request, 200, head, template, page);
  }

  Answer page(Request request, int status, Head head, String template, Object page) {
    long standing = request.person().may(Right.LOOK) ? standing() : 0;
    return framed(request, status, head, template, page, standing);
  }

  private long standing() {
    return sources.journal().alerts().awake().values().stream().mapToLong(Long::longValue).sum();
  }

  private Answer framed(
      Request request, int status, Head head, String template, Object page, long standing) {
    Frame frame =
        new Frame(
            head.title(),
            PLACES.stream()
                .filter(each -> request.person().may(each.right()))
                .map(each -> nav(each, head, standing))
                .toList(),
            request.session().token(),
            head.command(),
            sources.zone().getId(),
            sources.moment(sources.clock().instant()),
            head.live(),
            request.person(),
            !request.person().known() && request.person().may(Right.LOOK));
    return Answer.html(status, templates.render(template, frame, page));
  }

  private static Frame.Nav nav(Place place, Head head, long standing) {
    boolean counted = place.name().equals(ALERTS) && standing > 0;
    return new Frame.Nav(
        place.name(),
        place.href(),
        place.name().equals(head.place()),
        counted ? Count.text(standing) : "");
  }

  /**
   * What is shown instead of a page.
   *
   * @param heading what is the matter
   * @param sentence more of it, and what to do
   */
  record Notice(String heading, String sentence) {}

  Answer notice(Request request, int status, String heading, String sentence) {
    // The journal is not asked: that it cannot be read may be what is to be told.
    return framed(
        request, status, Head.of(heading, ""), "notice", new Notice(heading, sentence), 0);
  }
}

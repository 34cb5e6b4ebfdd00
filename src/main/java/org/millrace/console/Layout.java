package org.millrace.console;

import java.util.List;
import org.millrace.guard.Right;

/** Puts a page into its frame. Thread-safe. */
final class Layout {
  private static final List<Place> PLACES =
      List.of(
          new Place("Overview", "/", Right.LOOK),
          new Place("Messages", "/messages", Right.LOOK),
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
    Frame frame =
        new Frame(
            head.title(),
            PLACES.stream()
                .filter(each -> request.person().may(each.right()))
                .map(
                    each ->
                        new Frame.Nav(each.name(), each.href(), each.name().equals(head.place())))
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

  /**
   * What is shown instead of a page.
   *
   * @param heading what is the matter
   * @param sentence more of it, and what to do
   */
  record Notice(String heading, String sentence) {}

  Answer notice(Request request, int status, String heading, String sentence) {
    return page(request, status, Head.of(heading, ""), "notice", new Notice(heading, sentence));
  }
}

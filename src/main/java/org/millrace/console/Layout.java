package org.millrace.console;

import java.util.List;

/** Puts a page into its frame. Thread-safe. */
final class Layout {
  private static final List<Frame.Nav> PLACES =
      List.of(
          new Frame.Nav("Overview", "/", false),
          new Frame.Nav("Messages", "/messages", false),
          new Frame.Nav("Workbench", "/workbench", false),
          new Frame.Nav("Codes", "/codes", false),
          new Frame.Nav("Audit", "/audit", false),
          new Frame.Nav("Health", "/health", false));

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
                .map(
                    each ->
                        new Frame.Nav(each.name(), each.href(), each.name().equals(head.place())))
                .toList(),
            request.session().token(),
            head.command(),
            sources.zone().getId(),
            sources.moment(sources.clock().instant()),
            head.live());
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

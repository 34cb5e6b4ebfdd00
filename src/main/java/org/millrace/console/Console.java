package org.millrace.console;

import java.util.Map;

/** Which page answers which path. Thread-safe. */
final class Console {
  private final Map<String, Page> gets;
  private final Map<String, Page> posts;
  private final Layout layout;

  Console(ConsoleSources sources, Layout layout, Sessions sessions) {
    this.layout = layout;
    Searches searches = new Searches(sessions, sources.clock());
    OverviewPage overview = new OverviewPage(sources, layout);
    MessagesPage messages = new MessagesPage(sources, layout, searches);
    gets = Map.of("/", overview::show, "/messages", messages::show);
    posts = Map.of("/messages/search", messages::search);
  }

  Answer answer(Request request) throws InterruptedException {
    Page page = (request.post() ? posts : gets).get(request.path());
    return page == null
        ? layout.notice(
            request,
            404,
            "There is no such page",
            "The address may be of another version, or mistyped.")
        : page.answer(request);
  }
}

package org.millrace.console;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.journal.OperatorVerb;

/** Which page answers which path. Thread-safe. */
final class Console implements AutoCloseable {
  private static final Duration TRIAL = Duration.ofSeconds(15);

  private static final Pattern MESSAGE = Pattern.compile("/messages/([0-9]{1,18})(?:/([a-z-]+))?");

  /** The verbs that a message's page has, by their last word of the address. */
  private static final List<OperatorVerb> VERBS =
      List.of(
          OperatorVerb.RETRY,
          OperatorVerb.DISCARD,
          OperatorVerb.SETTLE,
          OperatorVerb.EDIT,
          OperatorVerb.RESEND);

  private final Map<String, Page> gets;
  private final Map<String, Page> posts;
  private final Map<String, OfMessage> ofMessage;
  private final MessagePage message;
  private final WorkbenchPage workbench;
  private final Layout layout;

  /** What is asked of one message. */
  @FunctionalInterface
  private interface OfMessage {
    Answer answer(Request request, long number) throws InterruptedException;
  }

  Console(ConsoleSources sources, Layout layout, Sessions sessions) {
    this.layout = layout;
    Tellings tellings = new Tellings();
    OverviewPage overview = new OverviewPage(sources, layout, tellings);
    MessagesPage messages =
        new MessagesPage(sources, layout, new Searches(sessions, sources.clock()));
    Reveals reveals = new Reveals(sources.journal(), sources.clock());
    message = new MessagePage(sources, layout, reveals, tellings);
    workbench = new WorkbenchPage(sources, layout, reveals, TRIAL);
    CodesPage codes = new CodesPage(sources, layout, reveals);
    AuditPage audit = new AuditPage(sources, layout);
    HealthPage health = new HealthPage(sources, layout);
    gets =
        Map.of(
            "/",
            overview::show,
            "/messages",
            messages::show,
            "/workbench",
            workbench::show,
            "/codes",
            codes::show,
            "/audit",
            audit::show,
            "/health",
            health::show);
    posts =
        Map.of(
            "/messages/search",
            messages::search,
            "/feeds/pause",
            request -> overview.pause(request, true),
            "/feeds/resume",
            request -> overview.pause(request, false),
            "/workbench",
            workbench::attempt,
            "/workbench/show",
            workbench::reveal,
            "/workbench/cover",
            workbench::cover,
            "/workbench/patch",
            workbench::patch,
            "/codes/show",
            codes::reveal,
            "/codes/cover",
            codes::cover,
            "/health/run",
            health::run);
    ofMessage = ofMessage();
  }

  private Map<String, OfMessage> ofMessage() {
    Map<OperatorVerb, OfMessage> verbs = new EnumMap<>(OperatorVerb.class);
    VERBS.forEach(
        verb -> verbs.put(verb, (request, number) -> message.verb(request, number, verb)));
    Map<String, OfMessage> all = new java.util.TreeMap<>();
    verbs.forEach((verb, page) -> all.put(verb.word(), page));
    all.put("show", message::reveal);
    all.put("cover", message::cover);
    all.put("pause-lane", (request, number) -> message.lane(request, number, true));
    all.put("resume-lane", (request, number) -> message.lane(request, number, false));
    return all;
  }

  Answer answer(Request request) throws InterruptedException {
    Matcher path = MESSAGE.matcher(request.path());
    if (path.matches()) {
      long number = Long.parseLong(path.group(1));
      OfMessage asked = request.post() ? ofMessage.get(String.valueOf(path.group(2))) : null;
      if (asked != null) {
        return asked.answer(request, number);
      }
      if (!request.post() && path.group(2) == null) {
        return message.show(request, number);
      }
    }
    Page page = (request.post() ? posts : gets).get(request.path());
    return page == null
        ? layout.notice(
            request,
            404,
            "There is no such page",
            "The address may be of another version, or mistyped.")
        : page.answer(request);
  }

  @Override
  public void close() {
    workbench.close();
  }
}

package org.millrace.console;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millrace.guard.Right;
import org.millrace.hl7.V2Message;
import org.millrace.journal.CallContent;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.OperatorVerb;

/** One message: what happened to it, what it holds, what it became, and what can be done. */
final class MessagePage {
  private static final List<String> TABS =
      List.of(
          "journey",
          "fields",
          "fhir",
          MessageFiles.TAB,
          "raw",
          RewrittenView.TAB,
          "hex",
          "related");

  /** Keys that open a tab. */
  private static final Map<String, String> KEYS =
      Map.of("raw", "r", "fhir", "d", MessageFiles.TAB, "o", RewrittenView.TAB, "e");

  private final ConsoleSources sources;
  private final Layout layout;
  private final Reveals reveals;
  private final Tellings tellings;
  private final MessageVerbs verbs;
  private final MessageParts parts;
  private final MessageFiles files;

  MessagePage(ConsoleSources sources, Layout layout, Reveals reveals, Tellings tellings) {
    this.sources = sources;
    this.layout = layout;
    this.reveals = reveals;
    this.tellings = tellings;
    this.verbs = new MessageVerbs(sources.journal());
    this.parts = new MessageParts(sources);
    this.files = new MessageFiles(sources, parts, reveals);
  }

  /** Its documents as pictures and files. */
  MessageFiles files() {
    return files;
  }

  Answer show(Request request, long number) throws InterruptedException {
    return show(request, number, tellings.take(request.session(), path(number)));
  }

  private static String path(long number) {
    return "/messages/" + number;
  }

  /** Nothing was done: the page says why. Else it goes on to the page, which says what was. */
  private Answer told(Request request, long number, MessageVerbs.Told told)
      throws InterruptedException {
    if (!told.done()) {
      return show(request, number, Optional.of(told));
    }
    tellings.keep(request.session(), path(number), told);
    return Answer.seeOther(Link.to(path(number)));
  }

  private Answer show(Request request, long number, Optional<MessageVerbs.Told> told)
      throws InterruptedException {
    Optional<MessageJourney> found = sources.journal().listing().show(number);
    if (found.isEmpty()) {
      return layout.notice(
          request,
          404,
          "There is no message " + number,
          "It may have been removed when its time was over, or the number is mistyped.");
    }
    String asked = request.query().text("tab");
    String tab = TABS.contains(asked) ? asked : TABS.get(0);
    Cover cover = reveals.cover(request.session(), Reveals.message(number));
    MessageView.Model model = model(request, found.get(), tab, cover, told);
    String command =
        tab.equals("fhir")
            ? "./millrace messages dry-run " + number
            : "./millrace messages show " + number + (tab.equals("journey") ? " --calls" : "");
    return layout.page(
        request,
        told.isPresent() && !told.get().done() ? 409 : 200,
        Head.of("Message " + number, "Messages").with(command),
        "message",
        model);
  }

  private MessageView.Model model(
      Request request,
      MessageJourney journey,
      String tab,
      Cover cover,
      Optional<MessageVerbs.Told> told)
      throws InterruptedException {
    long number = journey.summary().id();
    Ways ways = Ways.of(journey.report(), cover);
    Optional<V2Message> message = parts.read(journey);
    boolean journeyTab = tab.equals("journey");
    boolean rawTab = tab.equals("raw");
    boolean analyses = request.person().may(Right.ANALYSE);
    boolean withMapping = analyses && (tab.equals("fields") || tab.equals("fhir"));
    List<String> damaged = new ArrayList<>(journey.damaged());
    Map<Long, CallContent> contents =
        journeyTab && cover.open() ? parts.contents(number, damaged) : Map.of();
    return new MessageView.Model(
        parts.top(journey),
        tabs(number, tab, analyses),
        tab,
        cover.open(),
        journey.raw().length == 0 && journey.damaged().isEmpty(),
        String.join(", ", damaged),
        told,
        journeyTab ? parts.events(journey, ways, cover, contents) : List.of(),
        journeyTab ? parts.changes(journey, cover) : List.of(),
        journeyTab ? parts.codes(journey, cover) : List.of(),
        journeyTab ? ways.losses() : List.of(),
        message.filter(any -> tab.equals("fields")).map(each -> parts.fields(each, ways, cover)),
        withMapping ? parts.mapped(number, ways, cover) : MessageView.Mapped.NOT_SHOWN,
        tab.equals(MessageFiles.TAB)
            ? Optional.of(files.part(request, journey, message, cover))
            : Optional.empty(),
        message
            .filter(any -> tab.equals(RewrittenView.TAB))
            .map(each -> parts.rewritten(each, cover, path(number))),
        rawTab ? parts.received(journey, message, cover) : List.of(),
        rawTab ? parts.reply(journey, cover) : List.of(),
        tab.equals("hex") && cover.open() ? HexLines.of(journey.raw()) : List.of(),
        tab.equals("related") ? parts.related(number) : List.of(),
        parts.verbs(journey, message, cover),
        ways.charset(),
        "/messages/" + number);
  }

  private static List<MessageView.Tab> tabs(long number, String here, boolean analyses) {
    List<MessageView.Tab> tabs = new ArrayList<>();
    for (String each : TABS) {
      if (each.equals("fhir") && !analyses) {
        continue;
      }
      String name =
          each.equals("fhir")
              ? "FHIR"
              : each.substring(0, 1).toUpperCase(Locale.ROOT) + each.substring(1);
      tabs.add(
          new MessageView.Tab(
              name, tab(number, each).text(), KEYS.getOrDefault(each, ""), each.equals(here)));
    }
    return tabs;
  }

  private static Link tab(long number, String tab) {
    return Link.to("/messages/" + number).with("tab", tab.equals("journey") ? "" : tab);
  }

  private static Link back(Request request, long number) {
    String tab = request.form().text("tab");
    return tab(number, TABS.contains(tab) ? tab : "journey");
  }

  /** Shows what is covered; that it is looked at is on record before. */
  Answer reveal(Request request, long number) throws InterruptedException {
    if (sources.journal().listing().find(number).isEmpty()) {
      return show(request, number);
    }
    reveals.show(request, Reveals.message(number));
    return Answer.seeOther(back(request, number));
  }

  Answer cover(Request request, long number) {
    reveals.hide(request.session(), Reveals.message(number));
    return Answer.seeOther(back(request, number));
  }

  /** Does what a form of the page asks for, and shows the page with what came of it. */
  Answer verb(Request request, long number, OperatorVerb verb) throws InterruptedException {
    Optional<MessageJourney> found = sources.journal().listing().show(number);
    if (found.isEmpty()) {
      return show(request, number);
    }
    Charset charset =
        parts
            .read(found.get())
            .map(message -> message.charset().charset())
            .orElse(StandardCharsets.UTF_8);
    return told(request, number, verbs.ask(verb, number, request, charset));
  }

  /** Pauses the lane of a message, or ends the pause. */
  Answer lane(Request request, long number, boolean pause) throws InterruptedException {
    String lane =
        sources.journal().listing().show(number).map(each -> each.links().lane()).orElse("");
    return lane.isEmpty()
        ? show(request, number)
        : told(
            request,
            number,
            new PauseVerbs(sources.journal()).ask(DeliveryPause.Kind.LANE, lane, pause, request));
  }
}

package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.journal.ApplicationReply;
import org.millrace.journal.CallContent;
import org.millrace.journal.CernerCall;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.ReplyState;

/** What happened to a message, in time order. */
final class Journey {
  private static final int LONGEST_BODY = 20_000;

  /** Notes that end with an operator's own words, which may be of a patient. */
  private static final Set<String> OF_OPERATORS =
      Set.of("retry", "correct", "discarded", "settled", "edited", "resent");

  private static final Pattern BY_SOMEBODY = Pattern.compile("(.*? by [^:]*): (.*)");

  private final ConsoleSources sources;
  private final Cover cover;

  Journey(ConsoleSources sources, Cover cover) {
    this.sources = sources;
    this.cover = cover;
  }

  /**
   * Something that happened.
   *
   * @param at empty where no time is on record
   * @param kind by which the style sheet marks it
   * @param what in a few words
   * @param text more of it; empty if there is no more
   * @param sent what went to Cerner, if that is shown
   * @param back what came back, if that is shown
   */
  record Event(
      Optional<Moment> at,
      String kind,
      String what,
      String text,
      String sent,
      String back,
      Mark mark) {
    boolean hasBodies() {
      return !sent.isEmpty() || !back.isEmpty();
    }
  }

  private record At(Instant at, Event event) {}

  /** All of it, the oldest first. */
  List<Event> events(MessageJourney journey, Ways ways, Map<Long, CallContent> contents) {
    List<At> all = new ArrayList<>();
    var summary = journey.summary();
    all.add(
        at(
            summary.receivedAt(),
            "received",
            "Received",
            summary.peer().isEmpty() || journey.links().madeOf().isPresent()
                ? ""
                : "from " + summary.peer(),
            new Mark("received", Mark.Tone.MOVING)));
    if (summary.replyState() != ReplyState.NONE) {
      all.add(
          at(
              summary.receivedAt(),
              "reply",
              "Answered",
              reply(summary.replyState()),
              mark(summary.replyState())));
    }
    mapped(journey, ways).ifPresent(all::add);
    journey.notes().forEach(note -> all.add(note(note)));
    journey.requests().forEach(request -> all.add(request(request)));
    for (CernerCall call : journey.calls()) {
      CallContent content = contents.get(call.id());
      all.add(
          content == null
              ? call(call, "", "")
              : call(call, sent(content), text(content.response())));
    }
    List<Event> events = all.stream().sorted(Comparator.comparing(At::at)).map(At::event).toList();
    return journey.application().isEmpty()
        ? events
        : plus(events, application(journey.application().get(), summary.receivedAt()));
  }

  /** Between its arrival and the first call; when it was is not kept. */
  private static Optional<At> mapped(MessageJourney journey, Ways ways) {
    if (journey.report().isEmpty()) {
      return Optional.empty();
    }
    Instant at =
        journey.calls().stream()
            .map(CernerCall::at)
            .min(Comparator.naturalOrder())
            .orElse(journey.summary().receivedAt());
    String lost =
        ways.losses().isEmpty()
            ? "everything was mapped"
            : Count.text(ways.losses().size()) + " values not as they were";
    String read = ways.charset().isEmpty() ? "" : "; read as " + ways.charset();
    Mark mark =
        ways.losses().isEmpty()
            ? new Mark("whole", Mark.Tone.GOOD)
            : new Mark("in part", Mark.Tone.QUIET);
    return Optional.of(
        new At(at, new Event(Optional.empty(), "mapped", "Mapped", lost + read, "", "", mark)));
  }

  private static List<Event> plus(List<Event> events, Event last) {
    List<Event> all = new ArrayList<>(events);
    all.add(last);
    return List.copyOf(all);
  }

  private At at(Instant at, String kind, String what, String text, Mark mark) {
    return new At(at, new Event(Optional.of(sources.moment(at)), kind, what, text, "", "", mark));
  }

  private static String reply(ReplyState state) {
    return switch (state) {
      case OWED -> "the reply is owed: it may not have left";
      case GIVEN -> "the reply was handed to the connection";
      case NOT_HEARD -> "the connection broke before the reply could be written";
      case NONE -> "nobody is owed a reply";
    };
  }

  private static Mark mark(ReplyState state) {
    return switch (state) {
      case GIVEN -> new Mark("given", Mark.Tone.GOOD);
      case OWED -> new Mark("owed", Mark.Tone.MOVING);
      case NOT_HEARD -> new Mark("not heard", Mark.Tone.BAD);
      case NONE -> new Mark("none", Mark.Tone.QUIET);
    };
  }

  private At note(Note note) {
    Matcher said = BY_SOMEBODY.matcher(note.sentence());
    String sentence =
        OF_OPERATORS.contains(note.code()) && said.matches()
            ? said.group(1) + ": " + cover.of(said.group(2))
            : note.sentence();
    return at(note.at(), "note", note.code(), sentence, new Mark("note", Mark.Tone.QUIET));
  }

  private At request(OperatorRequest request) {
    String why = request.why().isEmpty() ? "" : " Why: " + cover.of(request.why());
    String outcome = request.waiting() ? "waits for an engine" : request.outcome();
    Mark mark =
        request.waiting()
            ? new Mark("asked", Mark.Tone.MOVING)
            : request.outcome().startsWith("refused")
                ? new Mark("refused", Mark.Tone.BAD)
                : new Mark("done", Mark.Tone.GOOD);
    return at(
        request.askedAt(),
        "person",
        request.verb() + " by " + request.who(),
        outcome + "." + why,
        mark);
  }

  private At call(CernerCall call, String sent, String back) {
    String id = call.requestId().isEmpty() ? "" : ", X-Request-Id " + call.requestId();
    Event event =
        new Event(
            Optional.of(sources.moment(call.at())),
            "call",
            call.method() + " " + call.pathTemplate(),
            Count.text(call.duration().toMillis()) + " ms" + id,
            sent,
            back,
            status(call.status()));
    return new At(call.at(), event);
  }

  private static Mark status(int status) {
    if (status == 0) {
      return new Mark("no answer", Mark.Tone.BAD);
    }
    return new Mark(
        String.valueOf(status),
        status < 300 ? Mark.Tone.GOOD : status < 400 ? Mark.Tone.QUIET : Mark.Tone.BAD);
  }

  private static String sent(CallContent content) {
    String body = text(content.request());
    return content.target() + (body.isEmpty() ? "" : "\n\n" + body);
  }

  private static String text(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.length() > LONGEST_BODY
        ? text.substring(0, LONGEST_BODY) + "… (" + text.length() + " characters)"
        : text;
  }

  private Event application(ApplicationReply reply, Instant received) {
    String where =
        reply.asked().address().isEmpty()
            ? "on the connection of the message"
            : "to " + reply.asked().address();
    String error = reply.lastError().isEmpty() ? "" : "; " + reply.lastError();
    Instant at = reply.nextTryAt().isAfter(received) ? reply.nextTryAt() : received;
    return new Event(
        Optional.of(sources.moment(at)),
        "reply",
        "Application acknowledgment (" + reply.asked().when() + ")",
        where + error,
        "",
        "",
        mark(reply.state()));
  }
}

package org.millrace.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millrace.delivery.DryRun;
import org.millrace.delivery.SegmentLines;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.journal.BusinessKeyStore;
import org.millrace.journal.CallContent;
import org.millrace.journal.DamagedContentException;
import org.millrace.journal.Feed;
import org.millrace.journal.LaneName;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageOrigin;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.OperatorVerb;
import org.millrace.journal.Printable;
import org.millrace.journal.QueuedMessage;

/** Makes the parts of a message's page out of what is on record. Thread-safe. */
final class MessageParts {
  private static final int LONGEST_SEGMENT = 4_000;
  private static final int LONGEST_EDITED = 1024 * 1024;
  private static final int RELATED = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsoleSources sources;
  private final FieldNames names = new FieldNames();

  MessageParts(ConsoleSources sources) {
    this.sources = sources;
  }

  /** The message as delivery reads it; empty if it cannot be read, or is not kept any more. */
  Optional<V2Message> read(MessageJourney journey) {
    if (journey.raw().length == 0) {
      return Optional.empty();
    }
    try {
      Optional<QueuedMessage> queued =
          journey.summary().question()
              ? Optional.empty()
              : sources.journal().queue().find(journey.summary().id());
      return Optional.of(
          queued.isPresent()
              ? sources.mapping().read(queued.get())
              : V2Message.read(
                  journey.raw(), sources.mapping().sender(journey.summary().sender()).charset()));
    } catch (V2FormatException e) {
      return Optional.empty();
    }
  }

  MessageView.Top top(MessageJourney journey) {
    MessageSummary each = journey.summary();
    var now = sources.clock().instant();
    boolean due = each.state() == MessageState.RETRYING && each.nextTryAt().isAfter(now);
    return new MessageView.Top(
        each.id(),
        Printable.of(each.type()),
        Mark.of(each.state()),
        sources.moment(each.receivedAt()),
        Printable.of(each.sender()),
        Printable.of(each.controlId()),
        each.feed(),
        Link.to("/messages").with("feed", each.feed()).text(),
        each.peer(),
        LaneName.of(journey.links().lane()),
        each.attempts(),
        due ? "in " + Moment.length(Duration.between(now, each.nextTryAt())) : "",
        each.reason().code(),
        each.reason().sentence(),
        each.reason().remedy(),
        each.reason().whoActs(),
        each.reason().place(),
        journey.links().pauses().stream()
            .map(
                pause ->
                    "Its "
                        + word(pause.kind())
                        + " is paused since "
                        + sources.moment(pause.since()).local()
                        + " by "
                        + pause.who())
            .toList(),
        journey.links().pauses().stream()
            .anyMatch(pause -> pause.name().equals(journey.links().lane())),
        others(journey));
  }

  private static List<MessageView.Other> others(MessageJourney journey) {
    List<MessageView.Other> others = new ArrayList<>();
    journey.links().madeOf().ifPresent(each -> others.add(other("made of", each.originId(), each)));
    journey
        .links()
        .madeInto()
        .forEach(each -> others.add(other("made into", each.messageId(), each)));
    return others;
  }

  private static MessageView.Other other(String how, long number, MessageOrigin origin) {
    return new MessageView.Other(
        how + " (" + word(origin.how()) + ")", number, "/messages/" + number);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * What was sent for it and came back, by the call.
   *
   * @param damaged is told of it if it cannot be decrypted
   */
  Map<Long, CallContent> contents(long number, List<String> damaged) {
    try {
      return sources.journal().calls().contents(number);
    } catch (DamagedContentException found) {
      damaged.add("what was sent to Cerner or came back");
      return Map.of();
    }
  }

  List<Journey.Event> events(
      MessageJourney journey, Ways ways, Cover cover, Map<Long, CallContent> contents) {
    return new Journey(sources, cover).events(journey, ways, contents);
  }

  List<MessageView.Change> changes(MessageJourney journey, Cover cover) {
    return journey.ledger().stream()
        .map(
            row ->
                new MessageView.Change(
                    row.anchor(),
                    row.action(),
                    mark(row.state()),
                    row.resourceId(),
                    row.marker(),
                    row.attempts(),
                    row.lastError(),
                    cover.of(row.cernerText())))
        .toList();
  }

  static Mark mark(LedgerState state) {
    String word = state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return new Mark(
        word,
        switch (state) {
          case DONE -> Mark.Tone.GOOD;
          case PREPARED, SENT, TO_CORRECT, CORRECTING -> Mark.Tone.MOVING;
          case UNKNOWN -> Mark.Tone.HELD;
          case REFUSED -> Mark.Tone.BAD;
          case RESENT -> Mark.Tone.QUIET;
        });
  }

  /** Anything may stand where a code is expected, and its text is the sender's own. */
  List<MessageView.Code> codes(MessageJourney journey, Cover cover) {
    return journey.codes().stream()
        .map(
            each ->
                new MessageView.Code(
                    each.table(),
                    cover.of(each.code()),
                    cover.of(each.text()),
                    each.path(),
                    each.held()))
        .toList();
  }

  FieldLines.Tree fields(V2Message message, Ways ways, Cover cover) {
    return FieldLines.of(message, names, ways, cover);
  }

  RewrittenView rewritten(V2Message message, Cover cover, String here) {
    return RewrittenView.of(message, names, cover, here);
  }

  /** By the mapping files of now, as the command {@code dry-run} does it. */
  MessageView.Mapped mapped(long number, Ways ways, Cover cover) {
    try {
      Optional<DryRun.Result> result =
          new DryRun(sources.journal(), sources.mapping(), sources.given()).of(number);
      return result.isEmpty()
          ? new MessageView.Mapped(
              "Its content is not kept any more, or no mapping file is for its type.",
              false,
              List.of())
          : new MessageView.Mapped(
              "",
              result.get().patientOnRecord(),
              result.get().documents().stream().map(each -> document(each, ways, cover)).toList());
    } catch (V2FormatException e) {
      return new MessageView.Mapped("It cannot be read any more.", false, List.of());
    } catch (DamagedContentException e) {
      return new MessageView.Mapped(
          "It cannot be mapped: it is damaged, or what was sent of it is.", false, List.of());
    }
  }

  private static MessageView.Document document(DryRun.Document each, Ways ways, Cover cover) {
    return new MessageView.Document(
        each.anchor(),
        each.verdict().map(verdict -> verdict.decision() + " " + verdict.code()).orElse("not made"),
        each.compared().name(),
        MessageView.compared(each.compared()),
        DifferentValues.of(DifferentValues.sinceSent(each), cover),
        each.now()
            .or(each::sent)
            .map(resource -> FhirLines.of(each.anchor(), resource, ways, cover))
            .orElse(List.of()));
  }

  /** Segments as received, control characters shown as question marks. */
  /** What came: its segments, or the resource that an HTTP caller left to be created. */
  List<String> received(MessageJourney journey, Optional<V2Message> message, Cover cover) {
    byte[] raw = journey.raw();
    if (!Feed.isFace(journey.summary().feed()) || raw.length == 0) {
      return segments(raw, message, cover);
    }
    try {
      return FhirLines.of("", JSON.readTree(raw), Ways.of("", cover), cover).stream()
          .map(each -> each.blanks() + each.name() + each.value())
          .toList();
    } catch (IOException notJson) {
      return segments(raw, Optional.empty(), cover);
    }
  }

  private static List<String> segments(byte[] bytes, Optional<V2Message> message, Cover cover) {
    if (message.isEmpty()) {
      return bytes.length == 0
          ? List.of()
          : List.of("(" + Count.text(bytes.length) + " bytes that cannot be read)");
    }
    var by = message.get().separators();
    String delimiters =
        "" + by.field() + by.component() + by.repetition() + by.escape() + by.subcomponent();
    List<String> segments = new ArrayList<>();
    for (V2Segment each : message.get().segments()) {
      String raw = each.raw();
      String shown =
          raw.length() > LONGEST_SEGMENT
              ? raw.substring(0, LONGEST_SEGMENT)
                  + "… ("
                  + Count.text(raw.length())
                  + " characters)"
              : raw;
      segments.add(cover.ofSegment(each.name(), shown, delimiters));
    }
    return segments;
  }

  List<String> reply(MessageJourney journey, Cover cover) {
    try {
      return journey.reply().length == 0
          ? List.of()
          : segments(journey.reply(), Optional.of(V2Message.read(journey.reply())), cover);
    } catch (V2FormatException e) {
      return segments(journey.reply(), Optional.empty(), cover);
    }
  }

  List<MessageView.Related> related(long number) {
    List<MessageView.Related> related = new ArrayList<>();
    MessagesPage.Rows rows = new MessagesPage.Rows(sources);
    for (BusinessKeyStore.Shared each : sources.journal().businessKeys().sharing(number, RELATED)) {
      sources
          .journal()
          .listing()
          .find(each.message())
          .ifPresent(
              found ->
                  related.add(
                      new MessageView.Related(String.join(", ", each.kinds()), rows.of(found))));
    }
    return related;
  }

  MessageView.Verbs verbs(MessageJourney journey, Optional<V2Message> content, Cover cover) {
    MessageState state = journey.summary().state();
    boolean question = journey.summary().question();
    // What an HTTP caller left is no message that could be edited or mapped anew.
    boolean message = !question && !Feed.isFace(journey.summary().feed());
    boolean edit = message && OperatorVerb.EDIT.from().contains(state);
    List<String> open =
        journey.ledger().stream()
            .filter(row -> row.state() == LedgerState.UNKNOWN)
            .map(LedgerRow::anchor)
            .toList();
    boolean settle = !question && !open.isEmpty() && OperatorVerb.SETTLE.from().contains(state);
    boolean retry = !question && OperatorVerb.RETRY.from().contains(state);
    boolean discard = !question && OperatorVerb.DISCARD.from().contains(state);
    boolean resend = message && OperatorVerb.RESEND.from().contains(state);
    String hindrance = edit ? notEditable(journey, content, cover) : "";
    return new MessageView.Verbs(
        retry,
        discard,
        edit,
        settle,
        resend,
        !retry && !discard && !edit && !settle && !resend,
        open,
        edit && hindrance.isEmpty() ? content.map(MessageParts::text) : Optional.empty(),
        hindrance);
  }

  private static String notEditable(
      MessageJourney journey, Optional<V2Message> message, Cover cover) {
    if (message.isEmpty() && !journey.damaged().isEmpty()) {
      return "It cannot be read: it is damaged.";
    }
    if (message.isEmpty()) {
      return "It cannot be read, or is not kept any more.";
    }
    if (!cover.open()) {
      return "Show patient data first: what is edited must be seen.";
    }
    byte[] bytes = message.get().bytes();
    if (bytes.length > LONGEST_EDITED) {
      return "It is longer than a megabyte: use ./millrace messages edit.";
    }
    var charset = message.get().charset().charset();
    boolean same = java.util.Arrays.equals(new String(bytes, charset).getBytes(charset), bytes);
    return same
        ? ""
        : "It holds bytes that are no characters of its charset, which a browser would change: use"
            + " ./millrace messages edit.";
  }

  private static String text(V2Message message) {
    return new String(SegmentLines.toEdit(message.bytes()), message.charset().charset());
  }
}

package org.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.journal.ApplicationReply;
import org.millrace.journal.CallContent;
import org.millrace.journal.CernerCall;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LaneName;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageLinks;
import org.millrace.journal.MessageOrigin;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.Printable;
import org.millrace.journal.ReplyState;
import org.millrace.journal.UnmappedCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "The whole journey of one message. Shows patient data.",
      "What was received and replied, what Cerner was asked, what was filed, and what was not mapped. Use it where patient data may be seen. That it was looked at is an entry of the audit trail."
    })
final class MessagesShow implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_LINE = 4000;

  @Parameters(
      paramLabel = "MESSAGE",
      converter = MessageNumber.class,
      description = "Its number, as the list shows it.")
  private long message;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(
      names = "--calls",
      description = "With what was sent to Cerner and what came back, as far as it is kept.")
  private boolean calls;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      Optional<MessageJourney> journey = open.listing().show(message);
      if (journey.isEmpty()) {
        throw new PlainException("there is no message " + message + " in this journal");
      }
      ViewOnRecord.put(open, "view", "message " + message);
      PrintWriter out = spec.commandLine().getOut();
      Map<Long, CallContent> contents = calls ? open.calls().contents(message) : Map.of();
      if (json) {
        out.println(
            JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(asJson(journey.get(), contents)));
      } else {
        print(journey.get(), contents, out);
      }
    }
    return 0;
  }

  private static void print(
      MessageJourney journey, Map<Long, CallContent> contents, PrintWriter out)
      throws JsonProcessingException {
    var summary = journey.summary();
    out.println("Message " + summary.id() + ", " + Printable.of(summary.type()));
    boolean made = journey.links().madeOf().isPresent();
    String peer = summary.peer().isEmpty() || made ? "" : " at " + summary.peer();
    out.println("  from      " + Printable.of(summary.sender()) + peer);
    out.println("  id        " + Printable.of(summary.controlId()));
    out.println("  received  " + summary.receivedAt());
    out.println("  state     " + summary.state() + ", reply " + summary.replyState());
    if (!summary.reason().code().isEmpty()) {
      out.println("  reason    " + summary.reason().code() + ": " + summary.reason().sentence());
      out.println(
          "  remedy    " + summary.reason().remedy() + " (" + summary.reason().whoActs() + ")");
      if (summary.state().stopped()) {
        out.println("  steps     docs/runbook.md#" + summary.reason().code());
      }
    }
    links(journey.links(), out);
    journey.damaged().forEach(each -> out.println("  damaged   " + each));
    out.println();
    out.println("Received");
    if (Feed.isFace(summary.feed()) && journey.raw().length > 0) {
      out.println("  " + OnScreen.text(shortened(resource(journey))));
    } else {
      lines(journey.raw(), readWith(journey), out);
    }
    out.println("Replied");
    replied(journey, out);
    journey.application().ifPresent(reply -> print(reply, out));
    out.println("What happened");
    for (Note each : journey.notes()) {
      out.println("  " + each.at() + "  " + each.code() + "  " + each.sentence());
    }
    for (OperatorRequest each : journey.requests()) {
      out.println(
          "  "
              + each.askedAt()
              + "  "
              + each.verb()
              + " by "
              + Printable.of(each.who())
              + ": "
              + each.outcome());
    }
    out.println("Asked of Cerner");
    for (CernerCall each : journey.calls()) {
      String status = each.status() == 0 ? "no answer" : Integer.toString(each.status());
      String id = each.requestId().isEmpty() ? "" : "  X-Request-Id " + each.requestId();
      out.println(
          "  "
              + each.at()
              + "  "
              + each.method()
              + " "
              + each.pathTemplate()
              + "  "
              + status
              + "  "
              + each.duration().toMillis()
              + " ms"
              + id);
      CallContent content = contents.get(each.id());
      if (content != null) {
        CallLines.print(content, out);
      }
    }
    out.println("Creates and updates");
    for (LedgerRow each : journey.ledger()) {
      String id = each.resourceId().isEmpty() ? "" : " " + each.resourceId();
      out.println(
          "  "
              + each.anchor()
              + "  "
              + each.action()
              + "  "
              + each.state()
              + id
              + "  sent "
              + each.attempts()
              + "x  "
              + each.lastError());
      if (!each.cernerText().isEmpty()) {
        out.println("    Cerner: " + each.cernerText());
      }
    }
    if (!journey.report().isEmpty()) {
      MappingLines.print(JSON.readTree(journey.report()), journey.codes(), out);
    }
  }

  private static void links(MessageLinks links, PrintWriter out) {
    if (!links.lane().isEmpty()) {
      out.println("  lane      " + LaneName.of(links.lane()));
    }
    for (DeliveryPause each : links.pauses()) {
      out.println(
          "  paused    its "
              + word(each.kind())
              + ", since "
              + each.since()
              + " by "
              + Printable.of(each.who())
              + ": "
              + OnScreen.text(each.why()));
    }
    links
        .madeOf()
        .ifPresent(
            each ->
                out.println("  made of   message " + each.originId() + ", " + word(each.how())));
    for (MessageOrigin each : links.madeInto()) {
      out.println("  made into message " + each.messageId() + ", " + word(each.how()));
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void links(MessageLinks links, ObjectNode to) {
    to.put("lane", LaneName.of(links.lane()));
    ArrayNode pauses = to.putArray("pauses");
    for (DeliveryPause each : links.pauses()) {
      pauses
          .addObject()
          .put("of", word(each.kind()))
          .put("since", each.since().toString())
          .put("by", each.who())
          .put("why", each.why());
    }
    links
        .madeOf()
        .ifPresent(
            each ->
                to.putObject("madeOf")
                    .put("message", each.originId())
                    .put("how", word(each.how())));
    ArrayNode madeInto = to.putArray("madeInto");
    for (MessageOrigin each : links.madeInto()) {
      madeInto.addObject().put("message", each.messageId()).put("how", word(each.how()));
    }
  }

  private static void replied(MessageJourney journey, PrintWriter out) {
    if (journey.summary().replyState() == ReplyState.NONE) {
      out.println("  (nobody is owed a reply)");
    } else {
      lines(journey.reply(), Optional.empty(), out);
    }
  }

  /** The second reply of enhanced mode. */
  private static void print(ApplicationReply reply, PrintWriter out) {
    String address = reply.asked().address();
    String where = address.isEmpty() ? "on the connection of the message" : "to " + address;
    String error = reply.lastError().isEmpty() ? "" : ", " + reply.lastError();
    boolean waits = reply.state() == ReplyState.OWED && reply.attempts() > 0;
    out.println(
        "Application reply (" + reply.asked().when() + ") " + where + ": " + reply.state() + error);
    if (waits) {
      out.println("  not sent " + reply.attempts() + "x; next at " + reply.nextTryAt());
    }
    if (reply.reply().length > 0) {
      lines(reply.reply(), Optional.empty(), out);
    }
  }

  /** What delivery read the message with, if it came to that. */
  private static Optional<Charset> readWith(MessageJourney journey) throws JsonProcessingException {
    if (journey.report().isEmpty()) {
      return Optional.empty();
    }
    String name = JSON.readTree(journey.report()).path("charset").path("name").asText();
    return name.isEmpty() || !Charset.isSupported(name)
        ? Optional.empty()
        : Optional.of(Charset.forName(name));
  }

  /**
   * A line for each segment; control characters shown, so that a terminal is not steered by a
   * message.
   */
  private static void lines(byte[] bytes, Optional<Charset> charset, PrintWriter out) {
    if (bytes.length == 0) {
      out.println("  (not kept any more)");
      return;
    }
    try {
      for (V2Segment segment : V2Message.read(bytes, charset).segments()) {
        out.println("  " + OnScreen.text(shortened(segment.raw())));
      }
    } catch (V2FormatException e) {
      out.println("  (" + bytes.length + " bytes that are no message)");
    }
  }

  /** What an HTTP caller left to be created. */
  private static String resource(MessageJourney journey) {
    return new String(journey.raw(), StandardCharsets.UTF_8);
  }

  /** Whole, but for the middle of an encapsulated document; --json has it all. */
  private static String shortened(String segment) {
    if (segment.length() <= LONGEST_LINE) {
      return segment;
    }
    int tail = segment.length() - LONGEST_LINE / 4;
    return segment.substring(0, LONGEST_LINE / 2)
        + " ... ("
        + (tail - LONGEST_LINE / 2)
        + " characters left out) ... "
        + segment.substring(tail);
  }

  private static ObjectNode asJson(MessageJourney journey, Map<Long, CallContent> contents)
      throws JsonProcessingException {
    ObjectNode all = MessageListing.asJson(journey.summary());
    links(journey.links(), all);
    if (!journey.damaged().isEmpty()) {
      journey.damaged().forEach(all.putArray("damaged")::add);
    }
    if (Feed.isFace(journey.summary().feed()) && journey.raw().length > 0) {
      all.putArray("received").add(resource(journey));
    } else {
      segments(all.putArray("received"), journey.raw(), readWith(journey));
    }
    segments(all.putArray("replied"), journey.reply(), Optional.empty());
    journey.application().ifPresent(reply -> put(reply, all.putObject("applicationReply")));
    ArrayNode notes = all.putArray("notes");
    for (Note each : journey.notes()) {
      notes
          .addObject()
          .put("at", each.at().toString())
          .put("code", each.code())
          .put("sentence", each.sentence());
    }
    ArrayNode calls = all.putArray("calls");
    for (CernerCall each : journey.calls()) {
      ObjectNode call =
          calls
              .addObject()
              .put("at", each.at().toString())
              .put("method", each.method())
              .put("pathTemplate", each.pathTemplate())
              .put("status", each.status())
              .put("requestId", each.requestId())
              .put("milliseconds", each.duration().toMillis());
      CallContent content = contents.get(each.id());
      if (content != null) {
        CallLines.put(content, call);
      }
    }
    ArrayNode creates = all.putArray("creates");
    for (LedgerRow each : journey.ledger()) {
      creates
          .addObject()
          .put("anchor", each.anchor())
          .put("action", each.action())
          .put("state", each.state().name())
          .put("marker", each.marker())
          .put("fillerNumber", each.fillerNumber())
          .put("resourceId", each.resourceId())
          .put("attempts", each.attempts())
          .put("lastError", each.lastError())
          .put("cernerText", each.cernerText());
    }
    if (!journey.report().isEmpty()) {
      all.set("mapping", JSON.readTree(journey.report()));
    }
    ArrayNode codes = all.putArray("unknownCodes");
    for (UnmappedCode each : journey.codes()) {
      codes
          .addObject()
          .put("table", each.table())
          .put("code", each.code())
          .put("text", each.text())
          .put("path", each.path())
          .put("held", each.held());
    }
    return all;
  }

  private static void put(ApplicationReply reply, ObjectNode to) {
    to.put("asked", reply.asked().when().name())
        .put("address", reply.asked().address())
        .put("state", reply.state().name())
        .put("attempts", reply.attempts())
        .put("lastError", reply.lastError());
    segments(to.putArray("replied"), reply.reply(), Optional.empty());
  }

  private static void segments(ArrayNode to, byte[] bytes, Optional<Charset> charset) {
    try {
      V2Message.read(bytes, charset).segments().forEach(segment -> to.add(segment.raw()));
    } catch (V2FormatException e) {
      to.add("(" + bytes.length + " bytes that are no message)");
    }
  }
}

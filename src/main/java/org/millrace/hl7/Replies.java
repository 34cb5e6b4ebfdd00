package org.millrace.hl7;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes the replies of this engine: acknowledgments, and the head (MSH, MSA, ERR) of query
 * responses. Thread-safe.
 *
 * <p>MSH by HL7 v2.5.1 ch. 2.9.2 and 2.9.3: MSH-3..6 swapped with all components, own time and
 * control id, MSH-11, -12 and -18 as received, MSH-15 and -16 not copied; from version 2.5 on one
 * ERR per fault with ERR-2, -3, -4, -7, -8, before that one ERR whose ERR-1 repeats, and MSA-3. The
 * reply is written in the charset and with the delimiters of what it answers.
 */
public final class Replies {
  private static final String OUR_NAME = "MILLRACE";
  private static final int LONGEST_MSA_TEXT = 80;
  private static final int LONGEST_USER_MESSAGE = 250;

  private final ReplyTime time;
  private final Supplier<String> controlIds;
  private final Function<String, SenderProfile> senders;
  private final Further further;

  /**
   * What stands in a reply besides.
   *
   * @param wantCommit in MSH-15
   * @param expected the sequence number in MSA-4
   * @param text in MSA-3; if empty, the sentence of the first fault
   */
  private record Further(boolean wantCommit, OptionalLong expected, String text) {}

  /**
   * @param zone what MSH-7 is written in, with its offset
   * @param controlIds gives a new MSH-10 (at most 20 characters) each time
   */
  public Replies(Clock clock, ZoneId zone, Supplier<String> controlIds) {
    this(
        new ReplyTime(clock, zone),
        controlIds,
        sender -> SenderProfile.NONE,
        new Further(false, OptionalLong.empty(), ""));
  }

  private Replies(
      ReplyTime time,
      Supplier<String> controlIds,
      Function<String, SenderProfile> senders,
      Further further) {
    this.time = time;
    this.controlIds = controlIds;
    this.senders = senders;
    this.further = further;
  }

  /**
   * The same, as each sender wants it.
   *
   * @param profiles by MSH-3.1 {@code @} MSH-4.1
   */
  public Replies forSenders(Function<String, SenderProfile> profiles) {
    return new Replies(time, controlIds, profiles, further);
  }

  /**
   * The same, with this number in MSA-4: the next that is expected of the sender, or -1 for any.
   */
  public Replies expecting(long number) {
    Further other = new Further(further.wantCommit(), OptionalLong.of(number), further.text());
    return new Replies(time, controlIds, senders, other);
  }

  /** The same, with this text in MSA-3, at most 80 characters of it; if empty, as without. */
  public Replies saying(String text) {
    Further other = new Further(further.wantCommit(), further.expected(), text);
    return new Replies(time, controlIds, senders, other);
  }

  /**
   * The same, but each reply asks for a commit acknowledgment of its own: for those that are sent
   * as messages by themselves, not on the connection of what they answer.
   */
  public Replies wantingCommit() {
    return new Replies(
        time, controlIds, senders, new Further(true, further.expected(), further.text()));
  }

  /** What differs for the sender of a message. */
  public SenderProfile sender(V2Header header) {
    return sender(header.sender());
  }

  /** The same, by MSH-3.1 {@code @} MSH-4.1. */
  public SenderProfile sender(String sender) {
    return senders.apply(sender);
  }

  /** Which acknowledgments the sender of a message gets. */
  public AckMode mode(V2Header header) {
    return switch (sender(header).acknowledging().mode()) {
      case AS_ASKED -> AckMode.of(header);
      case ORIGINAL -> AckMode.ORIGINAL;
      case NONE -> AckMode.SILENT;
    };
  }

  /**
   * What the sender of a message is told at once that was not taken: in enhanced mode the commit
   * acknowledgment, or the application acknowledgment where only that one is asked for.
   *
   * @param code AE or AR
   * @return empty if its sender wants to hear nothing of it
   */
  public Optional<byte[]> turnAway(V2Message received, AckCode code, List<V2Fault> faults) {
    AckMode mode = mode(received.header());
    if (mode.enhanced() && mode.commit().tells(false)) {
      return Optional.of(refuse(received, code.asCommit(), faults));
    }
    return mode.application().tells(false)
        ? Optional.of(refuse(received, code, faults))
        : Optional.empty();
  }

  /** {@code ACK^<trigger>^ACK} without errors: MSA-3 stays empty. */
  public byte[] accept(V2Message received, AckCode code) {
    return refuse(received, code, List.of());
  }

  /** As {@link #accept(V2Message, AckCode)}, with a text in MSA-3: at most 80 characters of it. */
  public byte[] accept(V2Message received, AckCode code, String text) {
    String trigger = received.header().triggerEvent();
    String structure = trigger.isEmpty() ? "" : "ACK";
    return start(received, "ACK", trigger, structure, code, List.of())
        .set(3, cut(text, LONGEST_MSA_TEXT))
        .bytes();
  }

  /** An ACK with one ERR per fault. */
  public byte[] refuse(V2Message received, AckCode code, List<V2Fault> faults) {
    String trigger = received.header().triggerEvent();
    return start(received, "ACK", trigger, trigger.isEmpty() ? "" : "ACK", code, faults).bytes();
  }

  /**
   * The minimal AR for bytes that hold no readable MSH: our own MSH, MSA-2 empty, ERR 100 with the
   * sentence.
   *
   * @param received nothing of it is repeated in the reply
   */
  public byte[] refuseUnreadable(byte[] received, String sentence) {
    V2Writer reply = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    reply.segment("MSH").set(3, OUR_NAME).set(7, now()).set(9, "ACK").set(10, controlIds.get());
    reply.set(11, "P").set(12, "2.5.1");
    reply.segment("MSA").set(1, AckCode.AR.name()).set(3, cut(sentence, LONGEST_MSA_TEXT));
    V2Location start = V2Location.segment("MSH", 1);
    error(reply, V2Fault.at(start, ErrorCode.SEGMENT_SEQUENCE, sentence));
    return reply.bytes();
  }

  /**
   * Starts a response of another type: MSH (MSH-9 as given, for example {@code ADR}, {@code A19},
   * {@code ADR_A19}), MSA and the ERR segments are written; the caller goes on with its own
   * segments.
   *
   * @param structure MSH-9.3, left out towards senders of version 2.3 and older
   */
  public V2Writer start(
      V2Message received,
      String messageCode,
      String triggerEvent,
      String structure,
      AckCode code,
      List<V2Fault> faults) {
    V2Header header = received.header();
    V2Writer reply = new V2Writer(received.separators(), received.charset().charset());
    reply.segment("MSH");
    reply.setRaw(3, header.receivingApplication()).setRaw(4, header.receivingFacility());
    reply.setRaw(5, header.sendingApplication()).setRaw(6, header.sendingFacility());
    reply.set(7, now());
    reply.set(9, 1, messageCode).set(9, 2, triggerEvent);
    reply.set(9, 3, header.before("2.3.1") ? "" : structure);
    reply.set(10, controlIds.get());
    reply.setRaw(11, orElse(header.rawProcessingId(), "P"));
    reply.setRaw(12, orElse(header.rawVersion(), "2.5.1"));
    if (further.wantCommit()) {
      reply.set(15, AckMode.When.AL.name()).set(16, AckMode.When.NE.name());
    }
    reply.setRaw(18, header.rawCharacterSet());
    reply.segment("MSA").set(1, asTaken(code, header).name());
    reply.setRaw(2, received.msh().field(10).raw());
    if (!further.text().isEmpty()) {
      reply.set(3, cut(further.text(), LONGEST_MSA_TEXT));
    } else if (!faults.isEmpty()) {
      reply.set(3, cut(faults.get(0).sentence(), LONGEST_MSA_TEXT));
    }
    further.expected().ifPresent(number -> reply.set(4, Long.toString(number)));
    errors(reply, header, faults);
    return reply;
  }

  private AckCode asTaken(AckCode code, V2Header header) {
    boolean swaps = code == AckCode.AE || code == AckCode.AR;
    if (swaps && sender(header).acknowledging().swapped()) {
      return code == AckCode.AE ? AckCode.AR : AckCode.AE;
    }
    return code;
  }

  private static void errors(V2Writer reply, V2Header header, List<V2Fault> faults) {
    if (!header.before("2.5")) {
      faults.forEach(fault -> error(reply, fault));
      return;
    }
    // An ERR of these versions has no severity, so that a warning would be read as an error.
    List<V2Fault> told = faults.stream().filter(fault -> !fault.warning()).toList();
    if (!told.isEmpty()) {
      reply.segment("ERR");
      for (int i = 0; i < told.size(); i++) {
        oldError(reply, i + 1, told.get(i));
      }
    }
  }

  /** HL7 v2.5.1 ch. 2.14.5 (ERR). */
  private static void error(V2Writer reply, V2Fault fault) {
    reply.segment("ERR");
    fault
        .location()
        .ifPresent(
            location -> {
              reply.set(2, 1, location.segment());
              int[] numbers = location.numbers();
              for (int i = 0; i < numbers.length; i++) {
                reply.set(2, i + 2, Integer.toString(numbers[i]));
              }
            });
    reply.set(3, 1, Integer.toString(fault.code().number()));
    reply.set(3, 2, fault.code().text()).set(3, 3, "HL70357");
    reply.set(4, fault.warning() ? "W" : "E");
    reply.set(7, fault.diagnostic());
    reply.set(8, cut(fault.sentence(), LONGEST_USER_MESSAGE));
  }

  /** ERR-1 of versions before 2.5: segment, sequence, field, code with its text. */
  private static void oldError(V2Writer reply, int repetition, V2Fault fault) {
    fault
        .location()
        .ifPresent(
            location -> {
              reply.set(1, repetition, 1, 1, location.segment());
              int[] numbers = location.numbers();
              for (int i = 0; i < Math.min(numbers.length, 2); i++) {
                reply.set(1, repetition, i + 2, 1, Integer.toString(numbers[i]));
              }
            });
    reply.set(1, repetition, 4, 1, Integer.toString(fault.code().number()));
    reply.set(1, repetition, 4, 2, fault.code().text());
  }

  String newControlId() {
    return controlIds.get();
  }

  String now() {
    return time.now();
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String cut(String sentence, int longest) {
    if (sentence.length() <= longest) {
      return sentence;
    }
    int end = Character.isHighSurrogate(sentence.charAt(longest - 1)) ? longest - 1 : longest;
    return sentence.substring(0, end);
  }

  /** MSA-1 and MSA-2 of a reply, for those who judge one; empty if it holds no MSA. */
  public static Optional<Acknowledged> judge(byte[] reply) {
    try {
      return V2Message.read(reply)
          .first("MSA")
          .map(
              msa ->
                  new Acknowledged(
                      msa.text(1).strip(),
                      msa.field(2).repetition(1).whole(),
                      msa.field(3).repetition(1).whole()));
    } catch (V2FormatException unreadable) {
      return Optional.empty();
    }
  }

  /** What a reply says. {@code code} as received, for example {@code AA}. */
  public record Acknowledged(String code, String controlId, String text) {}
}

package org.millrace.routing;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.AcknowledgmentHabits;
import org.millrace.hl7.Batch;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.Replies;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Header;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Answer;
import org.millrace.intake.Caller;
import org.millrace.intake.WayBack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code hl7}: takes the bytes of one message from any way in, hands it to the feed of its
 * type and gives back the reply; there is one for every input. Thread-safe.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** Exchange property: the {@link org.millrace.journal.Feed} that took the message. */
  static final String FEED = "MillraceFeed";

  /** Exchange property: the {@link Caller}. */
  static final String CALLER = "MillraceCaller";

  /** Exchange property of the listener: its senders get no replies. */
  static final String NO_REPLIES = "MillraceNoReplies";

  /** Exchange property of the listener: how batches are answered, batch, each or one. */
  static final String BATCH_REPLIES = "MillraceBatchReplies";

  /** Exchange property for the listener: several replies, in place of the body. */
  static final String REPLIES = "MillraceReplies";

  /** Exchange property for the listener: the message must be sent again. */
  static final String NOT_TAKEN = "MillraceNotTaken";

  /** Exchange property of the listener: sends a further reply on the connection. */
  static final String WAY_BACK = "MillraceWayBack";

  /** Exchange property: the {@link Answer} that a step gave, if it wants to know how it fared. */
  static final String ANSWER = "MillraceAnswer";

  /** Exchange property for the listener, which tells whether the reply could be written. */
  static final String REPLY_WRITTEN = "MillraceReplyWritten";

  /** Message header: the address of the sender, as the listener saw it. */
  public static final String PEER = "MillracePeer";

  private final FeedTable feeds;
  private final HeaderCheck headerCheck;
  private final Replies replies;
  private final BatchAnswers batches;
  private volatile Function<V2Message, Optional<byte[]>> openings = message -> Optional.empty();
  private final SenderProfiles senders;
  private final PreScan preScan;

  public Dispatcher(
      FeedTable feeds,
      HeaderCheck headerCheck,
      Replies replies,
      SenderProfiles senders,
      PreScan preScan) {
    this.feeds = feeds;
    this.headerCheck = headerCheck;
    this.replies = replies;
    this.senders = senders;
    this.preScan = preScan;
    this.batches = new BatchAnswers(replies);
  }

  /** Messages that open a link, and hold nothing else, are answered by this from now on. */
  public void openedBy(Function<V2Message, Optional<byte[]>> answers) {
    openings = answers;
  }

  /**
   * For route files: body in is the message as received, body out is the reply; every header is
   * dropped.
   */
  public void receive(Exchange exchange) {
    byte[] message = exchange.getMessage().getBody(byte[].class);
    String peer = exchange.getMessage().getHeader(PEER, "", String.class);
    boolean silent = exchange.getProperty(NO_REPLIES, false, Boolean.class);
    Caller caller = new Caller(peer, true, wayBack(exchange), silent);
    BatchAnswers.Form form =
        BatchAnswers.Form.of(exchange.getProperty(BATCH_REPLIES, "batch", String.class));
    BatchAnswers.Answered answered =
        answerAll(
            message == null ? new byte[0] : message,
            form,
            caller,
            SendingRule.ANY,
            exchange.getContext());
    Answer answer = answered.answer();
    if (!answered.each().isEmpty()) {
      exchange.setProperty(REPLIES, answered.each());
    }
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(answer.reply());
    exchange.setProperty(REPLY_WRITTEN, answer.written());
    exchange.setProperty(NOT_TAKEN, !answer.taken());
  }

  @SuppressWarnings("unchecked") // What the property holds is said where its name is declared.
  private static Optional<WayBack> wayBack(Exchange exchange) {
    return exchange.getProperty(WAY_BACK) instanceof BiConsumer<?, ?> send
        ? Optional.of(((BiConsumer<byte[], Consumer<Boolean>>) send)::accept)
        : Optional.empty();
  }

  /**
   * The reply to a message. Not another {@code receive}: a route that names that method would take
   * whichever fits the body, and this one without its sender. The reply counts as given, and the
   * caller as waiting on a thread that others need too.
   *
   * @param bytes without MLLP framing
   * @param peer the sender's address, for the journal
   * @param rule whose messages are taken from there
   */
  public byte[] replyTo(byte[] bytes, String peer, SendingRule rule, CamelContext context) {
    return answerAll(bytes, BatchAnswers.Form.BATCH, new Caller(peer, false), rule, context)
        .answer()
        .given();
  }

  private BatchAnswers.Answered answerAll(
      byte[] bytes, BatchAnswers.Form form, Caller caller, SendingRule rule, CamelContext context) {
    Optional<V2Fault> tooMany = preScan.checkBatch(bytes);
    if (tooMany.isPresent()) {
      return new BatchAnswers.Answered(refuseBatch(bytes, tooMany.get()), List.of());
    }
    Optional<Batch> batch = Batch.read(bytes);
    return batch.isPresent()
        ? batches.answer(batch.get(), form, message -> answer(message, caller, rule, context))
        : new BatchAnswers.Answered(answer(bytes, caller, rule, context), List.of());
  }

  /** As the first message of it, if it begins with one. */
  private Answer refuseBatch(byte[] bytes, V2Fault fault) {
    try {
      return refuse(V2Message.readHeader(bytes), fault);
    } catch (V2FormatException noHeader) {
      return unheard(replies.refuseUnreadable(bytes, fault.sentence()));
    }
  }

  private Answer answer(byte[] bytes, Caller caller, SendingRule rule, CamelContext context) {
    V2Message message;
    Optional<FeedTable.Entry> entry;
    SenderProfile sender;
    try {
      Optional<V2Fault> tooMuch = preScan.check(bytes);
      if (tooMuch.isPresent()) {
        return refuse(V2Message.readHeader(bytes), tooMuch.get());
      }
      message = V2Message.read(bytes);
      sender = senders.of(message.header().sender());
      entry = feeds.find(message.header().type(), message.header().sender());
      message = inCharsetThatIsSet(message, sender, entry);
    } catch (V2FormatException e) {
      return unheard(replies.refuseUnreadable(bytes, String.valueOf(e.getMessage())));
    }
    Optional<String> notItsSender = rule.fault(message.header().sender());
    if (notItsSender.isPresent()) {
      return refuse(
          message,
          V2Fault.at(V2Location.field("MSH", 1, 3), ErrorCode.INTERNAL, notItsSender.get()));
    }
    if (entry.isEmpty() && message.header().messageCode().equals("ACK")) {
      // To a reply of ours. Two systems that acknowledge acknowledgments would never end.
      return unheard(new byte[0]);
    }
    V2Message read = message;
    Optional<V2Fault> fault =
        headerCheck.check(read, sender).or(() -> faultOfWishes(read.header()));
    if (fault.isPresent()) {
      return refuse(message, fault.get());
    }
    Optional<byte[]> opening = openings.apply(message);
    if (opening.isPresent()) {
      return unheard(opening.get());
    }
    if (entry.isEmpty()) {
      return refuse(message, unsupported(message.header()));
    }
    senders.count(message.header().sender(), message.asRead().departures());
    return handOver(message, caller, entry.get(), context);
  }

  private Answer handOver(
      V2Message message, Caller caller, FeedTable.Entry entry, CamelContext context) {
    Exchange exchange = new DefaultExchange(context);
    exchange.setProperty(FEED, entry.feed());
    exchange.setProperty(CALLER, caller);
    exchange.getMessage().setHeader(PEER, caller.peer());
    try {
      exchange.getMessage().setBody(message);
      entry.steps().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
      byte[] reply = exchange.getMessage().getBody(byte[].class);
      Answer answer = exchange.getProperty(ANSWER, Answer.class);
      if (reply != null && (reply.length > 0 || answer != null)) {
        // A later step may have put another reply in its place.
        return answer == null
            ? unheard(reply)
            : new Answer(reply, answer.written(), answer.taken());
      }
      LOG.error("feed {} left no reply; its last step must leave one", entry.feed().name());
    } catch (Exception | StackOverflowError | LinkageError e) {
      // The edge of the route: whatever broke, the sender is told to try again. Texts of exceptions
      // may quote the message.
      LOG.error("feed {} failed: {}", entry.feed().name(), placeOf(e));
    }
    return refuse(
            message,
            V2Fault.of(ErrorCode.INTERNAL, "The engine could not take the message; send it again"))
        .notTaken();
  }

  /** Of a sender whose acknowledgments are set otherwise, its wishes are not looked at. */
  private Optional<V2Fault> faultOfWishes(V2Header header) {
    boolean asked =
        replies.sender(header).acknowledging().mode() == AcknowledgmentHabits.Mode.AS_ASKED;
    return asked ? AckMode.fault(header) : Optional.empty();
  }

  /** As the message itself says, unless its sender or its feed says otherwise, the sender first. */
  private static V2Message inCharsetThatIsSet(
      V2Message message, SenderProfile sender, Optional<FeedTable.Entry> entry)
      throws V2FormatException {
    Optional<Charset> set = sender.charset().or(() -> entry.flatMap(each -> each.feed().charset()));
    return set.isPresent() ? V2Message.read(message.bytes(), set) : message;
  }

  private static String placeOf(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private V2Fault unsupported(V2Header header) {
    if (feeds.takes(header.type())) {
      return V2Fault.at(
          V2Location.field("MSH", 1, 3),
          ErrorCode.INTERNAL,
          "The feeds for this type take messages of other senders only");
    }
    boolean codeKnown = feeds.knowsMessageCode(header.messageCode());
    return V2Fault.at(
        V2Location.field("MSH", 1, 9),
        codeKnown ? ErrorCode.UNSUPPORTED_EVENT_CODE : ErrorCode.UNSUPPORTED_MESSAGE_TYPE,
        "MSH-9 is none of the types taken here: " + feeds.served());
  }

  private Answer refuse(V2Message message, V2Fault fault) {
    return unheard(
        replies.turnAway(message, AckCode.AR, List.of(fault)).orElseGet(() -> new byte[0]));
  }

  /** A reply of which nothing is on record, so that nobody asks how it fared. */
  private static Answer unheard(byte[] reply) {
    return new Answer(reply, took -> {});
  }
}

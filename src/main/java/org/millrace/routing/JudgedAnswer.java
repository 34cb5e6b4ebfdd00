package org.millrace.routing;

import java.time.Duration;
import java.util.Optional;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.journal.MessageState;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.Reason;

/**
 * The answer to a query, as it goes on record.
 *
 * @param refusal the sentence that its sender was told; {@link Reason#NONE} if it was answered
 */
record JudgedAnswer(QueryAnswer answer, Reason refusal) {

  /**
   * That nobody was found is an answer, though some senders want AE for it; AE and AR are refusals
   * else.
   *
   * @param took until it was there
   */
  static JudgedAnswer of(byte[] reply, Duration took) {
    Optional<V2Message> read = read(reply);
    String code = field(read, "MSA", 1);
    String status = field(read, "QAK", 2);
    boolean more = !field(read, "DSC", 1).isEmpty();
    QueryAnswer.Outcome outcome =
        status.equals("NF")
            ? QueryAnswer.Outcome.NOT_FOUND
            : code.equals("AA") ? QueryAnswer.Outcome.FOUND : QueryAnswer.Outcome.REFUSED;
    return new JudgedAnswer(
        new QueryAnswer(Optional.of(took), outcome, code, status, more),
        outcome == QueryAnswer.Outcome.REFUSED
            ? Reason.of("query-refused", sentence(read))
            : Reason.NONE);
  }

  /** An answer that was given, and a refusal, as states of messages. */
  MessageState state() {
    return refusal.equals(Reason.NONE) ? MessageState.DELIVERED : MessageState.REFUSED;
  }

  private static Optional<V2Message> read(byte[] reply) {
    try {
      return Optional.of(V2Message.read(reply));
    } catch (V2FormatException cannotBe) {
      return Optional.empty();
    }
  }

  private static String field(Optional<V2Message> reply, String segment, int number) {
    return first(reply, segment).map(each -> each.text(number).strip()).orElse("");
  }

  private static String sentence(Optional<V2Message> reply) {
    return first(reply, "MSA").map(msa -> msa.field(3).repetition(1).whole()).orElse("");
  }

  private static Optional<V2Segment> first(Optional<V2Message> reply, String segment) {
    return reply.flatMap(each -> each.first(segment));
  }
}

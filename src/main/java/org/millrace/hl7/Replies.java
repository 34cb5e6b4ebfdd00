package org.millrace.hl7;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes the replies of this engine: acknowledgments, and the head (MSH, MSA, ERR) of query
 * responses. Thread-safe.
 *
 * <p>MSH by HL7 v2.5.1 ch. 2.9.2 and the echo rules of original mode: MSH-3..6 swapped with all
 * components, own time and control id, MSH-11, -12 and -18 as received, MSH-15 and -16 not copied;
 * from version 2.5 on ERR-2, -3, -4, -7, -8, before that ERR-1 and MSA-3.
 */
public final class Replies {

  /**
   * @param zone what MSH-7 is written in, with its offset
   * @param controlIds gives a new MSH-10 (at most 20 characters) each time
   */
  public Replies(Clock clock, ZoneId zone, Supplier<String> controlIds) {}

  /** {@code ACK^<trigger>^ACK} without errors: MSA-3 stays empty. */
  public byte[] accept(V2Message received, AckCode code) {
    return refuse(received, code, List.of());
  }

  /** An ACK with one ERR per fault. */
  public byte[] refuse(V2Message received, AckCode code, List<V2Fault> faults) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * The minimal AR for bytes that hold no readable MSH: our own MSH, MSA-2 empty, ERR 100 with the
   * sentence.
   */
  public byte[] refuseUnreadable(byte[] received, String sentence) {
    throw new UnsupportedOperationException("not built yet");
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
    throw new UnsupportedOperationException("not built yet");
  }

  /** MSA-1 and MSA-2 of a reply, for those who judge one; empty if it holds no MSA. */
  public static Optional<Acknowledged> judge(byte[] reply) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** What a reply says. {@code code} as received, for example {@code AA}. */
  public record Acknowledged(String code, String controlId, String text) {}
}

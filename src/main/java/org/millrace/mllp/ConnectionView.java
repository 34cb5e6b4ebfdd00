package org.millrace.mllp;

import java.time.Duration;
import java.util.Optional;

/**
 * A connection of a sender as it was at the moment it was looked at, open or gone. Nothing in it is
 * of a patient.
 *
 * @param number among all connections since the engine started
 * @param peer address and port of the sender, {@code 10.1.2.3:51234}
 * @param tls empty in plain text
 * @param age since it was opened
 * @param lastFrame since its last frame came; empty if none has
 * @param sender as the last frame's header tells it; empty before one could be read
 * @param refusal the last; empty if nothing was refused
 * @param end empty as long as it is open
 */
public record ConnectionView(
    long number,
    String peer,
    Optional<Secured> tls,
    Duration age,
    Optional<Duration> lastFrame,
    Counts counts,
    Optional<Sender> sender,
    Optional<Refusal> refusal,
    Optional<End> end) {

  /** Of the sender, without the port. */
  public String address() {
    return peer.substring(0, peer.lastIndexOf(':'));
  }

  /**
   * Its TLS.
   *
   * @param version {@code TLSv1.3}
   * @param certificate the name of the client's (RFC 2253); empty if it showed none
   */
  public record Secured(String version, String certificate) {}

  /**
   * What went over it.
   *
   * @param frames that came in whole
   * @param answers that were written
   * @param refused frames that were turned away, and answers other than AA and CA
   * @param junk bytes outside of frames, line ends left out
   */
  public record Counts(long frames, long answers, long refused, long junk) {}

  /**
   * Who sends.
   *
   * @param name {@code MSH-3.1@MSH-4.1}
   * @param asks for which acknowledgments, in words
   * @param override what it gets in place of them, in words; empty if it gets what it asks for
   */
  public record Sender(String name, String asks, String override) {}

  /**
   * Something that was refused.
   *
   * @param words why, without values of the message
   */
  public record Refusal(String words, Duration ago) {}

  /**
   * How it ended.
   *
   * @param times how many connections of the address ended like this, the last of which it is; 1
   *     for each that brought a frame
   */
  public record End(String words, Duration ago, long times) {}
}

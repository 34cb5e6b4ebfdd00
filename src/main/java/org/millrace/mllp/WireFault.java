package org.millrace.mllp;

import java.util.Locale;

/**
 * Something on the wire that was turned away or could not be read.
 *
 * @param port the listener's
 * @param peer address and port of the sender, {@code 10.1.2.3:51234}
 * @param detail what more there is to say, without patient data; empty if nothing
 * @param count of bytes for what stood between frames, else 1
 * @param bytes the last of them, as received: they may be of a patient, so they belong into the
 *     journal and nowhere else; empty where there are none
 */
public record WireFault(Kind kind, int port, String peer, String detail, long count, byte[] bytes) {

  /** How many bytes are kept of what could not be read. */
  public static final int MOST_BYTES = 512;

  /** What was wrong. */
  public enum Kind {
    /** A connection of an address that is not on the list. */
    NOT_ALLOWED("its address is not among those that may connect"),
    /** A connection of an address that an operator lets in no more for a while. */
    BLOCKED("its address is blocked by an operator"),
    /** A connection beyond those of a port. */
    TOO_MANY("the port has as many connections as it may have"),
    /** A connection beyond those of an address. */
    TOO_MANY_OF_PEER("its address has as many connections as it may have"),
    /** A connection whose TLS handshake failed. */
    HANDSHAKE("the TLS handshake failed"),
    /** A message of a sender that the connection's certificate does not stand for. */
    WRONG_SENDER("its certificate does not stand for the sender (MSH-3, MSH-4)"),
    /** A frame beyond its limit of bytes. */
    TOO_LONG("a message was longer than is taken"),
    /** A frame that did not end in its time. */
    TOO_SLOW("a message did not end in its time"),
    /** A frame that the memory for frames had no room for. */
    NO_ROOM("there was no memory for a message"),
    /** A connection without a frame for too long. */
    IDLE("nothing came for too long"),
    /** A sender that did not read its reply. */
    REPLY_UNREAD("it did not read its reply"),
    /** A frame that another one began in, or that its connection ended in. */
    TORN("a message broke off before its end"),
    /** Bytes outside of frames. */
    BETWEEN_FRAMES("bytes came outside of messages");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people, without what differs from one to the other. */
    public String words() {
      return words;
    }

    /** As in metrics and listings: {@code too-long}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Without the bytes. */
  @Override
  public String toString() {
    return kind.label() + " at port " + port + " from " + peer;
  }
}

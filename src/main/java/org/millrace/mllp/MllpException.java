package org.millrace.mllp;

/** A message could not be sent, or its reply not read; the text names the peer, not the message. */
public final class MllpException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, and with it whether the peer may have the message. */
  public enum Reason {
    /** The host name is not known; nothing was sent. */
    UNKNOWN_HOST,
    /** Nobody listens there, or not within the time given; nothing was sent. */
    REFUSED,
    /** The message holds a framing character (VT or FS); nothing was sent. */
    NOT_SENDABLE,
    /** The connection was closed before, by this side; nothing was sent. */
    CLOSED,
    /** The peer ended the connection before its reply; it may have the message. */
    RESET,
    /** No whole reply within the time given; the peer may have the message. */
    NO_REPLY,
    /** The reply is longer than what is taken; the peer has the message. */
    REPLY_TOO_LONG,
    /** The peer sent bytes, but no MLLP frame: another protocol, as a rule. */
    NOT_MLLP,
    /** The two do not come together in TLS, or one of them has none; nothing was taken. */
    TLS,
    /** The reply holds no HL7 acknowledgment (no MSA); the peer may have the message. */
    NO_ACKNOWLEDGMENT,
    /** By MLLP release 2: the peer says (15, NAK) that it does not have the message. */
    NOT_COMMITTED,
    /** The reply is to another message (MSA-2); the peer may have this one. */
    WRONG_ID,
    /** The peer says that it did not take the message: AE, AR, CE or CR. */
    NOT_ACCEPTED
  }

  private final Reason reason;
  private final transient byte[] reply;

  MllpException(Reason reason, String sentence) {
    this(reason, sentence, new byte[0]);
  }

  MllpException(Reason reason, String sentence, byte[] reply) {
    super(sentence);
    this.reason = reason;
    this.reply = reply;
  }

  MllpException(Reason reason, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
    this.reply = new byte[0];
  }

  /** What the peer said, without framing; empty if there is no reply. It may hold patient data. */
  public byte[] reply() {
    return reply.clone();
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }
}

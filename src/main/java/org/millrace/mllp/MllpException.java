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
    REPLY_TOO_LONG
  }

  private final Reason reason;

  MllpException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  MllpException(Reason reason, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }
}

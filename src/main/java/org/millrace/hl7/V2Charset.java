package org.millrace.hl7;

import java.nio.charset.Charset;

/**
 * The charset a message was read with, and why.
 *
 * @param name what MSH-18 said, as received; empty if it said nothing
 */
public record V2Charset(Charset charset, Reason reason, String name) {

  /** How the charset was found, first that applies. */
  public enum Reason {
    /** A setting of the sender. */
    SENDER,
    /** MSH-18. */
    DECLARED,
    /** MSH-18 absent, unknown or plainly wrong; the bytes are valid UTF-8. */
    VALID_UTF8,
    /** None of these: windows-1252. */
    FALLBACK
  }
}

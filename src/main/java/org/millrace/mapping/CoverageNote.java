package org.millrace.mapping;

/**
 * Something in the message that did not make it across as it was. No values.
 *
 * @param path the v2 path (or FHIR path on the way back)
 * @param sentence why and what became of it
 */
public record CoverageNote(Kind kind, String path, String sentence) {

  /** What kind of loss. */
  public enum Kind {
    /** Valued, and no rule read it. */
    UNREAD,
    /** A rule read it and declares that it cannot be kept. */
    LOSSY,
    /** One of several was taken. */
    FIRST_OF_MANY,
    /** The code is in no table row. */
    UNKNOWN_CODE,
    /** A default was put in. */
    DEFAULTED,
    /** Cut to the target's limit. */
    SHORTENED,
    /** A time without an offset was taken to be in the feed's zone. */
    ZONE_ASSUMED,
    /** Made, but the target ignores or refuses it. */
    NOT_TAKEN,
    /** It could not be read as its type. */
    UNREADABLE
  }
}

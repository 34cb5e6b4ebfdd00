package org.millrace.console;

import java.util.Locale;
import org.millrace.journal.MessageState;

/**
 * A state as a word, a picture and a colour: nobody needs to tell colours apart.
 *
 * @param word as it is shown
 * @param tone by which the style sheet colours it and the template picks the picture
 */
record Mark(String word, Tone tone) {

  /** What a state asks of whoever looks. */
  enum Tone {
    /** All is well. */
    GOOD,
    /** It goes on by itself. */
    MOVING,
    /** Somebody holds it back. */
    PAUSED,
    /** A person must look. */
    HELD,
    /** It did not work. */
    BAD,
    /** Nothing more comes of it. */
    QUIET
  }

  static Mark of(MessageState state) {
    return new Mark(
        state.name().toLowerCase(Locale.ROOT),
        switch (state) {
          case DELIVERED -> Tone.GOOD;
          case RECEIVED, QUEUED, SENDING, RETRYING -> Tone.MOVING;
          case HELD -> Tone.HELD;
          case REFUSED -> Tone.BAD;
          case FILTERED, DISCARDED -> Tone.QUIET;
        });
  }

  /** The class that the style sheet knows. */
  String css() {
    return tone.name().toLowerCase(Locale.ROOT);
  }

  boolean good() {
    return tone == Tone.GOOD;
  }

  boolean moving() {
    return tone == Tone.MOVING;
  }

  boolean paused() {
    return tone == Tone.PAUSED;
  }

  boolean held() {
    return tone == Tone.HELD;
  }

  boolean bad() {
    return tone == Tone.BAD;
  }

  boolean quiet() {
    return tone == Tone.QUIET;
  }
}

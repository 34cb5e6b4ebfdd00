package org.millrace.healtheintent;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What one HTTP request came to: an answer, or none. */
sealed interface Answered {

  Duration took();

  /**
   * An HTTP answer.
   *
   * @param correlationId what Oracle's support asks for; printable
   */
  record Answer(int status, String correlationId, byte[] body, Duration took) implements Answered {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The status only: the body is a patient's. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * No answer.
   *
   * @param reason in words of ours, to follow a colon
   */
  record NoAnswer(Why why, String reason, Duration took) implements Answered {}

  /** Why there is no answer. */
  enum Why {
    NO_CONNECTION,
    DEADLINE,
    BROKEN,
    TOO_LARGE
  }
}

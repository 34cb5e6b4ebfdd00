package org.millrace.cerner;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What one HTTP request came to: an answer, or none. */
sealed interface Exchanged {

  Duration took();

  /**
   * An HTTP answer.
   *
   * @param headers by lower-case name, the first of each
   * @param body as received, after content decoding; empty if there was none, or if it broke off
   *     where the status alone says all
   */
  record Answer(int status, Map<String, String> headers, byte[] body, Duration took)
      implements Exchanged {

    /** The value as received; empty if there is none. */
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** What Oracle support asks for; made fit for a log line. */
    String requestId() {
      String id = header("X-Request-Id");
      return printable(id.isEmpty() ? header("Cerner-Correlation-ID") : id);
    }

    String opcRequestId() {
      return printable(header("opc-request-id"));
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private static String printable(String id) {
      String clean = id.replaceAll("[^\\x21-\\x7e]", "");
      return clean.substring(0, Math.min(clean.length(), 128));
    }

    /** The status only: headers and body may hold patient data. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * No answer.
   *
   * @param reason in words of ours, to follow a colon
   * @param sent whether any byte of the request may have reached the server
   */
  record NoAnswer(Why why, String reason, boolean sent, Duration took) implements Exchanged {}

  /** Why there is no answer. */
  enum Why {
    NO_CONNECTION,
    DEADLINE,
    BROKEN,
    TOO_LARGE
  }
}

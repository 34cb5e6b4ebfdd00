package org.millrace.journal;

import java.time.Instant;
import java.util.Map;

/** A create that a caller asked for under an Idempotency-Key of its own. */
public final class CreateRequest {
  private CreateRequest() {}

  /**
   * What tells one from another.
   *
   * @param tenant whose charts it is for
   * @param caller who asks, and by what it is known
   * @param key as the caller wrote it
   * @param path of what it was sent to
   * @param bodyDigest of {@link Digests}
   */
  public record Asked(String tenant, String caller, String key, String path, String bodyDigest) {
    /** Nothing: the body may be tried out where its digest is known. */
    @Override
    public String toString() {
      return "a create";
    }
  }

  /**
   * What was answered; of a patient.
   *
   * @param status of HTTP
   */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public Answer {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return Integer.toString(status);
    }
  }

  /** What is on record under a key. */
  public sealed interface OnRecord {
    /**
     * Nothing was, and it is now: whoever asked goes on, and says what came of it.
     *
     * @param id by which it says so
     */
    record Begun(long id) implements OnRecord {}

    /** Something else was asked for under this key. */
    record Other() implements OnRecord {}

    /**
     * It is under way, at this engine or another.
     *
     * @param until no longer than that
     */
    record UnderWay(Instant until) implements OnRecord {}

    /** Its engine stopped before it had an answer. */
    record Lost() implements OnRecord {}

    /**
     * It was answered.
     *
     * @param id as of {@link Begun}
     */
    record Answered(long id, Answer answer) implements OnRecord {}
  }
}

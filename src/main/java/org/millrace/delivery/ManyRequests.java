package org.millrace.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;

/**
 * What is asked of many messages at once, by command or at the console: of no more than are meant
 * to be, in order of arrival, and spread over a time, so that whoever sees it go wrong can still
 * stop it.
 */
public final class ManyRequests {
  /** If more are chosen, nothing is done. */
  public static final int MOST = 100;

  /** How many are begun a minute. */
  public static final int PER_MINUTE = 60;

  /** What a refusal says where the engine may have read its tables before they were mended. */
  static final String STALE =
      "; if its tables were mended since the engine started, restart it and ask again";

  private static final long MILLIS_OF_MINUTE = 60_000;

  private ManyRequests() {}

  /**
   * Why nothing is done with so many; empty if they are not too many.
   *
   * @param limit how they are limited, in the words of whoever asks
   */
  public static Optional<String> tooMany(long chosen, int most, String limit) {
    return chosen <= most
        ? Optional.empty()
        : Optional.of(
            chosen + " messages are chosen, and " + limit + " " + most + ": nothing was done.");
  }

  /**
   * Whether a refusal is due to what the engine has read, and not to the message: it would refuse
   * the others, too.
   *
   * @param outcome what the engine said to a request
   */
  public static boolean isOfOldTables(String outcome) {
    return outcome.startsWith("refused") && outcome.endsWith(STALE);
  }

  /**
   * A request for each, the first one to be carried out now.
   *
   * @param messages their numbers, in order of arrival
   * @param why in the words of who asks
   * @param perMinute how many are begun a minute
   */
  public static List<NewRequest> of(
      OperatorVerb verb,
      List<Long> messages,
      AuditEvent.Actor who,
      String why,
      Instant now,
      int perMinute) {
    List<NewRequest> requests = new ArrayList<>();
    for (long message : messages) {
      Instant at = now.plusMillis(requests.size() * MILLIS_OF_MINUTE / perMinute);
      requests.add(NewRequest.of(verb.word(), message, who, why).notBefore(at));
    }
    return List.copyOf(requests);
  }
}

package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which queries are meant; an empty part asks for nothing.
 *
 * @param feed by the name of its route file
 * @param sender {@code MSH-3@MSH-4} as listed
 * @param since asked at or after
 * @param until asked before
 * @param slower those alone that took at least so long
 * @param limit at most so many
 */
public record QueryFilter(
    Optional<QueryAnswer.Outcome> outcome,
    Optional<String> feed,
    Optional<String> sender,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<Duration> slower,
    int limit) {
  private static final int USUAL_LIMIT = 100;

  /** All queries, 100 at most. */
  public static final QueryFilter ANY =
      new QueryFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          USUAL_LIMIT);

  /** No more than this. */
  public QueryFilter atMost(int most) {
    return new QueryFilter(outcome, feed, sender, since, until, slower, most);
  }
}

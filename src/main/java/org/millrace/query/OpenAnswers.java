package org.millrace.query;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is still to be given of answers longer than QRD-7 allows: ids at Cerner by continuation
 * pointer, in memory, for a while. Thread-safe.
 *
 * <p>A pointer stays good after use, so that a sender whose reply got lost can ask the page again.
 */
final class OpenAnswers {
  private final Clock clock;
  private final Duration life;
  private final int most;
  private final Supplier<String> pointers;
  private final Map<String, Held> held = new LinkedHashMap<>();

  /**
   * @param life how long a pointer is good for after it was given
   * @param most how many are kept; the oldest goes first
   * @param pointers gives a new one each time, not to be guessed
   */
  OpenAnswers(Clock clock, Duration life, int most, Supplier<String> pointers) {
    this.clock = clock;
    this.life = life;
    this.most = most;
    this.pointers = pointers;
  }

  /** Keeps the rest of an answer and gives the pointer to it. */
  synchronized String keep(Rest rest) {
    dropExpired();
    if (held.size() >= most) {
      held.remove(held.keySet().iterator().next());
    }
    String pointer = pointers.get();
    held.put(pointer, new Held(rest, clock.instant().plus(life)));
    return pointer;
  }

  /**
   * The rest a pointer leads to; empty if it is unknown, has expired, or was given to somebody else
   * or for another question.
   */
  synchronized Optional<Rest> rest(String pointer, String sameness) {
    dropExpired();
    return Optional.ofNullable(held.get(pointer))
        .map(Held::rest)
        .filter(rest -> rest.sameness().equals(sameness));
  }

  private void dropExpired() {
    Instant now = clock.instant();
    held.values().removeIf(one -> !now.isBefore(one.expires()));
  }

  /**
   * The part of an answer that was not given yet.
   *
   * @param sameness {@link Question#sameness}
   * @param waiting the patients still to be given, in order
   * @param total how many patients matched in all
   */
  record Rest(String sameness, List<Waiting> waiting, int total) {
    @Override
    public String toString() {
      return "Rest of " + waiting.size();
    }
  }

  /** A patient by id at Cerner: read again when asked for, so that a page is never stale. */
  record Waiting(String patientId, List<Match.OldNumber> oldNumbers) {}

  private record Held(Rest rest, Instant expires) {}
}

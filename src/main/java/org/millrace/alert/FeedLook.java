package org.millrace.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.millrace.journal.BacklogStore;
import org.millrace.journal.FigureStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.Symptom;

/** What is the matter with the messages of each feed, by the journal. For one thread. */
public final class FeedLook implements Supplier<List<Symptom>> {
  private static final Duration SHARE_OF = Duration.ofHours(1);
  private static final String UNKNOWN = "outcome-unknown";

  private final JournalDatabase journal;
  private final AlertSettings.OfFeeds limits;
  private final Habits habits;
  private final Clock clock;

  /**
   * The last message of each feed that was seen, so that the journal need not be looked through.
   */
  private final Map<String, Instant> last = new HashMap<>();

  /**
   * @param habits when each feed usually has messages
   */
  public FeedLook(
      JournalDatabase journal, AlertSettings.OfFeeds limits, Habits habits, Clock clock) {
    this.journal = journal;
    this.limits = limits;
    this.habits = habits;
    this.clock = clock;
  }

  @Override
  public List<Symptom> get() {
    List<Symptom> symptoms = new ArrayList<>();
    List<FigureStore.Came> came = journal.figures().since(clock.instant().minus(SHARE_OF));
    came.forEach(each -> last.merge(each.feed(), each.last(), FeedLook::later));
    for (BacklogStore.OfFeed feed : journal.backlog().feeds()) {
      age(feed, symptoms);
      silence(feed.feed().name(), symptoms);
    }
    stopped(symptoms);
    refused(came, symptoms);
    return symptoms;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void age(BacklogStore.OfFeed feed, List<Symptom> symptoms) {
    Instant limit = clock.instant().minus(limits.queueAge());
    feed.oldest()
        .filter(oldest -> oldest.isBefore(limit) && !limits.queueAge().isZero())
        .ifPresent(
            oldest ->
                symptoms.add(
                    AlertKind.QUEUE_AGE.symptom(
                        feed.feed().name(),
                        "waiting: "
                            + feed.waiting()
                            + ", the oldest since "
                            + oldest
                            + (feed.pause().isPresent() ? "; an operator has paused it" : ""))));
  }

  private void silence(String feed, List<Symptom> symptoms) {
    if (limits.silence().isZero()) {
      return;
    }
    Instant now = clock.instant();
    Instant from = now.minus(limits.silence());
    // What came at this very moment counts, too, and so does what came by a clock ahead of ours.
    Instant until = now.plus(SHARE_OF);
    Instant latest = last.getOrDefault(feed, Instant.MIN);
    boolean seen = latest.isAfter(from) && latest.isBefore(until);
    if (!seen
        && habits.usual(feed, limits.silence(), now)
        && !journal.figures().anyOf(feed, from, until)) {
      symptoms.add(
          AlertKind.SILENCE.symptom(
              feed,
              "no message since "
                  + from
                  + " at the latest; in at least three of the last four weeks some came at this"
                  + " time of the weekday"));
    }
  }

  private void stopped(List<Symptom> symptoms) {
    Map<String, Long> held = new TreeMap<>();
    Map<String, Long> unknown = new TreeMap<>();
    for (FigureStore.Stands each : journal.figures().standing()) {
      if (each.state() == MessageState.HELD) {
        Map<String, Long> to = each.reason().equals(UNKNOWN) ? unknown : held;
        to.merge(each.feed(), each.messages(), Long::sum);
      }
    }
    count(AlertKind.HELD, held, limits.held(), "HELD: ", symptoms);
    count(
        AlertKind.OUTCOME_UNKNOWN,
        unknown,
        limits.unknown(),
        "HELD, and nobody knows whether Cerner filed them: ",
        symptoms);
  }

  private static void count(
      AlertKind kind, Map<String, Long> counts, int from, String words, List<Symptom> symptoms) {
    counts.forEach(
        (feed, count) -> {
          if (from > 0 && count >= from) {
            symptoms.add(kind.symptom(feed, words + count));
          }
        });
  }

  private void refused(List<FigureStore.Came> came, List<Symptom> symptoms) {
    int percent = limits.refused().percent();
    if (percent == 0) {
      return;
    }
    Map<String, Long> all = new TreeMap<>();
    Map<String, Long> refused = new HashMap<>();
    for (FigureStore.Came each : came) {
      all.merge(each.feed(), each.messages(), Long::sum);
      if (each.state() == MessageState.REFUSED) {
        refused.merge(each.feed(), each.messages(), Long::sum);
      }
    }
    all.forEach(
        (feed, count) -> {
          long bad = refused.getOrDefault(feed, 0L);
          if (count >= limits.refused().least() && bad * 100 >= count * percent) {
            symptoms.add(
                AlertKind.REFUSED_SHARE.symptom(
                    feed, bad + " of the " + count + " messages of the last hour are REFUSED"));
          }
        });
  }
}

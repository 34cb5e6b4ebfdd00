package org.millrace.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.millrace.cerner.Fault;
import org.millrace.cerner.Pause;
import org.millrace.journal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds messages back while Cerner is not asked for what they need, and tells once when that is a
 * matter for a person, and once when it is over. Thread-safe; told by the dispatcher alone.
 *
 * <p>A permission that every message needs holds all of them back, so that they stay where they are
 * without an attempt each. Another one holds back only those that came upon it.
 */
final class UpstreamPauses {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamPauses.class);

  /**
   * Of one tenant. Without these no message comes to an end at Cerner: each is for a patient, and
   * files notes.
   */
  private static final Set<String> NEEDED_BY_ALL =
      Set.of(Pause.CONNECTION, "Patient.read", "DocumentReference.write");

  private final TenantCharts charts;
  private final Set<String> neededByAll;
  private final StoppedListener listener;
  private final Clock clock;
  private final Map<Long, String> turnedBack = new ConcurrentHashMap<>();
  private final Map<String, Reason> told = new HashMap<>();
  private Set<String> paused = Set.of();

  UpstreamPauses(TenantCharts charts, StoppedListener listener, Clock clock) {
    this.charts = charts;
    // Of several tenants, one whose Cerner is down must not hold up the others' messages.
    this.neededByAll = charts.isOne() ? NEEDED_BY_ALL : Set.of();
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Until when no message is handed out; empty if one may be. When the time of a pause is up, one
   * message is the probe, alone.
   *
   * @param underWay messages that are being worked on
   */
  Optional<Instant> heldUntil(int underWay) {
    Instant now = clock.instant();
    for (Pause pause : charts.pauses()) {
      if (neededByAll.contains(pause.what()) && (pause.holds(now) || underWay > 0)) {
        return Optional.of(pause.until());
      }
    }
    return Optional.empty();
  }

  /** This message came upon a pause; what it waits for is empty if it did not. */
  void noted(long id, String waitsFor) {
    if (waitsFor.isEmpty() || neededByAll.contains(waitsFor)) {
      turnedBack.remove(id);
    } else {
      turnedBack.put(id, waitsFor);
    }
  }

  /** This message waits for nothing any more: an operator ended it. */
  void ended(long id) {
    turnedBack.remove(id);
  }

  /** Until when this message has nothing to hope for; empty if it may go. */
  Optional<Instant> heldUntil(long id) {
    String what = turnedBack.get(id);
    if (what == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return charts.pauses().stream()
        .filter(pause -> pause.what().equals(what) && pause.holds(now))
        .map(pause -> pause.until().isAfter(now) ? pause.until() : now.plusSeconds(1))
        .findFirst();
  }

  /** Tells of each pause that a person must end: when it begins, and when it is over. */
  void tell() {
    List<Pause> pauses = charts.pauses();
    forgetWhatIsOver(pauses.stream().map(Pause::what).collect(Collectors.toSet()));
    for (Pause pause : pauses) {
      if (pause.needsPerson() && !told.containsKey(pause.what())) {
        Reason reason = reason(pause.fault());
        told.put(pause.what(), reason);
        LOG.error("delivery waits ({}): {}", pause.what(), reason.sentence());
        telling(() -> listener.paused(pause.what(), reason));
      }
    }
    Set<String> over = new HashSet<>(told.keySet());
    pauses.forEach(pause -> over.remove(pause.what()));
    for (String what : over) {
      Reason reason = told.remove(what);
      LOG.warn("delivery goes on ({})", what);
      telling(() -> listener.restored(what, reason));
    }
  }

  /**
   * Who waited for a pause that is over goes by itself; the lanes of some went to another engine,
   * and they do not come back to be noted.
   */
  private void forgetWhatIsOver(Set<String> now) {
    if (!now.containsAll(paused)) {
      turnedBack.values().retainAll(now);
    }
    paused = now;
  }

  private static void telling(Runnable notice) {
    try {
      notice.run();
    } catch (RuntimeException failure) {
      LOG.error("a pause could not be reported: {}", failure.getClass().getName());
    }
  }

  private static Reason reason(Fault fault) {
    return new Reason(
        fault.code().label(),
        fault.sentence(),
        Outcome.CHECK_CONNECTION,
        fault.whoActs().name().toLowerCase(Locale.ROOT));
  }
}

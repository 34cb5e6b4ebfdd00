package org.millrace.cerner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breaker of the whole connection, and one for each permission: that one kind of resource may
 * not be read says nothing of the others. Thread-safe.
 */
final class Breakers {
  private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

  /** A caller with less time than this says nothing of Cerner by giving up. */
  private static final Duration PATIENT = Duration.ofSeconds(5);

  private static final int PROXY_WANTS_CREDENTIALS = 407;

  private final CallLimits limits;
  private final Clock clock;
  private final Object lock = new Object();
  private final Breaker connection;
  private final Map<String, Breaker> permissions = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  Breakers(CallLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.connection = new Breaker(Pause.CONNECTION, limits.failures(), limits);
  }

  /** Called after a pause began or ended, on the thread of the call that met it. */
  void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /** What is not asked for now; that of the connection first. */
  List<Pause> pauses() {
    synchronized (lock) {
      List<Pause> pauses = new ArrayList<>();
      connection.pause().ifPresent(pauses::add);
      permissions.values().forEach(each -> each.pause().ifPresent(pauses::add));
      return List.copyOf(pauses);
    }
  }

  /** Lets a call through, or says at once why it would be in vain. */
  Reply<Entry> enter(Ask ask) {
    Instant now = clock.instant();
    synchronized (lock) {
      Optional<Breaker.Pass> all = connection.enter(now);
      if (all.isEmpty()) {
        return Reply.failed(notAsked(ask, connection, now));
      }
      Breaker ofKind = permission(ask);
      Optional<Breaker.Pass> kind = ofKind.enter(now);
      if (kind.isEmpty()) {
        connection.learnedNothing(all.get());
        return Reply.failed(notAsked(ask, ofKind, now));
      }
      return Reply.done(new Entry(ask, all.get(), kind.get()));
    }
  }

  private Breaker permission(Ask ask) {
    return permissions.computeIfAbsent(
        ask.permission(), name -> new Breaker(name, limits.refusals(), limits));
  }

  private static Fault notAsked(Ask ask, Breaker breaker, Instant now) {
    Pause pause = breaker.pause().orElseThrow();
    Fault cause = pause.fault();
    Duration left = Duration.between(now, pause.until());
    return new Fault(
        cause.code(),
        ask + " was not sent, since " + pause.since() + " it would be in vain: " + cause.sentence(),
        "",
        0,
        cause.requestId(),
        Optional.of(left.isNegative() ? Duration.ZERO : left),
        true,
        pause.what());
  }

  /** A call that was let through; closed without a word, it said nothing of Cerner. */
  final class Entry implements AutoCloseable {
    private final Ask ask;
    private final Breaker.Pass all;
    private final Breaker.Pass kind;
    private boolean told;

    private Entry(Ask ask, Breaker.Pass all, Breaker.Pass kind) {
      this.ask = ask;
      this.all = all;
      this.kind = kind;
    }

    /** Why the call must not be made any more, if the breaker opened while it waited. */
    Optional<Fault> overtaken() {
      synchronized (lock) {
        return connection.isGood(all)
            ? Optional.empty()
            : connection.pause().map(pause -> notAsked(ask, connection, clock.instant()));
      }
    }

    void succeeded() {
      changing(
          () -> {
            connection.succeeded(all);
            permission(ask).succeeded(kind);
          });
    }

    /**
     * The token server gave no token.
     *
     * @return the fault, with what it now waits for
     */
    Fault noToken(Fault fault) {
      boolean forSure = fault.kind() == FaultKind.PERSON;
      return failed(() -> connection.failed(all, fault, forSure, clock.instant()), fault, true);
    }

    /**
     * The FHIR server gave no answer, or none that is a success.
     *
     * @return the fault, with what it now waits for
     */
    Fault failed(Fault fault, Duration took) {
      return switch (fault.code()) {
        case UNREACHABLE, UNAVAILABLE -> failed(() -> maybeDown(fault), fault, true);
        case SERVER_ERROR, CONNECTION_BROKEN -> failed(() -> maybeDown(fault), fault, false);
        case TOO_SLOW ->
            took.compareTo(PATIENT) < 0 ? fault : failed(() -> maybeDown(fault), fault, false);
        case UNREADABLE_ANSWER, NO_TOKEN -> fault;
        case THROTTLED -> failed(() -> throttled(fault), fault, true);
        case CREDENTIALS_REFUSED -> failed(() -> refusesUs(fault), fault, true);
        case NOT_PERMITTED ->
            fault.status() == PROXY_WANTS_CREDENTIALS
                ? failed(() -> refusesUs(fault), fault, true)
                : notPermitted(fault);
        default -> {
          succeeded();
          yield fault;
        }
      };
    }

    private void maybeDown(Fault fault) {
      connection.failed(all, fault, false, clock.instant());
    }

    private void refusesUs(Fault fault) {
      connection.failed(all, fault, true, clock.instant());
    }

    private void throttled(Fault fault) {
      Instant now = clock.instant();
      fault
          .retryAfter()
          .filter(asked -> !asked.isZero())
          .ifPresentOrElse(
              asked -> connection.hold(all, fault, asked, now), () -> connection.succeeded(all));
    }

    private Fault notPermitted(Fault fault) {
      changing(
          () -> {
            connection.succeeded(all);
            permission(ask).failed(kind, fault, false, clock.instant());
          });
      synchronized (lock) {
        return permission(ask)
            .pause()
            .filter(pause -> pause.fault().code() == FaultCode.NOT_PERMITTED)
            .map(pause -> fault.waitingFor(pause.what()))
            .orElse(fault);
      }
    }

    /**
     * @param notOfMessage whether another request would have met the same
     */
    private Fault failed(Runnable telling, Fault fault, boolean notOfMessage) {
      changing(telling);
      synchronized (lock) {
        return notOfMessage && connection.pause().isPresent()
            ? fault.waitingFor(Pause.CONNECTION)
            : fault;
      }
    }

    /** Lets go of what it holds besides, and tells the listeners if a pause began or ended. */
    private void changing(Runnable telling) {
      List<Pause> before;
      List<Pause> after;
      synchronized (lock) {
        before = pauses();
        telling.run();
        told = true;
        connection.learnedNothing(all);
        permission(ask).learnedNothing(kind);
        after = pauses();
      }
      if (!before.equals(after)) {
        log(before, after);
        listeners.forEach(Runnable::run);
      }
    }

    @Override
    public void close() {
      if (!told) {
        changing(() -> {});
      }
    }
  }

  private static void log(List<Pause> before, List<Pause> after) {
    for (Pause pause : after) {
      if (before.stream().noneMatch(old -> old.what().equals(pause.what()))) {
        LOG.warn("nothing is asked of Cerner for now ({}): {}", pause.what(), pause.fault());
      }
    }
    for (Pause pause : before) {
      if (after.stream().noneMatch(now -> now.what().equals(pause.what()))) {
        LOG.warn(
            "Cerner is asked again ({}), after {}", pause.what(), pause.fault().code().label());
      }
    }
  }
}

package org.millrace.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * What is asked of Cerner before a request is carried out, on another thread than that which
 * carries it out: a slow Cerner must not keep messages from being handed out. Thread-safe.
 */
final class Looks<T> {
  /** Of what was seen long ago, by an engine that had not the lane meanwhile, nothing is made. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(30);

  private final Executor executor;
  private final Clock clock;
  private final Runnable whenDone;
  private final Map<Long, CompletableFuture<Seen<T>>> looks = new ConcurrentHashMap<>();

  private record Seen<T>(T what, Instant at) {}

  /**
   * @param whenDone is told, on any thread, that a look is done
   */
  Looks(Executor executor, Clock clock, Runnable whenDone) {
    this.executor = executor;
    this.clock = clock;
    this.whenDone = whenDone;
  }

  /**
   * What was seen for a request: the first time that is asked for, a look is begun.
   *
   * @return empty while the look is under way, and when the engine stops
   */
  Optional<T> of(long request, Supplier<T> look) {
    CompletableFuture<Seen<T>> begun;
    try {
      begun = begun(request, look);
    } catch (RejectedExecutionException stopping) {
      return Optional.empty();
    }
    if (!begun.isDone()) {
      return Optional.empty();
    }
    looks.remove(request);
    Seen<T> seen = begun.join();
    return seen.at().plus(GOOD_FOR).isBefore(clock.instant())
        ? of(request, look)
        : Optional.of(seen.what());
  }

  private CompletableFuture<Seen<T>> begun(long request, Supplier<T> look) {
    return looks.computeIfAbsent(
        request,
        any ->
            CompletableFuture.supplyAsync(() -> new Seen<>(look.get(), clock.instant()), executor)
                .whenComplete((seen, failure) -> whenDone.run()));
  }
}

package org.millrace.query;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.millrace.cerner.Deadline;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.millrace.trace.Traces;

/**
 * Asks Cerner several things at once, since a list of patients read one after another would not be
 * answered within the deadline. Thread-safe.
 */
final class Together implements AutoCloseable {
  private final ExecutorService pool;

  /**
   * @param most how many requests run at the same time, over all queries
   */
  Together(int most) {
    AtomicInteger number = new AtomicInteger();
    pool =
        Executors.newFixedThreadPool(
            most,
            task -> {
              Thread thread = new Thread(task, "query-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What each item came to, in order; or the first fault, and then nothing more is asked. */
  <T, R> Finding<List<R>> each(List<T> items, Deadline deadline, Function<T, Finding<R>> ask) {
    if (items.size() == 1) {
      return ask.apply(items.get(0)).then(one -> Finding.found(List.of(one)));
    }
    List<Future<Finding<R>>> asked = new ArrayList<>();
    for (T item : items) {
      asked.add(pool.submit(Traces.onward(() -> ask.apply(item))));
    }
    try {
      return gather(asked, deadline);
    } finally {
      asked.forEach(one -> one.cancel(false));
    }
  }

  private static <R> Finding<List<R>> gather(List<Future<Finding<R>>> asked, Deadline deadline) {
    List<R> results = new ArrayList<>();
    for (Future<Finding<R>> one : asked) {
      Finding<R> finding = await(one, deadline);
      if (!(finding instanceof Finding.Found<R> found)) {
        return finding.then(never -> Finding.found(List.of()));
      }
      results.add(found.value());
    }
    return Finding.found(results);
  }

  private static <R> Finding<R> await(Future<Finding<R>> asked, Deadline deadline) {
    try {
      return asked.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Finding.refused(
          V2Fault.of(ErrorCode.INTERNAL, "Cerner did not answer in time; ask again later"));
    } catch (InterruptedException | CancellationException e) {
      Thread.currentThread().interrupt();
      return Finding.refused(
          V2Fault.of(ErrorCode.INTERNAL, "The engine is being stopped; ask again"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("A request to Cerner could not be made", e.getCause());
    }
  }

  /** Ends what is running; no answer is given after that. */
  @Override
  public void close() {
    pool.shutdownNow();
  }
}

package org.millrace.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.millrace.cerner.Deadline;
import org.millrace.journal.ContinuationStore;

/**
 * What is still to be given of answers longer than QRD-7 allows: ids at Cerner by continuation
 * pointer, in the journal, for a while. Thread-safe.
 *
 * <p>A pointer stays good after use, so that a sender whose reply got lost can ask the page again;
 * it stays good when the engine is started anew, and for each engine on the same journal.
 */
final class OpenAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ContinuationStore store;
  private final String tenant;
  private final Clock clock;
  private final Duration life;
  private final int most;
  private final Supplier<String> pointers;

  /**
   * @param tenant whose patients they are
   * @param settings how long a pointer is good for after it was given, and how many are kept
   * @param pointers gives a new one each time, not to be guessed
   */
  OpenAnswers(
      ContinuationStore store,
      String tenant,
      QuerySettings settings,
      Clock clock,
      Supplier<String> pointers) {
    this.store = store;
    this.tenant = tenant;
    this.clock = clock;
    this.life = settings.limits().pointerLife();
    this.most = settings.limits().pointers();
    this.pointers = pointers;
  }

  /**
   * Keeps the rest of an answer and gives the pointer to it.
   *
   * @return empty if it is not on disk within the deadline
   */
  Optional<String> keep(Rest rest, Deadline deadline) {
    String pointer = pointers.get();
    try {
      store
          .keep(place(pointer, rest.sameness()), write(rest), clock.instant().plus(life), most)
          .get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
      return Optional.of(pointer);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException notOnDisk) {
      return Optional.empty();
    }
  }

  /**
   * The rest a pointer leads to; empty if it is unknown, has expired, or was given to somebody else
   * or for another question.
   */
  Optional<Rest> rest(String pointer, String sameness) {
    return store
        .rest(place(pointer, sameness))
        .map(OpenAnswers::read)
        .map(kept -> new Rest(sameness, kept.waiting(), kept.total()));
  }

  private ContinuationStore.Place place(String pointer, String sameness) {
    return new ContinuationStore.Place(tenant, pointer, sameness);
  }

  private static String write(Rest rest) {
    try {
      return JSON.writeValueAsString(new Kept(rest.waiting(), rest.total()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the rest of an answer could not be written", impossible);
    }
  }

  private static Kept read(String json) {
    try {
      return JSON.readValue(json, Kept.class);
    } catch (JsonProcessingException impossible) {
      // Its text may quote what is in it.
      throw new IllegalStateException("the rest of an answer in the journal cannot be read");
    }
  }

  /** As it stands in the journal. */
  private record Kept(List<Waiting> waiting, int total) {}

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
}

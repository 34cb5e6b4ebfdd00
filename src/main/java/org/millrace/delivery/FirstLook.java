package org.millrace.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.BusinessKeys;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.QueuedMessage;

/**
 * Looks into a message before its turn comes: in which lane it stands, and which numbers it has.
 * Both are kept, so that it need not be read for that again. Thread-safe.
 */
final class FirstLook {
  private final JournalDatabase journal;
  private final MessageMapping mapping;

  FirstLook(JournalDatabase journal, MessageMapping mapping) {
    this.journal = journal;
    this.mapping = mapping;
  }

  /**
   * @return completes with the lane once it is on disk; the empty text if there is no such message
   */
  CompletableFuture<String> at(long id) {
    return at(List.of(id)).getOrDefault(id, CompletableFuture.completedFuture(""));
  }

  /**
   * The same of several: their bytes are read one after the other, so that few are in memory.
   *
   * @return by their numbers; those that there are not, and those whose bytes are damaged, are left
   *     out
   */
  Map<Long, CompletableFuture<String>> at(List<Long> ids) {
    Map<Long, CompletableFuture<String>> lanes = new HashMap<>();
    if (!ids.isEmpty()) {
      journal.queue().each(ids, message -> lanes.put(message.id(), at(message)));
    }
    return lanes;
  }

  private CompletableFuture<String> at(QueuedMessage message) {
    if (message.isResource()) {
      String lane = LaneKey.of(message, ResourceFiling.patientId(message), journal.searchKeys());
      return journal.businessKeys().lookedInto(message.id(), lane, Set.of());
    }
    Optional<V2Message> content = read(message);
    String lane = LaneKey.of(message, content, journal.searchKeys());
    return journal.businessKeys().lookedInto(message.id(), lane, numbers(content));
  }

  /** The lane of a message, looked for only if it is not on record. */
  String laneOf(long id) {
    return journal.queue().laneOf(id).orElseGet(() -> Committed.await(at(id)));
  }

  private Optional<V2Message> read(QueuedMessage message) {
    try {
      return Optional.of(mapping.read(message));
    } catch (V2FormatException | RuntimeException | StackOverflowError unreadable) {
      // Its own attempt says what is wrong with it; looking for its lane must not stop the others.
      return Optional.empty();
    }
  }

  private static Set<BusinessKey> numbers(Optional<V2Message> content) {
    try {
      return content.map(BusinessKeys::of).orElse(Set.of());
    } catch (RuntimeException | StackOverflowError unreadable) {
      return Set.of();
    }
  }
}

package org.millrace.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.millrace.journal.Feed;
import org.millrace.journal.SenderNames;

/**
 * Which feed takes which message type: filled by the routes that start with {@code feed:}.
 * Thread-safe.
 */
public final class FeedTable {

  /** A feed and the steps of its route. */
  record Entry(Feed feed, Processor steps) {}

  private final Map<String, List<Entry>> byType = new ConcurrentHashMap<>();

  /**
   * @throws IllegalStateException if another feed takes one of its types of the same sender already
   */
  void open(Feed feed, Processor steps) {
    for (String type : feed.messageTypes()) {
      byType.compute(type, (key, there) -> joined(type, there, new Entry(feed, steps)));
    }
  }

  private static List<Entry> joined(String type, @Nullable List<Entry> there, Entry added) {
    List<Entry> all = new ArrayList<>(there == null ? List.of() : there);
    for (Entry other : all) {
      Optional<String> shared = senders(other.feed()).shared(senders(added.feed()));
      if (shared.isPresent()) {
        throw new IllegalStateException(
            "feeds "
                + other.feed().name()
                + " and "
                + added.feed().name()
                + " both take "
                + type
                + " of "
                + shared.get());
      }
    }
    all.add(added);
    return List.copyOf(all);
  }

  private static SenderNames senders(Feed feed) {
    return feed.settings().tenancy().senders();
  }

  void close(Feed feed) {
    byType.replaceAll(
        (type, entries) ->
            entries.stream().filter(entry -> !entry.feed().name().equals(feed.name())).toList());
    byType.values().removeIf(List::isEmpty);
  }

  /**
   * The feed that takes a message: one that names its sender, else one that names nobody.
   *
   * @param sender {@code MSH-3@MSH-4}
   */
  Optional<Entry> find(String type, String sender) {
    List<Entry> entries = byType.getOrDefault(type, List.of());
    return entries.stream()
        .filter(entry -> senders(entry.feed()).name(sender))
        .findFirst()
        .or(
            () ->
                entries.stream()
                    .filter(entry -> senders(entry.feed()).names().isEmpty())
                    .findFirst());
  }

  /**
   * The tenant that a message is of, by the feed that takes it; the one without a name if none
   * does.
   *
   * @param sender {@code MSH-3@MSH-4}
   */
  public String tenant(String type, String sender) {
    return find(type, sender).map(entry -> entry.feed().tenant()).orElse("");
  }

  /** True if a feed takes this type, of whichever senders. */
  boolean takes(String type) {
    return byType.containsKey(type);
  }

  /** All that are open. */
  public Set<Feed> feeds() {
    return byType.values().stream()
        .flatMap(List::stream)
        .map(Entry::feed)
        .collect(Collectors.toSet());
  }

  /** True if any feed takes a message of this code, whatever its trigger event. */
  boolean knowsMessageCode(String messageCode) {
    return byType.keySet().stream().anyMatch(type -> type.startsWith(messageCode + "^"));
  }

  /** The types served, for an error sentence: {@code ORU^R01, QRY^A19}. */
  String served() {
    return byType.keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}

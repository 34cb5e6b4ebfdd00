package org.millrace.routing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.millrace.journal.Feed;

/**
 * Which feed takes which message type: filled by the routes that start with {@code feed:}.
 * Thread-safe.
 */
public final class FeedTable {

  /** A feed and the steps of its route. */
  record Entry(Feed feed, Processor steps) {}

  private final Map<String, Entry> byType = new ConcurrentHashMap<>();

  /**
   * @throws IllegalStateException if another feed takes one of its types already
   */
  void open(Feed feed, Processor steps) {
    for (String type : feed.messageTypes()) {
      Entry other = byType.putIfAbsent(type, new Entry(feed, steps));
      if (other != null) {
        throw new IllegalStateException(
            "feeds " + other.feed().name() + " and " + feed.name() + " both take " + type);
      }
    }
  }

  void close(Feed feed) {
    byType.values().removeIf(entry -> entry.feed().name().equals(feed.name()));
  }

  Optional<Entry> find(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** All that are open. */
  public Set<Feed> feeds() {
    return byType.values().stream().map(Entry::feed).collect(Collectors.toSet());
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

package org.millrace.journal;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** For how long the messages of each feed are kept. Immutable. */
final class RetentionRules {
  private final Retention otherwise;
  private final Map<String, Retention> byFeed;

  private RetentionRules(Retention otherwise, Map<String, Retention> byFeed) {
    this.otherwise = otherwise;
    this.byFeed = Map.copyOf(byFeed);
  }

  /**
   * @param otherwise where a feed says nothing, and for feeds that are not there any more
   * @param feeds the later of one name counts
   */
  static RetentionRules of(Retention otherwise, Collection<Feed> feeds) {
    Map<String, Retention> byFeed = new HashMap<>();
    feeds.forEach(feed -> byFeed.put(feed.name(), otherwise.of(feed.settings().keeping())));
    return new RetentionRules(otherwise, byFeed);
  }

  Retention of(String feed) {
    return byFeed.getOrDefault(feed, otherwise);
  }

  boolean removeNothing() {
    return all().allMatch(Retention::removesNothing);
  }

  /** The shortest of all feeds' times. */
  Duration shortest(Function<Retention, Duration> time) {
    return all().map(time).min(Duration::compareTo).orElse(Retention.FOREVER);
  }

  private Stream<Retention> all() {
    return Stream.concat(Stream.of(otherwise), byFeed.values().stream());
  }
}

package org.millrace.delivery;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageSummary;

/**
 * Of which feeds many messages are, and where what is filed of them goes; whoever asks something of
 * them names that where it is production, by command or at the console.
 *
 * @param feeds how many are of each
 * @param targets in the order of their tenants
 */
public record ManyTargets(Map<String, Integer> feeds, List<FilingTarget> targets) {
  public ManyTargets {
    feeds = Collections.unmodifiableMap(new TreeMap<>(feeds));
    targets = List.copyOf(targets);
  }

  /**
   * Those of some messages.
   *
   * @param known the target of a tenant; empty for one that is not known
   */
  public static ManyTargets of(
      List<MessageSummary> messages,
      JournalDatabase journal,
      Function<String, Optional<FilingTarget>> known) {
    Map<String, String> tenants = journal.queue().tenants();
    Map<String, Integer> feeds = new TreeMap<>();
    Map<String, FilingTarget> targets = new TreeMap<>();
    for (MessageSummary each : messages) {
      feeds.merge(each.feed(), 1, Integer::sum);
      targets.computeIfAbsent(
          tenants.getOrDefault(each.feed(), ""),
          tenant -> known.apply(tenant).orElse(FilingTarget.unknown(tenant)));
    }
    return new ManyTargets(feeds, List.copyOf(targets.values()));
  }

  /** The feeds in words: {@code notes (1), results (12)}. */
  public String ofFeeds() {
    return feeds.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  /** The targets in words. */
  public List<String> words() {
    return targets.stream().map(FilingTarget::words).toList();
  }

  /**
   * What must be typed to say that production is meant: the name of each target that is; empty if
   * none is.
   */
  public Optional<String> toBeTyped() {
    String names =
        targets.stream()
            .filter(FilingTarget::production)
            .map(FilingTarget::name)
            .collect(Collectors.joining(" "));
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** What must be typed yet, once this is; empty if nothing must. */
  public Optional<String> notTyped(String typed) {
    return toBeTyped().filter(names -> !names.equals(typed.strip()));
  }
}

package org.millrace.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millrace.journal.Feed;
import org.millrace.journal.MessageSummary;

/**
 * Of which feeds some messages are, and where what is filed of them goes.
 *
 * @param feeds how many are of each
 * @param targets by tenant
 */
record ManyTargets(Map<String, Integer> feeds, List<EngineView.Target> targets) {

  static ManyTargets of(List<MessageSummary> messages, ConsoleSources sources) {
    Map<String, String> tenants =
        sources.journal().backlog().feeds().stream()
            .map(each -> each.feed())
            .collect(
                Collectors.toMap(
                    Feed::name, each -> each.settings().tenancy().tenant(), (a, b) -> a));
    Map<String, Integer> feeds = new TreeMap<>();
    Map<String, EngineView.Target> targets = new TreeMap<>();
    for (MessageSummary each : messages) {
      feeds.merge(each.feed(), 1, Integer::sum);
      String tenant = tenants.getOrDefault(each.feed(), "");
      targets.computeIfAbsent(tenant, name -> target(name, sources.engine()));
    }
    return new ManyTargets(new LinkedHashMap<>(feeds), List.copyOf(targets.values()));
  }

  /** One that this engine does not serve may have patients, as far as it knows. */
  private static EngineView.Target target(String tenant, EngineView engine) {
    return engine.target(tenant).orElse(new EngineView.Target(tenant, "", true));
  }

  /** The feeds in words: {@code notes (1), results (12)}. */
  String ofFeeds() {
    return feeds.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  /** The targets in words. */
  List<String> words() {
    return targets.stream().map(ManyTargets::words).toList();
  }

  private static String words(EngineView.Target target) {
    String tenant = target.tenant().isEmpty() ? "" : ", tenant " + target.tenant();
    return target.host().isEmpty()
        ? "tenant " + target.tenant() + ", which this engine does not serve"
        : "Cerner at "
            + target.host()
            + tenant
            + (target.production() ? ": production" : ": no production");
  }

  /**
   * What must be typed to say that production is meant: the name of each target that is; empty if
   * none is.
   */
  Optional<String> toBeTyped() {
    String names =
        targets.stream()
            .filter(EngineView.Target::production)
            .map(EngineView.Target::name)
            .collect(Collectors.joining(" "));
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }
}

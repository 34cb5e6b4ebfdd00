package org.millrace.app;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.console.EngineStatus;
import org.millrace.console.EngineView;
import org.millrace.delivery.FilingTarget;
import org.millrace.mllp.Captures;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.ListenerView;
import org.millrace.mllp.Tls;
import org.millrace.routing.QueriesInWork;

/** Tells the console how the engine is. Thread-safe. */
final class ConsoleStatus implements EngineView {
  private final Map<String, Health.Upstream> upstreams;
  private final Optional<Tls> tls;
  private final FrameMllpComponent mllp;
  private final QueriesInWork queries;
  private final Settings settings;
  private final Clock clock;

  /**
   * @param upstreams by tenant, the one without a name under the empty text
   */
  ConsoleStatus(
      Map<String, Health.Upstream> upstreams,
      Optional<Tls> tls,
      FrameMllpComponent mllp,
      QueriesInWork queries,
      Settings settings,
      Clock clock) {
    this.mllp = mllp;
    this.queries = queries;
    this.upstreams = new TreeMap<>(upstreams);
    this.tls = tls;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public EngineStatus status() {
    return new EngineStatus(
        upstreams.entrySet().stream()
            .map(
                each ->
                    new EngineStatus.Upstream(
                        each.getKey(),
                        each.getValue().cerner().state(),
                        each.getValue().signIn().missing()))
            .toList(),
        tls.map(Tls::expires),
        settings.storage().database().isPresent() ? Optional.empty() : disk());
  }

  @Override
  public List<EngineView.Check> checks() throws IOException {
    List<EngineView.Check> checks = new ArrayList<>();
    Doctor.examine(
        settings,
        clock,
        finding ->
            checks.add(
                new EngineView.Check(
                    finding.step(),
                    word(finding.verdict()),
                    finding.sentence(),
                    finding.remedy(),
                    finding.who() == Finding.Who.NOBODY ? "" : word(finding.who()))));
    return checks;
  }

  @Override
  public List<ListenerView> listeners() {
    return mllp.listeners();
  }

  @Override
  public boolean drop(long number) {
    return mllp.drop(number);
  }

  @Override
  public Captures captures() {
    return mllp.captures();
  }

  @Override
  public List<EngineView.Asked> asked() {
    return queries.all().stream()
        .map(
            each ->
                new EngineView.Asked(
                    each.header().type(),
                    each.header().sender(),
                    each.header().controlId(),
                    each.feed(),
                    each.peer(),
                    each.since()))
        .toList();
  }

  @Override
  public Optional<FilingTarget> target(String tenant) {
    return FilingTargets.of(settings).of(tenant);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Optional<EngineStatus.Disk> disk() {
    try {
      FileStore store = Files.getFileStore(settings.storage().data());
      return Optional.of(new EngineStatus.Disk(store.getUsableSpace(), store.getTotalSpace()));
    } catch (IOException e) {
      // Told as no room at all: a journal that cannot be reached cannot be written either.
      return Optional.of(new EngineStatus.Disk(0, 0));
    }
  }
}

package org.millrace.app;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.millrace.console.EngineStatus;
import org.millrace.mllp.Tls;

/** Tells the console how the engine is. Thread-safe. */
final class ConsoleStatus implements Supplier<EngineStatus> {
  private final Map<String, Health.Upstream> upstreams;
  private final Optional<Tls> tls;
  private final Settings.Storage storage;

  /**
   * @param upstreams by tenant, the one without a name under the empty text
   */
  ConsoleStatus(
      Map<String, Health.Upstream> upstreams, Optional<Tls> tls, Settings.Storage storage) {
    this.upstreams = new TreeMap<>(upstreams);
    this.tls = tls;
    this.storage = storage;
  }

  @Override
  public EngineStatus get() {
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
        storage.database().isPresent() ? Optional.empty() : disk());
  }

  private Optional<EngineStatus.Disk> disk() {
    try {
      FileStore store = Files.getFileStore(storage.data());
      return Optional.of(new EngineStatus.Disk(store.getUsableSpace(), store.getTotalSpace()));
    } catch (IOException e) {
      // Told as no room at all: a journal that cannot be reached cannot be written either.
      return Optional.of(new EngineStatus.Disk(0, 0));
    }
  }
}

package org.millrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millrace.app.Engine;
import org.millrace.app.Settings;
import org.millrace.app.SettingsSource;
import org.millrace.journal.ContentKeys;
import org.millrace.replay.CaseResult;
import org.millrace.replay.CaseRunner;
import org.millrace.replay.SampleCase;
import org.millrace.replay.Target;
import org.millrace.sandbox.Sandbox;

/**
 * Runs cases, each on an engine of its own with a fresh journal, against one sandbox that is reset
 * between them.
 */
final class CaseEngines implements AutoCloseable {
  private final Path home;
  private final Sandbox sandbox;
  private final Path journals;
  private final ContentKeys.Key journalKey = ContentKeys.fresh("replay");

  CaseEngines(Path home) throws IOException, PlainException {
    this.home = home;
    this.sandbox = SandboxCommand.start(0);
    this.journals = Files.createTempDirectory("millrace-replay");
  }

  CaseResult run(SampleCase sample, boolean accept) throws Exception {
    Path data = Files.createTempDirectory(journals, "journal");
    Map<String, String> values = new TreeMap<>(SandboxSettings.of(sandbox));
    values.putAll(SandboxSettings.ofTenants(sandbox, SandboxSettings.tenantsOfFiles(home)));
    values.put("MILLRACE_MLLP_PORT", "0");
    values.put("MILLRACE_HTTP_PORT", "0");
    values.put("MILLRACE_MANAGEMENT_PORT", "0");
    values.put("MILLRACE_CONSOLE_PORT", "none");
    values.put("MILLRACE_DATA", data.toString());
    values.put("MILLRACE_JOURNAL_KEY", ContentKeys.written(journalKey));
    values.put("MILLRACE_ZONE", "America/Chicago");
    values.putAll(sample.settings());
    Settings settings = Settings.read(SettingsSource.of(values), home);
    try (Engine engine = Engine.start(settings, startingAt(sample))) {
      return new CaseRunner(target(engine, settings)).run(sample, accept);
    }
  }

  /**
   * Ticks on from the case's moment, so that waits and deadlines of the engine pass as they do in
   * life.
   */
  private static Clock startingAt(SampleCase sample) {
    Clock system = Clock.systemUTC();
    return Clock.offset(system, Duration.between(system.instant(), sample.clock()));
  }

  private Target target(Engine engine, Settings settings) {
    String host = settings.listeners().bind();
    return new Target(
        host,
        engine.mllpPort(),
        URI.create("http://" + host + ":" + engine.httpPort()),
        Optional.of(URI.create("http://" + host + ":" + engine.managementPort())),
        Optional.of(URI.create(sandbox.controlUrl())));
  }

  @Override
  public void close() throws IOException {
    sandbox.close();
    try (Stream<Path> files = Files.walk(journals)) {
      files.sorted(Comparator.reverseOrder()).forEach(CaseEngines::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a journal of a replay could not be removed", e);
    }
  }
}

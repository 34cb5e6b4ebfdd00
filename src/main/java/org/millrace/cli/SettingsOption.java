package org.millrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millrace.app.Settings;
import org.millrace.app.SettingsFaultsException;
import org.millrace.app.SettingsSource;
import picocli.CommandLine.Option;

/** {@code --config}, for commands that need the engine's settings. */
final class SettingsOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of settings; millrace.properties beside the launcher if absent.")
  private @Nullable Path config;

  SettingsSource source() {
    return source(Map.of());
  }

  /**
   * @param instead wins over the environment and the file
   */
  SettingsSource source(Map<String, String> instead) {
    Path beside = Millrace.home().resolve("millrace.properties");
    Optional<Path> file =
        Optional.ofNullable(config)
            .or(() -> Files.exists(beside) ? Optional.of(beside) : Optional.empty());
    Map<String, String> environment = new TreeMap<>(System.getenv());
    environment.putAll(instead);
    return SettingsSource.of(file, environment);
  }

  Settings read() throws SettingsFaultsException {
    return Settings.read(source(), Millrace.home());
  }
}

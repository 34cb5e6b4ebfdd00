package org.millrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import org.millrace.app.Settings;
import org.millrace.app.SettingsFaultsException;
import org.millrace.app.SettingsSource;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which journal, for the commands that look into one beside a running engine. */
final class JournalOption {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "The journal's folder; MILLRACE_DATA if absent.")
  private String data = "";

  @Mixin private SettingsOption settings = new SettingsOption();

  JournalDatabase readOnly() throws PlainException, SettingsFaultsException {
    try {
      return JournalDatabase.openReadOnly(folder(), keys(), Clock.systemUTC());
    } catch (JournalException e) {
      throw new PlainException(String.valueOf(e.getMessage()));
    }
  }

  JournalDatabase forRequests() throws PlainException, SettingsFaultsException {
    try {
      return JournalDatabase.openForRequests(folder(), keys(), Clock.systemUTC());
    } catch (JournalException e) {
      throw new PlainException(String.valueOf(e.getMessage()));
    }
  }

  private ContentKeys keys() throws SettingsFaultsException {
    return Settings.journalKeys(settings.source());
  }

  private Path folder() {
    if (!data.isEmpty()) {
      return Path.of(data);
    }
    SettingsSource.Value value = settings.source().values().get("MILLRACE_DATA");
    return value == null || value.text().isBlank()
        ? Millrace.home().resolve("data")
        : Path.of(value.text());
  }
}

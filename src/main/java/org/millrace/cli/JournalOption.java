package org.millrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import org.millrace.app.Settings;
import org.millrace.app.SettingsFaultsException;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.JournalPlace;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which journal, for the commands that look into one beside a running engine. */
final class JournalOption {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "The journal's folder; where the settings say if absent.")
  private String data = "";

  @Mixin private SettingsOption settings = new SettingsOption();

  /** Where the journal's place and keys come from, and what else a command needs. */
  SettingsOption settings() {
    return settings;
  }

  JournalDatabase readOnly() throws PlainException, SettingsFaultsException {
    try {
      return JournalDatabase.openReadOnly(place(), keys(), Clock.systemUTC());
    } catch (JournalException e) {
      throw new PlainException(String.valueOf(e.getMessage()));
    }
  }

  JournalDatabase forRequests() throws PlainException, SettingsFaultsException {
    try {
      return JournalDatabase.openForRequests(place(), keys(), Clock.systemUTC());
    } catch (JournalException e) {
      throw new PlainException(String.valueOf(e.getMessage()));
    }
  }

  ContentKeys keys() throws SettingsFaultsException {
    return Settings.journalKeys(settings.source());
  }

  JournalPlace place() throws PlainException {
    if (!data.isEmpty()) {
      return new JournalPlace.Folder(Path.of(data));
    }
    try {
      return Settings.journal(settings.source(), Millrace.home());
    } catch (SettingsFaultsException faults) {
      throw new PlainException(String.join("; ", faults.faults()));
    }
  }
}

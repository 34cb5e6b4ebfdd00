package org.millrace.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.CreateRequestStore;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.Retention;

/** Reads the settings of the journal. */
final class StorageReading {
  private static final String NO_DATABASE = "is set, but MILLRACE_DATABASE_URL is not";
  private static final int KILOBYTE = 1024;

  private StorageReading() {}

  /**
   * @param production real patients: the journal must be encrypted, or said to be plain
   */
  static Settings.Storage read(SettingsReader reader, Path home, boolean production) {
    Optional<ContentKeys> keys = keys(reader);
    if (keys.isEmpty() && production) {
      reader.fault(
          "MILLRACE_JOURNAL_KEY",
          "is not set, and this engine is one for patients; './millrace journal new-key ID' makes a"
              + " key, and 'none' says that the journal may be plain");
    }
    return new Settings.Storage(
        data(reader, home),
        database(reader),
        keys.orElse(ContentKeys.NONE),
        KILOBYTE
            * (int)
                reader.number(
                    "MILLRACE_KEEP_CALLS_KB", 64, 0, 1024, "is no number of kilobytes, 0 to 1024"),
        retention(reader),
        reader.duration(
            "MILLRACE_KEEP_IDEMPOTENCY",
            CreateRequestStore.KEPT,
            Duration.ofHours(1),
            Duration.ofDays(366)));
  }

  private static Retention retention(SettingsReader reader) {
    Duration content =
        reader.read("MILLRACE_KEEP_CONTENT", Retention.FOREVER, Retention::contentTime);
    Duration metadata =
        reader.read("MILLRACE_KEEP_METADATA", Retention.FOREVER, Retention::metadataTime);
    if (metadata.compareTo(content) < 0 && reader.text("MILLRACE_KEEP_CONTENT").isPresent()) {
      reader.fault(
          "MILLRACE_KEEP_METADATA",
          "is shorter than MILLRACE_KEEP_CONTENT; a message goes as a whole");
    }
    reader.known("MILLRACE_KEEP_CONTENT", "duration, from 1h, or forever", "forever");
    reader.known("MILLRACE_KEEP_METADATA", "duration, from 7d, or forever", "forever");
    return new Retention(content, metadata);
  }

  /** Empty if none is set; there is no key, and none is missing, where what is set is at fault. */
  static Optional<ContentKeys> keys(SettingsReader reader) {
    Optional<String> text = reader.secret("MILLRACE_JOURNAL_KEY");
    if (text.isEmpty() || text.get().isEmpty()) {
      return text.map(faulty -> ContentKeys.NONE);
    }
    try {
      return Optional.of(ContentKeys.parse(text.get()));
    } catch (IllegalArgumentException fault) {
      reader.fault("MILLRACE_JOURNAL_KEY", String.valueOf(fault.getMessage()));
      return Optional.of(ContentKeys.NONE);
    }
  }

  /** Where the journal is, and nothing else of it. */
  static JournalPlace place(SettingsReader reader, Path home) {
    return database(reader)
        .<JournalPlace>map(JournalPlace.Server::new)
        .orElseGet(() -> new JournalPlace.Folder(data(reader, home)));
  }

  private static Path data(SettingsReader reader, Path home) {
    return reader.folder("MILLRACE_DATA", home.resolve("data"));
  }

  private static Optional<PostgresAddress> database(SettingsReader reader) {
    Optional<String> user = reader.text("MILLRACE_DATABASE_USER");
    Optional<String> password = reader.secret("MILLRACE_DATABASE_PASSWORD");
    Optional<PostgresAddress> address =
        reader.read("MILLRACE_DATABASE_URL", url -> PostgresAddress.read(url, user, password));
    if (reader.text("MILLRACE_DATABASE_URL").isEmpty()) {
      user.ifPresent(any -> reader.fault("MILLRACE_DATABASE_USER", NO_DATABASE));
      password.ifPresent(any -> reader.fault("MILLRACE_DATABASE_PASSWORD", NO_DATABASE));
    }
    return address;
  }
}

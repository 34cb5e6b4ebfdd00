package org.millrace.journal;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;

/** The schema of a journal: brings it up to date, and tells whether it is. */
final class SchemaStore {
  static final String MIGRATIONS = "db/migration";
  private static final String FIRST = "/" + MIGRATIONS + "/V1__journal.sql";
  private static final Pattern MIGRATION = Pattern.compile("V(\\d+)__\\w+\\.sql");

  private SchemaStore() {}

  /**
   * Makes what is missing, all of it or nothing: after a failure the version before can still use
   * the journal. Two engines that start at once take turns.
   *
   * @param locations where migrations are looked for
   * @throws JournalException if a newer version of the engine has been here
   */
  static void migrate(SqlDatabase database, String... locations) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(database.writing(true))
            .locations(locations)
            .placeholders(database.words())
            .group(true)
            .load();
    if (Arrays.stream(flyway.info().all())
        .anyMatch(each -> each.getState() == MigrationState.FUTURE_SUCCESS)) {
      throw newer(database);
    }
    flyway.migrate();
  }

  /**
   * Only an engine changes the schema: whoever looks in beside it takes it as it is.
   *
   * @throws JournalException if the journal is of another version
   */
  static void mustBeCurrent(Handle handle, SqlDatabase database) {
    Set<Integer> there = new TreeSet<>();
    handle
        .createQuery(
            "SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL")
        .mapTo(String.class)
        .forEach(version -> there.add(Integer.valueOf(version)));
    Set<Integer> known = known();
    if (!there.containsAll(known)) {
      throw new JournalException(
          database.name() + " is of an older version; start this engine on it once");
    }
    if (!known.containsAll(there)) {
      throw newer(database);
    }
  }

  private static JournalException newer(SqlDatabase database) {
    return new JournalException(
        database.name() + " is of a newer version of the engine; use that version");
  }

  /** The numbers of the migrations that this engine brings along. */
  static Set<Integer> known() {
    Set<Integer> numbers = new TreeSet<>();
    try {
      names().forEach(name -> number(name).ifPresent(numbers::add));
    } catch (IOException | URISyntaxException broken) {
      throw new IllegalStateException("the migrations cannot be listed", broken);
    }
    return numbers;
  }

  private static Optional<Integer> number(String fileName) {
    Matcher matcher = MIGRATION.matcher(fileName);
    return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  private static List<String> names() throws IOException, URISyntaxException {
    URL first = SchemaStore.class.getResource(FIRST);
    if (first == null) {
      throw new IllegalStateException("this engine has no migrations");
    }
    if (first.openConnection() instanceof JarURLConnection inJar) {
      String folder = MIGRATIONS + "/";
      return inJar.getJarFile().stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder))
          .map(name -> name.substring(folder.length()))
          .toList();
    }
    Path folder = Path.of(first.toURI()).resolveSibling(".").normalize();
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

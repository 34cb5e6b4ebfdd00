package org.millrace.app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.millrace.journal.WrittenDuration;

/**
 * Takes typed values out of a {@link SettingsSource} and gathers every fault on the way. Not
 * thread-safe.
 */
final class SettingsReader {
  private final SettingsSource source;
  private final String prefix;
  private final Map<String, KnownSetting> asked;
  private final List<String> faults;

  SettingsReader(SettingsSource source) {
    this(source, SettingsSource.PREFIX, new TreeMap<>(), new ArrayList<>(source.faults()));
  }

  private SettingsReader(
      SettingsSource source, String prefix, Map<String, KnownSetting> asked, List<String> faults) {
    this.source = source;
    this.prefix = prefix;
    this.asked = asked;
    this.faults = faults;
  }

  /**
   * Reads the settings of a tenant: {@code MILLRACE_CLIENT_ID} is then {@code
   * MILLRACE_TENANT_NORTH_CLIENT_ID}. Faults are gathered with the others.
   */
  SettingsReader ofTenant(String name) {
    return new SettingsReader(source, SettingsSource.prefix(name), asked, faults);
  }

  /** The name of a setting as this reader takes it, for sentences that mention it. */
  String name(String name) {
    return SettingsSource.under(prefix, name);
  }

  /** An empty value counts as not set: that is how an environment clears a line of the file. */
  Optional<String> text(String name) {
    asked.putIfAbsent(name(name), new KnownSetting(name(name), "text", "", false));
    return Optional.ofNullable(source.values().get(name(name)))
        .map(SettingsSource.Value::text)
        .filter(text -> !text.isBlank());
  }

  String text(String name, String byDefault) {
    known(name, "text", byDefault);
    return text(name).orElse(byDefault);
  }

  /**
   * Says of a setting what its type does not.
   *
   * @param values what it can be, in words
   * @param byDefault as it would be written; empty if there is no default
   */
  void known(String name, String values, String byDefault) {
    asked.put(name(name), new KnownSetting(name(name), values, byDefault, false));
  }

  /** Says that a setting can be this word besides. */
  void orWord(String name, String word) {
    asked.computeIfPresent(
        name(name),
        (full, each) ->
            new KnownSetting(
                full, each.values() + ", or " + word, each.byDefault(), each.ofTenants()));
  }

  Duration duration(String name, Duration byDefault, Duration least, Duration most) {
    known(
        name,
        "duration, " + WrittenDuration.of(least) + " to " + WrittenDuration.of(most),
        WrittenDuration.of(byDefault));
    return read(name, byDefault, text -> WrittenDuration.read(text, least, most));
  }

  int port(String name, int byDefault) {
    int port =
        (int) number(name, byDefault, 0, 65535, "is no port, 0 to 65535 (0 takes any free one)");
    known(name, "port", String.valueOf(byDefault));
    return port;
  }

  long number(String name, long byDefault, long least, long most, String complaint) {
    known(name, "whole number, " + least + " to " + most, String.valueOf(byDefault));
    return read(
        name,
        byDefault,
        text -> {
          try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
              return value;
            }
          } catch (NumberFormatException e) {
            // Told below, together with numbers out of bounds.
          }
          throw new IllegalArgumentException(complaint);
        });
  }

  boolean flag(String name, boolean byDefault) {
    return choice(name, byDefault ? "true" : "false", List.of("true", "false")).equals("true");
  }

  String choice(String name, String byDefault, List<String> choices) {
    known(name, String.join(" | ", choices), byDefault);
    return read(
        name,
        byDefault,
        text -> {
          if (!choices.contains(text)) {
            throw new IllegalArgumentException("must be one of " + String.join(", ", choices));
          }
          return text;
        });
  }

  /** A text of a form; the default stands where the form is missed, and the fault is told. */
  String shaped(String name, String byDefault, String form, String complaint) {
    known(name, "text", byDefault);
    return read(
        name,
        byDefault,
        text -> {
          if (!text.matches(form)) {
            throw new IllegalArgumentException(complaint);
          }
          return text;
        });
  }

  /** A choice whose words are an enum's names in lower case with dashes. */
  <E extends Enum<E>> E choice(String name, E byDefault) {
    E[] all = byDefault.getDeclaringClass().getEnumConstants();
    String word =
        choice(name, word(byDefault), Arrays.stream(all).map(SettingsReader::word).toList());
    return Arrays.stream(all).filter(each -> word(each).equals(word)).findFirst().orElse(byDefault);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  ZoneId zone(String name, ZoneId byDefault) {
    known(name, "time zone", byDefault.getId());
    return read(
        name,
        byDefault,
        text -> {
          try {
            return ZoneId.of(text);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                "is no time zone; write a name of the IANA list, for example America/Chicago", e);
          }
        });
  }

  /** What the parser makes of it; its complaint is told as a fault, and must not quote secrets. */
  <T> Optional<T> read(String name, Function<String, T> parser) {
    return read(name, Optional.empty(), text -> Optional.of(parser.apply(text)));
  }

  /** An absolute http or https URL, without a slash at the end. */
  Optional<URI> url(String name) {
    known(name, "URL", "");
    return read(
        name,
        Optional.<URI>empty(),
        text -> {
          try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
              return Optional.of(withoutSecrets(uri));
            }
          } catch (URISyntaxException e) {
            // Told below, together with URLs of other schemes.
          }
          throw new IllegalArgumentException("is no http or https URL");
        });
  }

  /** A user and password in a URL would be printed and logged with it. */
  private static URI withoutSecrets(URI uri) {
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("must hold no user, no password and no fragment");
    }
    return uri;
  }

  /** The path of a file. */
  Optional<Path> file(String name) {
    known(name, "file", "");
    return read(name, SettingsReader::path);
  }

  /** The path of a folder. */
  Path folder(String name, Path byDefault) {
    known(name, "folder", String.valueOf(byDefault.getFileName()));
    return read(name, byDefault, SettingsReader::path);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is no path: " + e.getReason(), e);
    }
  }

  /**
   * {@code NAME}, or the content of the file that {@code NAME_FILE} names, without its last line
   * end. Present, though empty, where the file is at fault: that is told once and not again as a
   * setting that is missing.
   */
  Optional<String> secret(String name) {
    known(name, "secret", "");
    Optional<String> direct = text(name);
    Optional<Path> file = file(name + "_FILE");
    if (direct.isPresent() && file.isPresent()) {
      fault(name, "stands beside " + name(name) + "_FILE; set one of the two");
    }
    if (file.isEmpty()) {
      return text(name + "_FILE").isPresent() ? Optional.of("") : direct;
    }
    try {
      String secret = Files.readString(file.get(), StandardCharsets.UTF_8).strip();
      if (secret.isEmpty()) {
        fault(name + "_FILE", "names an empty file: " + file.get());
      }
      return Optional.of(secret);
    } catch (IOException e) {
      fault(name + "_FILE", "names a file that cannot be read: " + file.get());
      return Optional.of("");
    }
  }

  /** Adds a fault of a setting, with the place it was found at. */
  void fault(String name, String sentence) {
    SettingsSource.Value value = source.values().get(name(name));
    faults.add(name(name) + (value == null ? "" : " (" + value.place() + ")") + ": " + sentence);
  }

  /**
   * Ends the reading: names nobody asked for are faults in the file, since they are typing errors.
   */
  void finish() throws SettingsFaultsException {
    source
        .values()
        .forEach(
            (name, value) -> {
              if (!asked.containsKey(name) && !value.place().equals("environment")) {
                faults.add(name + " (" + value.place() + "): there is no such setting");
              }
            });
    finishPart();
  }

  /** Ends the reading of some settings only: whatever else there is may be right. */
  void finishPart() throws SettingsFaultsException {
    if (!faults.isEmpty()) {
      throw new SettingsFaultsException(faults);
    }
  }

  /** Every name that was asked for, in alphabetical order. */
  Set<String> asked() {
    return asked.keySet();
  }

  /** What was asked for, by name in alphabetical order. */
  List<KnownSetting> known() {
    return List.copyOf(asked.values());
  }

  /**
   * A value of any type.
   *
   * @param parser throws IllegalArgumentException with the end of the sentence that begins with the
   *     setting's name
   */
  <T> T read(String name, T byDefault, Function<String, T> parser) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    try {
      return parser.apply(text.get());
    } catch (IllegalArgumentException e) {
      fault(name, String.valueOf(e.getMessage()));
      return byDefault;
    }
  }
}

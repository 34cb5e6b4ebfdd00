package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.cerner.ClientKeys;
import org.millrace.mllp.DemoCertificates;

/** Holds docs/settings.md against the settings that the code asks for. */
final class SettingsDocumentationTest {
  private static final Path PAGE = Path.of("docs/settings.md");
  private static final Path HOME = Path.of("home-of-a-test");
  private static final Pattern HEADING = Pattern.compile("(?m)^### (MILLRACE_[A-Z0-9_]+)$");
  private static final Pattern LITERAL = Pattern.compile("(?m)^Default: `([^`]+)`(?: \\(UTC\\))?$");

  /** Read before there are settings, by the launcher and by the log. */
  private static final Set<String> OF_THE_LAUNCHER =
      Set.of("MILLRACE_JAVA_OPTIONS", "MILLRACE_LOG_LEVEL", "MILLRACE_LOG_FORMAT");

  private static final Map<String, String> ACCOUNT =
      Map.of(
          "MILLRACE_TENANT_ID", "tenant",
          "MILLRACE_CLIENT_ID", "client",
          "MILLRACE_CLIENT_SECRET", "secret",
          "MILLRACE_JOURNAL_KEY", "none");

  private static final Map<String, String> HEALTHEINTENT =
      Map.of(
          "MILLRACE_HEALTHEINTENT_URL", "https://hospital.example",
          "MILLRACE_HEALTHEINTENT_POPULATION", "population",
          "MILLRACE_HEALTHEINTENT_DATA_PARTITION", "partition",
          "MILLRACE_HEALTHEINTENT_TOKEN", "token");

  private static final Map<String, String> MAIL =
      Map.of(
          "MILLRACE_ALERT_MAIL_SERVER", "mail.hospital.example:587",
          "MILLRACE_ALERT_MAIL_USER", "millrace",
          "MILLRACE_ALERT_MAIL_PASSWORD", "password",
          "MILLRACE_ALERT_MAIL_FROM", "millrace@hospital.example",
          "MILLRACE_ALERT_MAIL_TO", "interfaces@hospital.example");

  private static final Map<String, String> PROVIDER =
      Map.of(
          "MILLRACE_CONSOLE_OIDC_ISSUER", "https://login.hospital.example",
          "MILLRACE_CONSOLE_OIDC_CLIENT_ID", "millrace",
          "MILLRACE_CONSOLE_OIDC_CLIENT_SECRET", "secret",
          "MILLRACE_CONSOLE_OIDC_ROLES", "admin=admins");

  private static final Set<String> FILES_OF_TLS =
      Set.of(
          "MILLRACE_TLS_CERTIFICATE",
          "MILLRACE_TLS_KEY",
          "MILLRACE_TLS_CLIENT_AUTHORITIES",
          "MILLRACE_TLS_SERVER_AUTHORITIES",
          "MILLRACE_TLS_SENDERS");

  @TempDir private Path folder;

  /** What stands under each setting's heading. */
  private static Map<String, String> sections() throws IOException {
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    Map<String, String> sections = new LinkedHashMap<>();
    Matcher heading = HEADING.matcher(page);
    while (heading.find()) {
      String rest = page.substring(heading.end());
      Matcher next = Pattern.compile("(?m)^#").matcher(rest);
      sections.put(heading.group(1), next.find() ? rest.substring(0, next.start()) : rest);
    }
    return sections;
  }

  private static Settings settings(Map<String, String> more) throws SettingsFaultsException {
    Map<String, String> values = new TreeMap<>(ACCOUNT);
    values.putAll(more);
    return Settings.read(SettingsSource.of(values), HOME);
  }

  @Test
  void everySettingThatTheCodeAsksForHasAHeadingAndNoOtherHasOne() throws Exception {
    SettingsReader reader = new SettingsReader(SettingsSource.of(ACCOUNT));
    Settings read = Settings.read(reader, HOME);
    Set<String> all = new TreeSet<>(reader.asked());
    all.addAll(OF_THE_LAUNCHER);

    assertThat(read.home()).isEqualTo(HOME);
    assertThat(new TreeSet<>(sections().keySet())).isEqualTo(all);
  }

  @Test
  void eachSectionSaysItsDefaultAndShowsAnExampleOfItself() throws Exception {
    sections()
        .forEach(
            (name, text) ->
                assertThat(text)
                    .as(name)
                    .containsPattern("(?m)^Default: ")
                    .containsPattern("(?m)^Example: `" + name + "="));
  }

  @Test
  void writingADefaultDownChangesNothing() throws Exception {
    Settings untouched = settings(Map.of());
    int written = 0;
    for (Map.Entry<String, String> section : sections().entrySet()) {
      Matcher literal = LITERAL.matcher(section.getValue());
      if (literal.find() && !OF_THE_LAUNCHER.contains(section.getKey())) {
        written++;
        assertThat(settings(Map.of(section.getKey(), literal.group(1))))
            .as(section.getKey())
            .isEqualTo(untouched);
      }
    }
    assertThat(written).isGreaterThan(20);
  }

  /** The page that is written from the code, and this one, which says what settings mean. */
  @Test
  void theReferenceHasTheSameSettingsAndDefaults() throws Exception {
    Map<String, String> sections = sections();
    List<KnownSetting> known = Settings.known();

    Set<String> names = known.stream().map(KnownSetting::name).collect(Collectors.toSet());
    names.addAll(OF_THE_LAUNCHER);
    assertThat(names).isEqualTo(sections.keySet());
    for (KnownSetting each : known) {
      String text = String.valueOf(sections.get(each.name()));
      Matcher literal = LITERAL.matcher(text);
      if (literal.find()) {
        assertThat(each.byDefault()).as(each.name()).isEqualTo(literal.group(1));
      } else if (!each.byDefault().isEmpty()) {
        assertThat(text)
            .as(each.name())
            .containsPattern("(?m)^Default: .*`" + Pattern.quote(each.byDefault()) + "`");
      }
    }
  }

  @Test
  void theReferenceSaysWhatTheCodeTakes() {
    assertThat(Settings.known())
        .contains(
            new KnownSetting("MILLRACE_ANSWER_WITHIN", "duration, 100ms to 5m", "10s", false),
            new KnownSetting("MILLRACE_VISIT_MISSING", "file | hold", "file", false),
            new KnownSetting("MILLRACE_CLIENT_SECRET", "secret", "", true),
            new KnownSetting("MILLRACE_CLIENT_SECRET_FILE", "file", "", true),
            new KnownSetting("MILLRACE_DATA", "folder", "data", false),
            new KnownSetting(
                "MILLRACE_LIMIT_IDLE_TIME", "duration, 100ms to 366d, or none", "1d", false),
            new KnownSetting("MILLRACE_CONSOLE_PORT", "port, or none", "8082", false))
        .noneMatch(each -> each.name().startsWith("MILLRACE_TENANT_EACH"));
  }

  private Map<String, String> tlsFiles() throws Exception {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = Instant.parse("2096-01-01T00:00:00Z");
    DemoCertificates authority = DemoCertificates.authority("authority", from, until);
    DemoCertificates.Issued server = authority.issue("server", List.of(), from, until);
    DemoCertificates.write(authority.certificate(), folder.resolve("authority.pem"));
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("key.pem"));
    return Map.of(
        "MILLRACE_TLS_CERTIFICATE", folder.resolve("server.pem").toString(),
        "MILLRACE_TLS_KEY", folder.resolve("key.pem").toString(),
        "MILLRACE_TLS_CLIENT_AUTHORITIES", folder.resolve("authority.pem").toString());
  }

  private Map<String, String> fileOfKeys(String id) throws IOException {
    Path file = folder.resolve("keys.json");
    ClientKeys keys = new ClientKeys(List.of(ClientKeys.fresh(id, "ES384")));
    Files.writeString(file, keys.privateSet(), StandardCharsets.UTF_8);
    return Map.of("MILLRACE_CLIENT_KEYS_FILE", file.toString(), "MILLRACE_CLIENT_SECRET", "");
  }

  @Test
  void theExamplesAreTaken() throws Exception {
    for (Map.Entry<String, String> section : sections().entrySet()) {
      String name = section.getKey();
      if (OF_THE_LAUNCHER.contains(name)
          || name.endsWith("_FILE")
          || name.endsWith("_BIND")
          || FILES_OF_TLS.contains(name)) {
        continue; // a file that must exist, an address that must be ours to open
      }
      Matcher example =
          Pattern.compile("(?m)^Example: `" + name + "=(.+)`$").matcher(section.getValue());
      assertThat(example.find()).as(name).isTrue();
      Map<String, String> values = new TreeMap<>(Map.of(name, example.group(1)));
      if (name.startsWith("MILLRACE_DATABASE_")) {
        values.putIfAbsent("MILLRACE_DATABASE_URL", "postgresql://host/millrace");
      }
      if (name.startsWith("MILLRACE_CALLERS_")) {
        values.putIfAbsent("MILLRACE_CALLERS_ISSUER", "https://login.hospital.example");
        values.putIfAbsent("MILLRACE_CALLERS_AUDIENCE", "millrace");
      }
      if (name.startsWith("MILLRACE_HEALTHEINTENT_") || name.endsWith("_ALLERGIES")) {
        HEALTHEINTENT.forEach(values::putIfAbsent);
        if (name.contains("_CONSUMER_")) {
          values.put("MILLRACE_HEALTHEINTENT_TOKEN", "");
          values.putIfAbsent("MILLRACE_HEALTHEINTENT_CONSUMER_KEY", "key");
          values.putIfAbsent("MILLRACE_HEALTHEINTENT_CONSUMER_SECRET", "secret");
        }
      }
      if (name.startsWith("MILLRACE_ALERT_MAIL_") && !name.endsWith("_TLS")) {
        MAIL.forEach(values::putIfAbsent);
      }
      if (name.startsWith("MILLRACE_CONSOLE_OIDC_")) {
        PROVIDER.forEach(values::putIfAbsent);
      }
      if (name.startsWith("MILLRACE_TRACE_")) {
        values.put("MILLRACE_OTLP_URL", "http://127.0.0.1:4318");
      }
      if (name.startsWith("MILLRACE_TLS_")) {
        values.putAll(tlsFiles());
      }
      if (name.equals("MILLRACE_TENANTS")) {
        for (String tenant : example.group(1).toUpperCase(java.util.Locale.ROOT).split(",")) {
          values.put("MILLRACE_TENANT_" + tenant + "_AUTH", "none");
          values.put("MILLRACE_TENANT_" + tenant + "_TENANT_ID", "tenant");
        }
      }
      if (name.equals("MILLRACE_CLIENT_KEY_ID")) {
        values.putAll(fileOfKeys(example.group(1)));
      }
      assertThat(settings(values)).as(name).isNotNull();
    }
  }
}

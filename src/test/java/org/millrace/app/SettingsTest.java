package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.alert.AlertSettings;
import org.millrace.alert.MailAccount;
import org.millrace.cerner.ClientKeys;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.PostgresAddress;
import org.millrace.mllp.AllowedPeers;
import org.millrace.mllp.MllpLimits;
import org.millrace.query.QuerySettings;

final class SettingsTest {
  @TempDir Path home;

  private static Map<String, String> complete(String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_TENANT_ID", "ec2458f2-1e24-41c8-b71b-0e701af7583d");
    values.put("MILLRACE_CLIENT_ID", "client");
    values.put("MILLRACE_CLIENT_SECRET", "secret-of-the-account");
    values.put("MILLRACE_JOURNAL_KEY", "none");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return values;
  }

  private Settings read(Map<String, String> environment) throws SettingsFaultsException {
    return Settings.read(SettingsSource.of(environment), home);
  }

  @Test
  void aTenantAnAccountAndAWordOnTheJournalsKeyAreEnough() throws Exception {
    Settings settings = read(complete());

    assertThat(settings.cerner().fhirBaseUrl())
        .hasToString("https://fhir-ehr.cerner.com/r4/ec2458f2-1e24-41c8-b71b-0e701af7583d");
    assertThat(settings.listeners().bind()).isEqualTo("127.0.0.1");
    assertThat(settings.listeners().mllpPort()).isEqualTo(2575);
    assertThat(settings.listeners().httpPort()).isEqualTo(8080);
    assertThat(settings.listeners().managementPort()).isEqualTo(8081);
    assertThat(settings.listeners().consolePort()).hasValue(8082);
    assertThat(read(complete("MILLRACE_CONSOLE_PORT", "none")).listeners().consolePort()).isEmpty();
    assertThat(settings.hl7().answerWithin()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.hl7().visit()).isEqualTo(QuerySettings.Visit.LATEST_ACTIVE);
    assertThat(settings.filing().documentType()).isEqualTo("11506-3");
    assertThat(settings.cerner().mrnSystem()).isEqualTo("urn:oid:2.16.840.1.113883.6.1000");
    assertThat(settings.cerner().scopes().split(" ", -1)).contains("system/Patient.read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "MILLRACE_SCOPES~system/Patient.read  system/Encounter.read~one space between",
        "MILLRACE_MRN_SYSTEM~the MRN system~is no URI",
        "MILLRACE_ORGANIZATION_ID~Organization/675844~is no id",
        "MILLRACE_FHIR_BASE_URL~https://user:word@example.org/r4~no password",
        "MILLRACE_FHIR_BASE_URL~https://example.org/r4?tenant=1~no question mark",
        "MILLRACE_HTTP_PORT~2575~same port",
        "MILLRACE_MANAGEMENT_PORT~8080~same port",
        "MILLRACE_CONSOLE_PORT~8081~same port",
        "MILLRACE_CONSOLE_PORT~off~nor none"
      })
  void aValueThatCouldOnlyFailLaterIsToldAtTheStart(String name, String value, String said) {
    assertThatThrownBy(() -> read(complete(name, value)))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .startsWith(name)
                    .contains(said)
                    .doesNotContain("user:word"));
  }

  @Test
  void asManyMessagesAreDeliveredAtOnceAsIsSaid() throws Exception {
    assertThat(read(complete()).delivery().pace().workers()).isEqualTo(16);
    assertThat(read(complete("MILLRACE_DELIVERIES", "40")).delivery().pace().workers())
        .isEqualTo(40);
    assertThatThrownBy(() -> read(complete("MILLRACE_DELIVERIES", "0")))
        .hasMessageContaining("is no number of messages, 1 to 64");
  }

  @Test
  void aTargetIsAFileUnderMappingsTargetsOrNone() throws Exception {
    Path targets = Files.createDirectories(home.resolve("mappings/targets"));
    Files.createFile(targets.resolve("cerner.yaml"));
    assertThat(read(complete()).target()).isEqualTo("cerner");
    assertThat(read(complete("MILLRACE_TARGET", "none")).target()).isEqualTo("none");
    for (String unknown : List.of("epic", "../targets/cerner")) {
      assertThatThrownBy(() -> read(complete("MILLRACE_TARGET", unknown)))
          .isInstanceOfSatisfying(
              SettingsFaultsException.class,
              fault ->
                  assertThat(fault.faults())
                      .singleElement()
                      .asString()
                      .startsWith("MILLRACE_TARGET")
                      .contains("mappings/targets"));
    }
  }

  @Test
  void aPathThatCannotBeOneIsAFault() {
    Map<String, String> values = complete("MILLRACE_CLIENT_SECRET_FILE", "a\0b");
    values.remove("MILLRACE_CLIENT_SECRET");
    values.put("MILLRACE_TLS_CERTIFICATE", "\0");
    values.put("MILLRACE_DATA", "data\0");
    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .containsExactlyInAnyOrder(
                        "MILLRACE_CLIENT_SECRET_FILE (environment): is no path: Nul character not"
                            + " allowed",
                        "MILLRACE_TLS_CERTIFICATE (environment): is no path: Nul character not"
                            + " allowed",
                        "MILLRACE_DATA (environment): is no path: Nul character not allowed"));
  }

  @Test
  void anEmptyFileIsNoSecret() throws Exception {
    Path file = Files.createFile(home.resolve("secret"));
    Map<String, String> values = complete("MILLRACE_CLIENT_SECRET_FILE", file.toString());
    values.remove("MILLRACE_CLIENT_SECRET");
    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .startsWith("MILLRACE_CLIENT_SECRET_FILE")
                    .contains("empty file"));
  }

  @Test
  void anEngineForPatientsNeedsAKeyOrTheWordThatItHasNone() throws Exception {
    Map<String, String> values = complete();
    values.remove("MILLRACE_JOURNAL_KEY");
    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .startsWith("MILLRACE_JOURNAL_KEY: is not set"));

    values.put("MILLRACE_PRODUCTION", "false");
    assertThat(read(values).storage().keys()).isEqualTo(ContentKeys.NONE);
    values.put("MILLRACE_JOURNAL_KEY", "a:short");
    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .startsWith("MILLRACE_JOURNAL_KEY (environment): key a ")
                    .doesNotContain("short"));
    ContentKeys.Key key = ContentKeys.fresh("b");
    Path file =
        Files.writeString(
            home.resolve("keys"), ContentKeys.written(key) + "\n", StandardCharsets.UTF_8);
    values.remove("MILLRACE_JOURNAL_KEY");
    values.put("MILLRACE_JOURNAL_KEY_FILE", file.toString());
    Settings read = read(values);
    assertThat(read.storage().keys().keys()).singleElement().isEqualTo(key);
    assertThat(read).asString().doesNotContain(ContentKeys.written(key).substring(2));
  }

  @Test
  void allFaultsAreToldAtOnceWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "MILLRACE_HTTP_PORT", "eighty",
                        "MILLRACE_ZONE", "Mars/Olympus",
                        "MILLRACE_ANSWER_WITHIN", "10",
                        "MILLRACE_QUERY_VISIT", "some",
                        "MILLRACE_WEBHOOK_URL", "ftp://example.org")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(9)
                    .anyMatch(line -> line.startsWith("MILLRACE_JOURNAL_KEY: is not set"))
                    .anyMatch(line -> line.startsWith("MILLRACE_HTTP_PORT (environment): "))
                    .anyMatch(line -> line.startsWith("MILLRACE_ZONE (environment): "))
                    .anyMatch(line -> line.startsWith("MILLRACE_ANSWER_WITHIN (environment): "))
                    .anyMatch(line -> line.contains("latest-active, latest, all, none"))
                    .anyMatch(line -> line.startsWith("MILLRACE_WEBHOOK_URL (environment): "))
                    .anyMatch(line -> line.startsWith("MILLRACE_TENANT_ID: is not set"))
                    .anyMatch(line -> line.startsWith("MILLRACE_CLIENT_ID: is not set"))
                    .anyMatch(line -> line.startsWith("MILLRACE_CLIENT_SECRET: is not set")));
  }

  @Test
  void theEnvironmentWinsOverTheFile() throws Exception {
    Path file = home.resolve("millrace.properties");
    Files.writeString(
        file,
        "# the ward's engine\nMILLRACE_ZONE = Europe/Berlin\nMILLRACE_HTTP_PORT=9090\n",
        StandardCharsets.UTF_8);
    Map<String, String> environment = complete("MILLRACE_HTTP_PORT", "9191");

    Settings settings = Settings.read(SettingsSource.of(Optional.of(file), environment), home);

    assertThat(settings.hl7().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(settings.listeners().httpPort()).isEqualTo(9191);
  }

  @Test
  void aMistypedNameInTheFileIsAFaultWithItsLine() throws Exception {
    Path file = home.resolve("millrace.properties");
    Files.writeString(file, "\nMILLRACE_ZOEN=Europe/Berlin\nnonsense\n", StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Settings.read(SettingsSource.of(Optional.of(file), complete()), home))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .containsExactlyInAnyOrder(
                        "MILLRACE_ZOEN (millrace.properties:2): there is no such setting",
                        "millrace.properties:3: write NAME=value, with a name that begins with"
                            + " MILLRACE_"));
  }

  @Test
  void theSecretMayStandInAFileOfItsOwn() throws Exception {
    Path file = home.resolve("secret");
    Files.writeString(file, "from-the-file\n", StandardCharsets.UTF_8);
    Map<String, String> environment = complete("MILLRACE_CLIENT_SECRET_FILE", file.toString());
    environment.remove("MILLRACE_CLIENT_SECRET");

    assertThat(read(environment).cerner().clientSecret()).isEqualTo("from-the-file");
  }

  @Test
  void aKeyFileTakesThePlaceOfTheSecretAndSaysWhichKeySigns() throws Exception {
    ClientKeys two =
        new ClientKeys(List.of(ClientKeys.fresh("old", "ES384"), ClientKeys.fresh("new", "ES384")));
    Path file = home.resolve("keys.json");
    Files.writeString(file, two.privateSet(), StandardCharsets.UTF_8);
    Map<String, String> values = complete("MILLRACE_CLIENT_KEYS_FILE", file.toString());

    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .anyMatch(line -> line.contains("stands beside a MILLRACE_CLIENT_SECRET"))
                    .anyMatch(line -> line.matches("MILLRACE_CLIENT_KEY_ID: .*one of old, new")));
    values.remove("MILLRACE_CLIENT_SECRET");
    values.put("MILLRACE_CLIENT_KEY_ID", "none");
    assertThatThrownBy(() -> read(values)).asString().contains("names no key of the file");
    values.put("MILLRACE_CLIENT_KEY_ID", "new");
    assertThat(read(values).cerner().clientKey()).contains(two.keys().get(1));
    values.remove("MILLRACE_CLIENT_KEYS_FILE");
    assertThatThrownBy(() -> read(values)).asString().contains("MILLRACE_CLIENT_KEYS_FILE is not");
    values.put("MILLRACE_CLIENT_KEYS_FILE", "/nowhere");
    assertThatThrownBy(() -> read(values)).asString().contains("cannot be read: /nowhere");
  }

  @Test
  void aTenantHasSettingsOfItsOwnAndFaultsOfItsOwn() throws Exception {
    Map<String, String> values =
        complete(
            "MILLRACE_TENANTS", "north, south-1",
            "MILLRACE_TENANT_NORTH_TENANT_ID", "of-north",
            "MILLRACE_TENANT_NORTH_CLIENT_ID", "client-of-north",
            "MILLRACE_TENANT_NORTH_CLIENT_SECRET", "secret-of-north",
            "MILLRACE_TENANT_NORTH_LIMIT_CALLS", "7",
            "MILLRACE_TENANT_SOUTH_1_FHIR_BASE_URL", "https://fhir.south.example/r4",
            "MILLRACE_TENANT_SOUTH_1_AUTH", "none");
    Map<String, Tenant> tenants = read(values).tenants();
    assertThat(tenants).containsOnlyKeys("north", "south-1");
    assertThat(tenants.get("north"))
        .satisfies(
            north -> {
              assertThat(north.cerner().fhirBaseUrl())
                  .hasToString("https://fhir-ehr.cerner.com/r4/of-north");
              assertThat(north.cerner().clientSecret()).isEqualTo("secret-of-north");
              assertThat(north.calls().callsAtMost()).isEqualTo(7);
            });
    assertThat(read(values)).asString().doesNotContain("secret-of-north");

    values.remove("MILLRACE_TENANT_NORTH_CLIENT_SECRET");
    values.put("MILLRACE_TENANT_NORTH_CONNECT_WITHIN", "1h");
    assertThatThrownBy(() -> read(values))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .anyMatch(
                        line ->
                            line.startsWith(
                                "MILLRACE_TENANT_NORTH_CLIENT_SECRET: is not set; set it,"
                                    + " MILLRACE_TENANT_NORTH_CLIENT_SECRET_FILE"))
                    .anyMatch(line -> line.startsWith("MILLRACE_TENANT_NORTH_CONNECT_WITHIN (")));
    assertThatThrownBy(() -> read(complete("MILLRACE_TENANTS", "north,north")))
        .asString()
        .contains("MILLRACE_TENANTS");
  }

  @Test
  void anEngineWithARealTenantBesideASandboxIsOneForPatients() throws Exception {
    Map<String, String> values =
        complete(
            "MILLRACE_FHIR_BASE_URL", "http://127.0.0.1:8090/r4/x",
            "MILLRACE_TENANTS", "north",
            "MILLRACE_TENANT_NORTH_FHIR_BASE_URL", "http://127.0.0.1:8091/r4/x",
            "MILLRACE_TENANT_NORTH_AUTH", "none");
    assertThat(read(values).hl7().production()).isFalse();
    values.put("MILLRACE_TENANT_NORTH_FHIR_BASE_URL", "https://fhir-ehr.cerner.com/r4/x");
    assertThat(read(values).hl7().production()).isTrue();
  }

  @Test
  void noFaultAndNoTextFormShowsTheSecret() throws Exception {
    Map<String, String> environment =
        complete("MILLRACE_CLIENT_SECRET_FILE", "/nowhere", "MILLRACE_ZONE", "x");

    assertThatThrownBy(() -> read(environment))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault -> assertThat(fault).asString().doesNotContain("secret-of-the-account"));
    assertThat(read(complete())).asString().doesNotContain("secret-of-the-account");
    assertThat(SettingsSource.of(complete())).asString().doesNotContain("secret-of-the-account");
  }

  @Test
  void theLimitsOfListenersAreReadAndHeldAgainstEachOther() throws Exception {
    Listeners standard = read(complete()).listeners();
    assertThat(standard.frames()).isEqualTo(MllpLimits.DEFAULT);
    assertThat(standard.allowed()).isSameAs(AllowedPeers.ALL);

    Listeners set =
        read(complete(
                "MILLRACE_LIMIT_MESSAGE_MB", "300",
                "MILLRACE_LIMIT_CONNECTIONS", "50",
                "MILLRACE_LIMIT_FRAME_TIME", "5m",
                "MILLRACE_LIMIT_IDLE_TIME", "none",
                "MILLRACE_LIMIT_REPLY_TIME", "10s",
                "MILLRACE_MLLP_ALLOW", "10.1.0.0/16"))
            .listeners();
    int message = 300 * 1024 * 1024;
    assertThat(set.connections()).isEqualTo(50);
    assertThat(set.frames())
        .isEqualTo(
            new MllpLimits(
                message,
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ofSeconds(10),
                50,
                message));
    assertThat(set.allowed().allows(InetAddress.getByName("10.1.2.3"))).isTrue();
    assertThat(set.allowed().allows(InetAddress.getByName("10.2.2.3"))).isFalse();

    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_LIMIT_CONNECTIONS_OF_PEER", "501",
                        "MILLRACE_LIMIT_RECEIVE_MB", "63",
                        "MILLRACE_MLLP_ALLOW", "lab.hospital.example")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .containsExactlyInAnyOrder(
                        "MILLRACE_LIMIT_CONNECTIONS_OF_PEER (environment): is more than"
                            + " MILLRACE_LIMIT_CONNECTIONS",
                        "MILLRACE_LIMIT_RECEIVE_MB (environment): is less than"
                            + " MILLRACE_LIMIT_MESSAGE_MB, so the longest would never be taken",
                        "MILLRACE_MLLP_ALLOW (environment): holds lab.hospital.example, which is no"
                            + " address and no network such as 10.1.0.0/16"));
  }

  @Test
  void whatOnlyMakesSenseWithACertificateIsAFaultWithoutIt() {
    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_TLS_KEY", "key.pem",
                        "MILLRACE_TLS_PASSWORD", "secret-of-the-key",
                        "MILLRACE_TLS_CLIENT_AUTHORITIES", "ca.pem",
                        "MILLRACE_TLS_SENDERS", "senders")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(4)
                    .allMatch(line -> line.contains("is set, but MILLRACE_TLS_CERTIFICATE is not"))
                    .noneMatch(line -> line.contains("secret-of")));
  }

  @Test
  void filesOfTlsThatCannotBeUsedAreToldBeforeTheStart() {
    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_TLS_CERTIFICATE", home.resolve("none.pem").toString(),
                        "MILLRACE_TLS_CLIENTS", "needed",
                        "MILLRACE_TLS_FOR", "ftp")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("MILLRACE_TLS_CERTIFICATE (environment): "))
                    .anyMatch(line -> line.contains("MILLRACE_TLS_CLIENT_AUTHORITIES names no"))
                    .anyMatch(line -> line.contains("must be one of mllp,http, mllp, http")));
  }

  @Test
  void theConsoleIsOpenToOthersOverTlsOnly() throws Exception {
    assertThatThrownBy(
            () -> read(complete("MILLRACE_CONSOLE_BIND", "0.0.0.0", "MILLRACE_ALLOW_OPEN", "true")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            faults ->
                assertThat(faults.faults())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("MILLRACE_CONSOLE_BIND (environment): ")
                    .contains("MILLRACE_TLS_CERTIFICATE"));
    assertThat(
            read(complete("MILLRACE_CONSOLE_BIND", "0.0.0.0", "MILLRACE_TLS_IN_FRONT", "true"))
                .listeners()
                .consoleIsOpen())
        .isTrue();
    assertThat(
            read(complete("MILLRACE_CONSOLE_BIND", "0.0.0.0", "MILLRACE_CONSOLE_PORT", "none"))
                .listeners()
                .consoleIsOpen())
        .isFalse();
  }

  @Test
  void offLoopbackItStartsOnlyWhenTheSiteSaysSo() throws Exception {
    assertThatThrownBy(() -> read(complete("MILLRACE_BIND", "0.0.0.0")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("MILLRACE_BIND (environment): "))
                    .allMatch(line -> line.contains("MILLRACE_ALLOW_OPEN"))
                    .anyMatch(line -> line.contains("MILLRACE_TLS_CERTIFICATE"))
                    .anyMatch(line -> line.contains("MILLRACE_MLLP_ALLOW")));

    Settings open = read(complete("MILLRACE_BIND", "0.0.0.0", "MILLRACE_ALLOW_OPEN", "true"));

    assertThat(open.listeners().bind()).isEqualTo("0.0.0.0");
    assertThat(open.listeners().guarded()).isFalse();
    Settings behindProxy =
        read(
            complete(
                "MILLRACE_BIND",
                "0.0.0.0",
                "MILLRACE_TLS_IN_FRONT",
                "true",
                "MILLRACE_MLLP_ALLOW",
                "10.1.0.0/16"));
    assertThat(behindProxy.listeners().guarded()).isTrue();
    assertThat(read(complete()).listeners().guarded()).isFalse();
  }

  @Test
  void aProxyOnTheSameMachineBringsCallersFromElsewhere() throws Exception {
    Settings behindProxy = read(complete("MILLRACE_TLS_IN_FRONT", "true"));

    assertThat(behindProxy.listeners().bind()).isEqualTo("127.0.0.1");
    assertThat(behindProxy.listeners().guarded()).isTrue();
    Settings guardedByTheSite =
        read(complete("MILLRACE_TLS_IN_FRONT", "true", "MILLRACE_ALLOW_OPEN", "true"));
    assertThat(guardedByTheSite.listeners().guarded()).isFalse();
  }

  @Test
  void alertsByMailNeedAServerASenderAndReceivers() throws Exception {
    assertThat(read(complete()).alerts()).isEqualTo(AlertSettings.DEFAULT);
    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_ALERT_MAIL_SERVER", "mail.hospital.example:587",
                        "MILLRACE_ALERT_MAIL_TLS", "none",
                        "MILLRACE_ALERT_MAIL_USER", "millrace",
                        "MILLRACE_ALERT_MAIL_PASSWORD", "word-of-the-mail",
                        "MILLRACE_ALERT_MAIL_TO", "one@hospital.example, nobody")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(3)
                    .anyMatch(line -> line.contains("would go over the network in plain text"))
                    .anyMatch(line -> line.contains("is no e-mail address"))
                    .anyMatch(line -> line.contains("MILLRACE_ALERT_MAIL_FROM is not"))
                    .noneMatch(line -> line.contains("word-of-the-mail")));
    assertThatThrownBy(() -> read(complete("MILLRACE_ALERT_MAIL_TO", "one@hospital.example")))
        .hasMessageContaining("MILLRACE_ALERT_MAIL_SERVER is not");

    Settings taken =
        read(
            complete(
                "MILLRACE_ALERT_MAIL_SERVER", "mail.hospital.example:587",
                "MILLRACE_ALERT_MAIL_FROM", "millrace@hospital.example",
                "MILLRACE_ALERT_MAIL_TO", "one@hospital.example, two@hospital.example",
                "MILLRACE_ALERT_SILENCE", "0s"));
    assertThat(taken.alerts().feeds().silence()).isZero();
    assertThat(taken.alerts().mail())
        .contains(
            new MailAccount(
                new MailAccount.Server("mail.hospital.example", 587, MailAccount.Secrecy.STARTTLS),
                Optional.empty(),
                "millrace@hospital.example",
                List.of("one@hospital.example", "two@hospital.example")));
  }

  @Test
  void anIssuerOfTokensNeedsAnAudienceAndASafeAddress() throws Exception {
    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_CALLERS_ISSUER", "http://login.hospital.example/",
                        "MILLRACE_CALLERS_ALGORITHMS", "RS256,HS256")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("MILLRACE_CALLERS_AUDIENCE: is not set"))
                    .anyMatch(line -> line.contains("must be an https address"))
                    .anyMatch(line -> line.contains("names an algorithm that is none of")));
    assertThatThrownBy(() -> read(complete("MILLRACE_CALLERS_AUDIENCE", "millrace")))
        .isInstanceOfSatisfying(
            SettingsFaultsException.class,
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .contains("MILLRACE_CALLERS_ISSUER is not"));

    Settings taken =
        read(
            complete(
                "MILLRACE_CALLERS_ISSUER", "https://login.hospital.example/",
                "MILLRACE_CALLERS_AUDIENCE", "millrace"));

    assertThat(taken.callers().tokens().orElseThrow().issuer())
        .hasToString("https://login.hospital.example");
  }

  @ParameterizedTest
  @CsvSource({
    "https://fhir-ehr.cerner.com/r4/x, true",
    "https://fhir.hospital.example/r4, true",
    "https://fhir-ehr-code.cerner.com/r4/x, false",
    "http://127.0.0.1:8090/r4/x, false",
    "http://localhost:8090/r4/x, false",
    "http://[::1]:8090/r4/x, false"
  })
  void onlyLoopbackAndCernersSandboxesAreNoProduction(String base, boolean production)
      throws Exception {
    assertThat(read(complete("MILLRACE_FHIR_BASE_URL", base)).hl7().production())
        .isEqualTo(production);
  }

  @Test
  void aServerWithoutAuthorizationNeedsNoAccount() throws Exception {
    Settings settings =
        read(Map.of("MILLRACE_AUTH", "none", "MILLRACE_FHIR_BASE_URL", "http://localhost:9/fhir/"));

    assertThat(settings.cerner().fhirBaseUrl()).hasToString("http://localhost:9/fhir");
  }

  @Test
  void namesInTheEnvironmentThatAreNotOursAreLeftAlone() throws Exception {
    Settings settings = read(complete("MILLRACE_SERVICE_PORT_2575_TCP", "tcp://10.0.0.1:2575"));

    assertThat(List.of(settings.listeners().mllpPort())).containsExactly(2575);
  }

  @Test
  void aDatabaseIsNamedInTheFormOfEitherDriverAndItsSecretsAreNotShown() throws Exception {
    Path file = Files.writeString(home.resolve("password"), "from-a-file\n");
    String url = "postgresql://mill%40race:p%2Fw+d@db.example:5433/journal?sslmode=verify-full";

    PostgresAddress whole = database("MILLRACE_DATABASE_URL", url);
    assertThat(whole.servers()).isEqualTo("db.example:5433");
    assertThat(whole.database()).isEqualTo("journal");
    assertThat(whole.options()).isEqualTo("sslmode=verify-full");
    assertThat(whole.user()).isEqualTo("mill@race");
    assertThat(whole.password()).isEqualTo("p/w+d");
    assertThat(read(complete("MILLRACE_DATABASE_URL", url)))
        .asString()
        .contains("postgresql://db.example:5433/journal")
        .doesNotContain("mill@race")
        .doesNotContain("p/w");

    PostgresAddress apart =
        database(
            "MILLRACE_DATABASE_URL",
            "jdbc:postgresql://a.example,b.example/journal",
            "MILLRACE_DATABASE_USER",
            "millrace",
            "MILLRACE_DATABASE_PASSWORD_FILE",
            file.toString());
    assertThat(apart.servers()).isEqualTo("a.example,b.example");
    assertThat(apart.user()).isEqualTo("millrace");
    assertThat(apart.password()).isEqualTo("from-a-file");
  }

  private PostgresAddress database(String... more) throws SettingsFaultsException {
    return read(complete(more)).storage().database().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "mysql://host/secret-name~is no address",
        "postgresql://host~is no address",
        "postgresql://host/db?password=secret-word~must not name user or password",
      })
  void whatIsWrongWithADatabaseIsToldWithoutQuotingIt(String url, String complaint) {
    assertThatThrownBy(() -> read(complete("MILLRACE_DATABASE_URL", url)))
        .isInstanceOf(SettingsFaultsException.class)
        .hasMessageContaining("MILLRACE_DATABASE_URL (environment): ")
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aUserOfNoDatabaseIsAFault() {
    assertThatThrownBy(
            () ->
                read(
                    complete(
                        "MILLRACE_DATABASE_USER", "millrace", "MILLRACE_DATABASE_PASSWORD", "x")))
        .hasMessageContaining("MILLRACE_DATABASE_USER (environment): is set")
        .hasMessageContaining("MILLRACE_DATABASE_PASSWORD (environment): is set");
  }
}

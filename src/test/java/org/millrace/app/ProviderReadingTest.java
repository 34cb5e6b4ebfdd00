package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.console.ConsoleProvider;

/** The settings of the OpenID provider by which people log in at the console. */
final class ProviderReadingTest {
  private static final String NAME = "MILLRACE_CONSOLE_OIDC_";

  @TempDir private Path folder;

  private static Map<String, String> complete(String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_TENANT_ID", "tenant");
    values.put("MILLRACE_CLIENT_ID", "client");
    values.put("MILLRACE_CLIENT_SECRET", "secret-of-the-account");
    values.put("MILLRACE_JOURNAL_KEY", "none");
    values.put(NAME + "ISSUER", "https://login.hospital.example/realms/staff/");
    values.put(NAME + "CLIENT_ID", "millrace");
    values.put(NAME + "CLIENT_SECRET", "secret-of-the-console");
    values.put(NAME + "ROLES", "admin=hl7-admins");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return values;
  }

  private Settings read(Map<String, String> values) throws SettingsFaultsException {
    return Settings.read(SettingsSource.of(values), folder);
  }

  private List<String> faults(Map<String, String> values) {
    SettingsFaultsException faults =
        catchThrowableOfType(SettingsFaultsException.class, () -> read(values));
    return faults == null ? List.of() : faults.faults();
  }

  @Test
  void withoutAnIssuerPeopleLogInByAccountsOnly() throws Exception {
    Map<String, String> values = complete();
    values.keySet().removeIf(name -> name.startsWith(NAME));

    assertThat(read(values).provider()).isEmpty();
  }

  @Test
  void whatIsSetIsTakenAndNoSecretIsShown() throws Exception {
    Optional<ConsoleProvider> read = read(complete(NAME + "TITLE", "Hospital ID")).provider();

    assertThat(read.orElseThrow().address()).isEmpty();
    assertThat(read.orElseThrow().settings())
        .satisfies(
            set -> {
              assertThat(set.issuer()).hasToString("https://login.hospital.example/realms/staff");
              assertThat(set.client().secret()).isEqualTo("secret-of-the-console");
              assertThat(set.client().scopes()).containsExactly("openid", "profile");
              assertThat(set.roles().claim()).isEqualTo("groups");
              assertThat(set.nameClaim()).isEqualTo("preferred_username");
              assertThat(set.title()).isEqualTo("Hospital ID");
            });
    assertThat(read.toString()).doesNotContain("secret-of-the-console");
    assertThat(read(complete()).provider().orElseThrow().settings().title())
        .isEqualTo("login.hospital.example");
  }

  @Test
  void theSecretIsReadFromAFile() throws Exception {
    Path file = folder.resolve("secret");
    Files.writeString(file, "from-the-file\n", StandardCharsets.UTF_8);
    Map<String, String> values =
        complete(NAME + "CLIENT_SECRET_FILE", file.toString(), NAME + "CLIENT_SECRET", "");

    assertThat(read(values).provider().orElseThrow().settings().client().secret())
        .isEqualTo("from-the-file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ISSUER~http://login.hospital.example~must be an https address",
        "ISSUER~https://login.hospital.example/?realm=1~no question mark",
        "ISSUER~login.hospital.example~is no http or https URL",
        "CLIENT_ID~''~is not set",
        "CLIENT_SECRET~''~MILLRACE_CONSOLE_OIDC_CLIENT_SECRET_FILE",
        "ROLES~''~admin=hl7-admins; viewer=hl7-readers",
        "ROLES~hl7-admins~ROLE=VALUE",
        "ROLES~root=hl7-admins~none of viewer, operator, analyst, admin",
        "ROLES~admin=hl7-admins; viewer=~ROLE=VALUE",
        "ROLES_CLAIM~my groups~is no name of a claim",
        "NAME_CLAIM~my name~is no name of a claim",
        "SCOPES~profile~must hold openid",
        "SCOPES~openid offline_access~must not hold offline_access"
      })
  void whatCouldOnlyFailLaterIsToldAtTheStart(String setting, String value, String said) {
    assertThat(faults(complete(NAME + setting, value)))
        .singleElement()
        .asString()
        .startsWith(NAME + setting)
        .contains(said)
        .doesNotContain("secret-of-the-console");
  }

  @Test
  void onLoopbackAProviderMayBePlainText() throws Exception {
    assertThat(read(complete(NAME + "ISSUER", "http://localhost:9000/realm")).provider())
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "CLIENT_ID~millrace",
        "CLIENT_SECRET~secret-of-the-console",
        "ROLES~admin=hl7-admins"
      })
  void whatIsSetWithoutAnIssuerIsAFault(String setting, String value) {
    Map<String, String> values = complete();
    values.keySet().removeIf(name -> name.startsWith(NAME));
    values.put(NAME + setting, value);

    assertThat(faults(values))
        .singleElement()
        .asString()
        .startsWith(NAME + setting)
        .contains("MILLRACE_CONSOLE_OIDC_ISSUER is not");
  }

  @Test
  void aConsoleThatOthersReachSaysWhereItIs() throws Exception {
    assertThat(faults(complete("MILLRACE_TLS_IN_FRONT", "true")))
        .singleElement()
        .asString()
        .startsWith("MILLRACE_CONSOLE_ADDRESS: is not set");
    assertThat(
            read(complete(
                    "MILLRACE_TLS_IN_FRONT", "true",
                    "MILLRACE_CONSOLE_ADDRESS", "https://millrace.hospital.example/"))
                .provider()
                .flatMap(ConsoleProvider::address))
        .hasToString("Optional[https://millrace.hospital.example]");
  }

  @ParameterizedTest
  @CsvSource({
    "true, http://millrace.hospital.example, must be an https address",
    "true, https://millrace.hospital.example/console, has no path",
    "false, https://millrace.hospital.example, names another place",
    "false, http://millrace.hospital.example, names another place"
  })
  void anAddressWhereTheConsoleCannotBeIsAFault(String inFront, String address, String said) {
    assertThat(
            faults(complete("MILLRACE_TLS_IN_FRONT", inFront, "MILLRACE_CONSOLE_ADDRESS", address)))
        .singleElement()
        .asString()
        .startsWith("MILLRACE_CONSOLE_ADDRESS")
        .contains(said);
  }
}

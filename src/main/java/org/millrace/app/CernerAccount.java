package org.millrace.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.millrace.cerner.CernerSettings;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.cerner.ClientKey;
import org.millrace.cerner.ClientKeys;
import org.millrace.cerner.WantedScopes;

/** Reads where Cerner is, and by what secret or key our system account proves itself there. */
final class CernerAccount {
  private static final String TENANT = "MILLRACE_TENANT_ID";
  private static final String BASE = "MILLRACE_FHIR_BASE_URL";
  private static final String CLIENT = "MILLRACE_CLIENT_ID";
  private static final String SECRET = "MILLRACE_CLIENT_SECRET";
  private static final String KEYS_FILE = "MILLRACE_CLIENT_KEYS_FILE";
  private static final String KEY_ID = "MILLRACE_CLIENT_KEY_ID";

  private final SettingsReader reader;

  private CernerAccount(SettingsReader reader) {
    this.reader = reader;
  }

  static CernerSettings read(SettingsReader reader) {
    return new CernerAccount(reader).read();
  }

  private CernerSettings read() {
    Authorization authorization = reader.choice("MILLRACE_AUTH", Authorization.SMART);
    String clientId = reader.text(CLIENT, "");
    if (authorization == Authorization.SMART && clientId.isEmpty()) {
      reader.fault(CLIENT, "is not set; it is the client id of the system account");
    }
    Optional<String> secret = reader.secret(SECRET);
    Optional<ClientKey> key = key(secret, authorization);
    String tenant = tenant();
    CernerSettings account =
        new CernerSettings(
                base(tenant),
                authorization,
                reader.url("MILLRACE_TOKEN_URL"),
                tenant,
                clientId,
                secret.orElse(""),
                scopes(),
                mrnSystem(),
                organization(),
                reader.duration(
                    "MILLRACE_CONNECT_WITHIN",
                    Duration.ofSeconds(5),
                    Duration.ofMillis(100),
                    Duration.ofMinutes(1)))
            .named(reader.name(SettingsSource.PREFIX));
    return key.map(account::signingWith).orElse(account);
  }

  private String tenant() {
    String tenant = reader.text(TENANT, "");
    if (tenant.isEmpty() && reader.text(BASE).isEmpty()) {
      reader.fault(TENANT, "is not set; set it, or " + reader.name(BASE) + " for another server");
    }
    if (!tenant.matches("[A-Za-z0-9.-]*")) {
      reader.fault(TENANT, "is no tenant id; it holds letters, digits and dashes");
      return "";
    }
    return tenant;
  }

  private URI base(String tenant) {
    Optional<URI> base = reader.url(BASE);
    if (base.isPresent() && base.get().getRawQuery() != null) {
      reader.fault(BASE, "is a service root, so it has no question mark");
    }
    return base.orElse(ofTenant(tenant));
  }

  private static URI ofTenant(String tenant) {
    return URI.create("https://fhir-ehr.cerner.com/r4/" + tenant);
  }

  /** Where Cerner is, for whoever needs no account there; empty if no setting says it. */
  static Optional<URI> address(SettingsReader reader) {
    return reader.url(BASE).or(() -> reader.text(TENANT).map(any -> ofTenant("")));
  }

  private String scopes() {
    String scopes =
        reader.shaped(
            "MILLRACE_SCOPES",
            "v1",
            "v1|v2|(?!v\\d+$)[!-~]+( [!-~]+)*",
            "is none of v1 and v2, and no list of scopes with one space between");
    return switch (scopes) {
      case "v1" -> WantedScopes.v1();
      case "v2" -> WantedScopes.v2();
      default -> scopes;
    };
  }

  private String mrnSystem() {
    return reader.shaped(
        "MILLRACE_MRN_SYSTEM",
        "urn:oid:2.16.840.1.113883.6.1000",
        "[A-Za-z][A-Za-z0-9+.-]*:[^\\s|,]+",
        "is no URI, for example urn:oid:2.16.840.1.113883.6.1000");
  }

  private Optional<String> organization() {
    return Optional.of(
            reader.shaped(
                "MILLRACE_ORGANIZATION_ID",
                "",
                "[A-Za-z0-9.-]{1,64}",
                "is no id of an Organization; it holds letters, digits, dots and dashes"))
        .filter(id -> !id.isEmpty());
  }

  /** The key that signs; empty where there is a secret, or what is set is at fault. */
  private Optional<ClientKey> key(Optional<String> secret, Authorization authorization) {
    Optional<Path> file = reader.file(KEYS_FILE);
    Optional<String> id = reader.text(KEY_ID);
    if (file.isEmpty()) {
      id.ifPresent(
          set -> reader.fault(KEY_ID, "is set, but " + reader.name(KEYS_FILE) + " is not"));
      if (secret.isEmpty() && authorization == Authorization.SMART) {
        reader.fault(
            SECRET,
            "is not set; set it, " + reader.name(SECRET) + "_FILE or " + reader.name(KEYS_FILE));
      }
      return Optional.empty();
    }
    if (secret.isPresent()) {
      reader.fault(KEYS_FILE, "stands beside a " + reader.name(SECRET) + "; set one of the two");
    }
    return reader.read(KEYS_FILE, CernerAccount::keys).flatMap(keys -> chosen(keys, id));
  }

  private static ClientKeys keys(String file) {
    try {
      return ClientKeys.parse(Files.readString(Path.of(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("names a file that cannot be read: " + file, e);
    }
  }

  private Optional<ClientKey> chosen(ClientKeys keys, Optional<String> id) {
    if (id.isEmpty() && keys.keys().size() > 1) {
      reader.fault(
          KEY_ID, "is not set, and the file holds several keys; it is one of " + keys.ids());
      return Optional.empty();
    }
    Optional<ClientKey> chosen = id.map(keys::find).orElse(Optional.of(keys.keys().get(0)));
    if (chosen.isEmpty()) {
      reader.fault(KEY_ID, "names no key of the file; it is one of " + keys.ids());
    }
    return chosen;
  }
}

package org.millrace.app;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.console.ConsoleProvider;
import org.millrace.guard.ProviderSettings;

/** Reads by which OpenID provider people log in at the console; by none unless it is named. */
final class ProviderReading {
  private static final List<String> USUAL_SCOPES = List.of("openid", "profile");
  private static final String ISSUER = "MILLRACE_CONSOLE_OIDC_ISSUER";
  private static final String CLIENT = "MILLRACE_CONSOLE_OIDC_CLIENT_ID";
  private static final String SECRET = "MILLRACE_CONSOLE_OIDC_CLIENT_SECRET";
  private static final String SCOPES = "MILLRACE_CONSOLE_OIDC_SCOPES";
  private static final String ROLES = "MILLRACE_CONSOLE_OIDC_ROLES";
  private static final String ROLES_CLAIM = "MILLRACE_CONSOLE_OIDC_ROLES_CLAIM";
  private static final String NAME_CLAIM = "MILLRACE_CONSOLE_OIDC_NAME_CLAIM";
  private static final String TITLE = "MILLRACE_CONSOLE_OIDC_TITLE";
  private static final String ADDRESS = "MILLRACE_CONSOLE_ADDRESS";
  private static final String FILE = "_FILE";
  private static final String CLAIM = "[!-~]{1,200}";
  private static final String NO_CLAIM = "is no name of a claim; it holds no blanks";

  private final SettingsReader reader;

  private ProviderReading(SettingsReader reader) {
    this.reader = reader;
  }

  /**
   * @param listeners where the console is reached
   */
  static Optional<ConsoleProvider> read(SettingsReader reader, Listeners listeners) {
    return new ProviderReading(reader).read(listeners);
  }

  private Optional<ConsoleProvider> read(Listeners listeners) {
    Optional<URI> issuer = reader.url(ISSUER);
    ProviderSettings.Client client =
        new ProviderSettings.Client(
            reader.text(CLIENT, ""),
            reader.secret(SECRET).orElse(""),
            reader.read(SCOPES, USUAL_SCOPES, ProviderReading::scopes));
    reader.known(SCOPES, "text", String.join(" ", USUAL_SCOPES));
    String claim = reader.shaped(ROLES_CLAIM, "groups", CLAIM, NO_CLAIM);
    Optional<ProviderSettings.Roles> roles =
        reader.read(ROLES, text -> ProviderSettings.Roles.read(claim, text));
    String name = reader.shaped(NAME_CLAIM, "preferred_username", CLAIM, NO_CLAIM);
    Optional<String> title = reader.text(TITLE);
    Optional<URI> address = reader.url(ADDRESS);
    address.ifPresent(each -> reachable(each, listeners));
    if (issuer.isEmpty()) {
      if (reader.text(ISSUER).isEmpty()) {
        List.of(CLIENT, SECRET, SECRET + FILE, ROLES).stream()
            .filter(each -> reader.text(each).isPresent())
            .forEach(each -> reader.fault(each, "is set, but " + ISSUER + " is not"));
      }
      return Optional.empty();
    }
    checkIssuer(issuer.get());
    needed(CLIENT, "the id that the console has at the provider");
    if (reader.text(SECRET).isEmpty() && reader.text(SECRET + FILE).isEmpty()) {
      reader.fault(SECRET, "is not set; set it, or " + SECRET + FILE);
    }
    needed(ROLES, "which groups get which role, as admin=hl7-admins; viewer=hl7-readers");
    if (address.isEmpty() && isElsewhere(listeners) && reader.text(ADDRESS).isEmpty()) {
      reader.fault(
          ADDRESS,
          "is not set; it is the https address of the console in browsers, to which the provider"
              + " sends them back");
    }
    return Optional.of(
        new ConsoleProvider(
            new ProviderSettings(
                issuer.get(),
                client,
                roles.orElse(new ProviderSettings.Roles(claim, Map.of())),
                name,
                title.orElse(issuer.get().getHost())),
            address));
  }

  private void checkIssuer(URI issuer) {
    if (issuer.getScheme().equals("http")
        && !Listeners.isLoopback(String.valueOf(issuer.getHost()))) {
      reader.fault(
          ISSUER, "must be an https address: whoever could change its keys could be anybody");
    }
    if (issuer.getRawQuery() != null) {
      reader.fault(ISSUER, "must hold no question mark");
    }
  }

  private void needed(String name, String what) {
    if (reader.text(name).isEmpty()) {
      reader.fault(name, "is not set; it is " + what);
    }
  }

  /** Whether browsers reach the console over TLS, by whatever name. */
  private static boolean isElsewhere(Listeners listeners) {
    return listeners.consoleIsOpen() || listeners.tlsInFront();
  }

  private void reachable(URI address, Listeners listeners) {
    if (!address.getRawPath().isEmpty() || address.getRawQuery() != null) {
      reader.fault(ADDRESS, "ends with the host or port; the console has no path before its pages");
    }
    boolean https = address.getScheme().equals("https");
    if (isElsewhere(listeners) && !https) {
      reader.fault(ADDRESS, "must be an https address");
    } else if (!isElsewhere(listeners)
        && (https || !Listeners.isLoopback(String.valueOf(address.getHost())))) {
      reader.fault(
          ADDRESS,
          "names another place than where the console is: it speaks plain text on this machine"
              + " only; see MILLRACE_CONSOLE_BIND and MILLRACE_TLS_IN_FRONT");
    }
  }

  private static List<String> scopes(String text) {
    List<String> all = Arrays.asList(text.strip().split("\\s+"));
    if (!all.contains("openid")) {
      throw new IllegalArgumentException("must hold openid, without which no ID token is given");
    }
    if (all.contains("offline_access")) {
      throw new IllegalArgumentException(
          "must not hold offline_access: nothing is asked for when nobody is there");
    }
    return all;
  }
}

package org.millrace.app;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millrace.guard.GateSettings;
import org.millrace.guard.TokenSettings;

/**
 * Who may call over HTTP beside those that have a key, and how often.
 *
 * @param tokens whose tokens are taken, if anybody's are
 */
public record CallerSettings(Optional<TokenSettings> tokens, GateSettings.Limits limits) {
  private static final String ISSUER = "MILLRACE_CALLERS_ISSUER";
  private static final String AUDIENCE = "MILLRACE_CALLERS_AUDIENCE";
  private static final String ALGORITHMS = "MILLRACE_CALLERS_ALGORITHMS";
  private static final String NO_ISSUER = "is set, but " + ISSUER + " is not";
  private static final Set<String> USUAL =
      Set.of("RS256", "RS384", "PS256", "PS384", "ES256", "ES384");
  private static final int MOST = 100_000;

  static CallerSettings read(SettingsReader reader) {
    GateSettings.Limits usual = GateSettings.Limits.DEFAULT;
    return new CallerSettings(
        tokens(reader),
        new GateSettings.Limits(
            requests(reader, "MILLRACE_LIMIT_CALLER_REQUESTS", usual.ofCaller()),
            requests(reader, "MILLRACE_LIMIT_ADDRESS_REQUESTS", usual.ofAddress())));
  }

  private static int requests(SettingsReader reader, String name, int byDefault) {
    return (int)
        reader.number(name, byDefault, 1, MOST, "is no number of requests a second, 1 to " + MOST);
  }

  private static Optional<TokenSettings> tokens(SettingsReader reader) {
    Optional<URI> issuer = reader.url(ISSUER);
    Optional<String> audience = reader.text(AUDIENCE);
    Set<String> algorithms = reader.read(ALGORITHMS, USUAL, CallerSettings::algorithms);
    reader.known(ALGORITHMS, "text", String.join(",", new TreeSet<>(USUAL)));
    if (issuer.isEmpty()) {
      audience.ifPresent(any -> reader.fault(AUDIENCE, NO_ISSUER));
      return Optional.empty();
    }
    if (audience.isEmpty()) {
      reader.fault(AUDIENCE, "is not set; without it, tokens that are for others would be taken");
    }
    if (issuer.get().getScheme().equals("http")
        && !Listeners.isLoopback(String.valueOf(issuer.get().getHost()))) {
      reader.fault(
          ISSUER, "must be an https address: whoever could change its keys could be anybody");
    }
    return Optional.of(new TokenSettings(issuer.get(), audience.orElse(""), algorithms));
  }

  private static Set<String> algorithms(String text) {
    Set<String> all = Arrays.stream(text.split("[,\\s]+")).collect(Collectors.toSet());
    if (!TokenSettings.ALGORITHMS.containsAll(all)) {
      throw new IllegalArgumentException(
          "names an algorithm that is none of RS256, RS384, RS512, PS256, PS384, PS512, ES256,"
              + " ES384, ES512");
    }
    return all;
  }
}

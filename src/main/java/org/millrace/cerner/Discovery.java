package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;

/**
 * Where the token comes from: as configured, else as {@code .well-known/smart-configuration} under
 * the service root says, else, for Cerner's own hosts only, derived from the tenant. What was found
 * is kept; what failed is tried again. Thread-safe. Source: SMART App Launch 2, conformance; Cerner
 * Millennium R4, Authorization.
 */
final class Discovery {
  static final String PATH = ".well-known/smart-configuration";

  private final CernerSettings settings;
  private final FhirAddresses addresses;
  private volatile Optional<URI> found = Optional.empty();

  Discovery(CernerSettings settings, FhirAddresses addresses) {
    this.settings = settings;
    this.addresses = addresses;
  }

  /** The token URL, or why there is none: no token for now, or settings at fault. */
  Reply<URI> tokenUrl(Function<HttpCall, Exchanged> send) {
    Optional<URI> known = settings.tokenUrl().or(() -> found);
    return known.isPresent() ? Reply.done(known.get()) : discover(send);
  }

  /** What was discovered serves no more; it is looked up anew next time. */
  void forget() {
    found = Optional.empty();
  }

  private Reply<URI> discover(Function<HttpCall, Exchanged> send) {
    Exchanged exchanged = send.apply(HttpCall.get(addresses.below(PATH), PATH, "application/json"));
    if (exchanged instanceof NoAnswer none) {
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.NO_TOKEN,
              "The token URL could not be discovered under "
                  + settings.setting("MILLRACE_FHIR_BASE_URL")
                  + ": "
                  + none.reason()
                  + "."));
    }
    Answer answer = (Answer) exchanged;
    Optional<URI> endpoint = endpoint(answer);
    if (endpoint.isPresent()) {
      found = endpoint;
      return Reply.done(endpoint.get());
    }
    return isCernerHost() ? derived() : Reply.failed(notTold(answer));
  }

  private Optional<URI> endpoint(Answer answer) {
    if (answer.status() != 200) {
      return Optional.empty();
    }
    String text = FhirJson.object(answer.body()).map(Discovery::tokenEndpoint).orElse("");
    try {
      URI endpoint = URI.create(text);
      return mayHaveTheSecret(endpoint) ? Optional.of(endpoint) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String tokenEndpoint(ObjectNode document) {
    return document.path("token_endpoint").asText("");
  }

  /** Over https; over http only where the FHIR server itself is reached by it. */
  private boolean mayHaveTheSecret(URI endpoint) {
    String scheme = lower(endpoint.getScheme());
    return endpoint.getHost() != null
        && (scheme.equals("https")
            || (scheme.equals("http") && lower(addresses.root().getScheme()).equals("http")));
  }

  private Fault notTold(Answer answer) {
    if (answer.status() >= 500 || answer.status() == 429) {
      return new Fault(
          FaultCode.NO_TOKEN,
          "The token URL could not be discovered: "
              + PATH
              + " was answered "
              + answer.status()
              + ".",
          Outcomes.text(answer),
          answer.status(),
          answer.requestId(),
          Optional.empty(),
          true);
    }
    return new Fault(
        FaultCode.CREDENTIALS_REFUSED,
        "The FHIR server tells no token URL that may be used in "
            + PATH
            + "; set "
            + settings.setting("MILLRACE_TOKEN_URL")
            + ", or "
            + settings.setting("MILLRACE_AUTH")
            + "=none if it wants no token.",
        "",
        answer.status(),
        answer.requestId(),
        Optional.empty(),
        true);
  }

  private boolean isCernerHost() {
    String host = lower(addresses.root().getHost());
    return host.equals("cerner.com") || host.endsWith(".cerner.com");
  }

  /** Not kept: the document may be there again next time, and names the better address. */
  private Reply<URI> derived() {
    return Reply.done(ofTenant());
  }

  private URI ofTenant() {
    return URI.create(
        "https://authorization.cerner.com/tenants/"
            + FhirAddresses.encoded(settings.tenantId())
            + "/protocols/oauth2/profiles/smart-v1/token");
  }

  /** Whether an address is the one that is derived from the tenant. */
  boolean isDerived(URI tokenUrl) {
    return isCernerHost() && tokenUrl.equals(ofTenant());
  }

  private static String lower(String text) {
    return Objects.requireNonNullElse(text, "").toLowerCase(Locale.ROOT);
  }
}

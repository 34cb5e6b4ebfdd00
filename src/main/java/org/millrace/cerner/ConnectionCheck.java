package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;

/**
 * Asks a FHIR server what it says of itself, without a token, for those who want to know why a
 * connection does not come about. Thread-safe. Source: SMART App Launch 2, conformance; FHIR R4,
 * capabilities.
 */
public final class ConnectionCheck implements AutoCloseable {
  private final CernerSettings settings;
  private final FhirAddresses addresses;
  private final Discovery discovery;
  private final CernerHttp http;

  /** Connects to nothing yet. */
  public ConnectionCheck(CernerSettings settings) {
    this.settings = settings;
    addresses = new FhirAddresses(settings.fhirBaseUrl());
    discovery = new Discovery(settings, addresses);
    http = new CernerHttp(settings.connectTimeout(), CallLimits.DEFAULT.connections());
  }

  /** {@code .well-known/smart-configuration} under the FHIR address. */
  public Reply<ObjectNode> smartConfiguration(Call call) {
    return document(Discovery.PATH, "application/json", call);
  }

  /** The CapabilityStatement. */
  public Reply<ObjectNode> metadata(Call call) {
    return document("metadata", "application/fhir+json", call)
        .then(
            json ->
                json.path("resourceType").asText().equals("CapabilityStatement")
                    ? Reply.done(json)
                    : Reply.failed(
                        Faults.beforeAsking(
                            FaultCode.UNREADABLE_ANSWER,
                            "metadata is no CapabilityStatement; is "
                                + settings.setting("MILLRACE_FHIR_BASE_URL")
                                + " a FHIR service root?")));
  }

  /** Where tokens are asked for, as the engine finds it. */
  public Reply<URI> tokenUrl(Call call) {
    return discovery.tokenUrl(sending(call));
  }

  /** Whether the address is neither set nor told, but made of the tenant. */
  public boolean isDerived(URI tokenUrl) {
    return settings.tokenUrl().isEmpty() && discovery.isDerived(tokenUrl);
  }

  private Function<HttpCall, Exchanged> sending(Call call) {
    return request -> http.exchange(request, call.deadline());
  }

  private Reply<ObjectNode> document(String path, String accept, Call call) {
    Exchanged exchanged = sending(call).apply(HttpCall.get(addresses.below(path), path, accept));
    if (exchanged instanceof NoAnswer none) {
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.UNREACHABLE, path + " was not answered: " + none.reason() + "."));
    }
    Answer answer = (Answer) exchanged;
    Optional<ObjectNode> json =
        answer.status() == 200 ? FhirJson.object(answer.body()) : Optional.empty();
    return json.<Reply<ObjectNode>>map(Reply::done)
        .orElseGet(() -> Reply.failed(notThere(path, answer)));
  }

  private static Fault notThere(String path, Answer answer) {
    FaultCode code = answer.status() >= 500 ? FaultCode.UNAVAILABLE : FaultCode.UNREADABLE_ANSWER;
    String what =
        answer.status() == 200
            ? path + " is no JSON."
            : path + " was answered " + answer.status() + ".";
    return new Fault(code, what, "", answer.status(), answer.requestId(), Optional.empty(), true);
  }

  @Override
  public void close() {
    http.close();
  }
}

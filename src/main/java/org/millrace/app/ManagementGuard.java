package org.millrace.app;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Optional;
import org.millrace.guard.Admission;
import org.millrace.guard.Credentials;
import org.millrace.guard.Gate;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.guard.OwnScope;

/**
 * Who may look in on the management port. Off loopback, and behind a proxy, it takes a key with the
 * scope {@code millrace/management}, and a key is looked at only where nobody else can read it on
 * its way. Thread-safe.
 *
 * @param gate empty: anybody may
 * @param takesKeys whether what is sent to the port cannot be read by others
 */
record ManagementGuard(Optional<Gate> gate, boolean takesKeys) {
  static final ManagementGuard OPEN = new ManagementGuard(Optional.empty(), true);

  private static final Needs NEEDS = Needs.of(Need.of(OwnScope.MANAGEMENT));

  /** What is answered to who may not. */
  record Refused(int status, String sentence, Optional<String> challenge) {}

  /** Empty if they may. */
  Optional<Refused> refuse(HttpExchange exchange) {
    if (gate.isEmpty()) {
      return Optional.empty();
    }
    if (!takesKeys) {
      return Optional.of(
          new Refused(
              403,
              "this port is plain text and on no loopback address: it tells nothing but whether the"
                  + " engine is up and ready",
              Optional.empty()));
    }
    return gate.get().admit(credentials(exchange), NEEDS) instanceof Admission.Refused refused
        ? Optional.of(refused(refused))
        : Optional.empty();
  }

  private static Refused refused(Admission.Refused refused) {
    int status = refused.reason().status();
    return new Refused(
        status,
        refused.sentence(),
        status == 401 ? Optional.of("Bearer realm=\"millrace\"") : Optional.empty());
  }

  private static Credentials credentials(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return new Credentials(
        Optional.ofNullable(headers.get("Authorization")).orElse(List.of()),
        Optional.ofNullable(headers.get("X-API-Key")).orElse(List.of()),
        exchange.getRemoteAddress().getAddress().getHostAddress());
  }
}

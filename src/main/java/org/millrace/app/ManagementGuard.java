package org.millrace.app;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.guard.Admission;
import org.millrace.guard.Asked;
import org.millrace.guard.Credentials;
import org.millrace.guard.Gate;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.guard.OwnScope;
import org.millrace.guard.Principal;

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

  private static final int LONGEST_REQUEST = 200;
  private static final Needs NEEDS = Needs.of(Need.of(OwnScope.MANAGEMENT));

  /** Empty if they may. */
  Optional<Admission.Refused> refuse(HttpExchange exchange) {
    if (gate.isEmpty()) {
      return Optional.empty();
    }
    if (!takesKeys) {
      return Optional.of(
          Admission.forbidden(
              Principal.ANYBODY,
              List.of(),
              "this port is plain text and on no loopback address: it tells nothing but whether the"
                  + " engine is up and ready"));
    }
    return gate.get().admit(credentials(exchange), NEEDS) instanceof Admission.Refused refused
        ? Optional.of(refused)
        : Optional.empty();
  }

  /** Puts on record that somebody was refused what others may see. */
  void record(HttpExchange exchange, Admission.Refused refused) {
    String request =
        exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawSchemeSpecificPart();
    Asked asked =
        new Asked(
            "read",
            OwnScope.MANAGEMENT.word(),
            "",
            Map.of("request", request.substring(0, Math.min(LONGEST_REQUEST, request.length()))));
    gate.ifPresent(asking -> asking.refusedAtOnce(refused, address(exchange), asked));
  }

  private static Credentials credentials(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return new Credentials(
        Optional.ofNullable(headers.get("Authorization")).orElse(List.of()),
        Optional.ofNullable(headers.get("X-API-Key")).orElse(List.of()),
        address(exchange));
  }

  private static String address(HttpExchange exchange) {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }
}

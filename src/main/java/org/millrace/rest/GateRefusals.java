package org.millrace.rest;

import java.util.HashMap;
import java.util.Map;
import org.millrace.guard.Admission;

/**
 * What a caller is told that the gate did not let in. Stateless. Source: RFC 6750 3, for the
 * challenge.
 */
final class GateRefusals {
  private static final String REALM = "Bearer realm=\"millrace\"";

  private GateRefusals() {}

  static Refusal of(Admission.Refused refused) {
    Map<String, String> headers = new HashMap<>();
    refused.again().ifPresent(wait -> headers.put("Retry-After", Refusal.seconds(wait)));
    RefusalReason reason =
        switch (refused.reason()) {
          case NOTHING_SHOWN -> {
            headers.put("WWW-Authenticate", REALM);
            yield RefusalReason.CALLER_UNKNOWN;
          }
          case NOT_KNOWN -> {
            headers.put("WWW-Authenticate", REALM + ", error=\"invalid_token\"");
            yield RefusalReason.CALLER_UNKNOWN;
          }
          case FORBIDDEN -> {
            if (!refused.missing().isEmpty()) {
              headers.put("WWW-Authenticate", insufficient(refused));
            }
            yield RefusalReason.SCOPE_MISSING;
          }
          case TOO_FAST -> RefusalReason.CALLER_TOO_FAST;
          case UNAVAILABLE -> RefusalReason.CALLERS_UNREADABLE;
        };
    return Refusal.of(reason, refused.sentence()).with(headers);
  }

  private static String insufficient(Admission.Refused refused) {
    return REALM
        + ", error=\"insufficient_scope\", scope=\""
        + String.join(" ", refused.missing())
        + "\"";
  }
}

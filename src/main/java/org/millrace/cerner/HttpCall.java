package org.millrace.cerner;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * One HTTP request to make.
 *
 * @param template what may be said of the address: {@code Patient/{id}}, no ids and no values
 * @param body empty for none
 */
record HttpCall(String method, URI uri, String template, Map<String, String> headers, byte[] body) {

  static HttpCall get(URI uri, String template, String accept) {
    return new HttpCall("GET", uri, template, Map.of("Accept", accept), new byte[0]);
  }

  HttpCall with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new HttpCall(method, uri, template, Map.copyOf(more), body);
  }

  Call.Exchange seen(Exchanged exchanged) {
    if (exchanged instanceof Exchanged.Answer answer) {
      return new Call.Exchange(
          method, template, answer.status(), answer.requestId(), answer.took());
    }
    return new Call.Exchange(method, template, 0, "", exchanged.took());
  }

  /** The same with what was asked and answered; not for tokens. */
  Call.Exchange seenWhole(Exchanged exchanged) {
    Call.Exchange seen = seen(exchanged);
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    byte[] answered = exchanged instanceof Exchanged.Answer answer ? answer.body() : new byte[0];
    return new Call.Exchange(
        method,
        template,
        seen.status(),
        seen.requestId(),
        seen.duration(),
        new Call.Content(uri.getRawPath() + query, body, answered));
  }

  /** Method and template: the address and headers hold ids and tokens. */
  @Override
  public String toString() {
    return method + " " + template;
  }
}

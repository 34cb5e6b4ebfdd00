package org.millrace.healtheintent;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * One HTTP request.
 *
 * @param template what may be said of the address: {@code allergy/…/allergies}, no ids and no
 *     values
 * @param lookUp what is counted: {@code allergies}
 * @param body empty for none
 */
record Asked(
    String method,
    URI uri,
    String template,
    String lookUp,
    Map<String, String> headers,
    byte[] body) {

  static Asked get(URI uri, String template, String lookUp) {
    return new Asked(
        "GET", uri, template, lookUp, Map.of("Accept", "application/json"), new byte[0]);
  }

  Asked with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Asked(method, uri, template, lookUp, Map.copyOf(more), body);
  }

  /** Method and template: address and headers hold ids and tokens. */
  @Override
  public String toString() {
    return method + " " + template;
  }
}

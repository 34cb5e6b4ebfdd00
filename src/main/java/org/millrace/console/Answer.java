package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is answered to a request.
 *
 * @param headers beside those that every answer has
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";

  static Answer html(int status, String page) {
    return of(status, HTML, page.getBytes(StandardCharsets.UTF_8));
  }

  static Answer plain(int status, String sentence) {
    return of(status, PLAIN, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Answer of(int status, String type, byte[] body) {
    return new Answer(status, Map.of("Content-Type", type), body);
  }

  /** Go on there, by GET: so that a page that is loaded again asks for nothing twice. */
  static Answer seeOther(Link link) {
    return new Answer(303, Map.of("Location", link.text()), new byte[0]);
  }
}

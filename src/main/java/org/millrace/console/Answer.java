package org.millrace.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered to a request.
 *
 * @param headers beside those that every answer has
 * @param session what the browser is known by from now on; as before if empty
 * @param attempt the log-in that it keeps from now on, and forgets if that is no text; as before if
 *     empty
 */
record Answer(
    int status,
    Map<String, String> headers,
    byte[] body,
    Optional<Session> session,
    Optional<String> attempt) {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";

  Answer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, Optional.empty(), Optional.empty());
  }

  /** The same, and the browser is known by another cookie. */
  Answer knownBy(Session other) {
    return new Answer(status, headers, body, Optional.of(other), attempt);
  }

  /** The same, and the browser keeps this log-in; empty to forget the one that it keeps. */
  Answer keeping(String other) {
    return new Answer(status, headers, body, session, Optional.of(other));
  }

  /** The same, and the browser goes on by itself, as if somebody had followed a link of it. */
  Answer goingOn(Link link) {
    Map<String, String> more = new HashMap<>(headers);
    more.put("Refresh", "0; url=" + link.text());
    return new Answer(status, more, body, session, attempt);
  }

  static Answer html(int status, String page) {
    return of(status, HTML, page.getBytes(StandardCharsets.UTF_8));
  }

  static Answer plain(int status, String sentence) {
    return of(status, PLAIN, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Answer of(int status, String type, byte[] body) {
    return new Answer(status, Map.of("Content-Type", type), body);
  }

  /** Go to another site. */
  static Answer elsewhere(URI address) {
    return new Answer(303, Map.of("Location", address.toString()), new byte[0]);
  }

  /**
   * What came from outside, as a file of its own: nothing in it may run, whatever a browser takes
   * it for.
   *
   * @param name of the file, nothing of a patient; empty for what stands in a page
   */
  static Answer boxed(String type, String name, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", type);
    headers.put("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'");
    if (!name.isEmpty()) {
      headers.put("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }
    return new Answer(200, headers, body);
  }

  /** Go on there, by GET: so that a page that is loaded again asks for nothing twice. */
  static Answer seeOther(Link link) {
    return new Answer(303, Map.of("Location", link.text()), new byte[0]);
  }
}

package org.millrace.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a browser asks, checked and read.
 *
 * @param path decoded, without the query
 * @param asked the query as it was written
 * @param form of a POST; none else
 * @param session of the browser
 * @param attempt the log-in that the browser keeps; empty if it keeps none
 * @param person who asks
 */
record Request(
    String method,
    String path,
    String asked,
    Params query,
    Params form,
    Session session,
    String attempt,
    Person person) {

  /** A form as long as the longest message that is edited in it, three characters for a byte. */
  static final int LONGEST_FORM = 8 * 1024 * 1024;

  private static final String FORM = "application/x-www-form-urlencoded";

  /** The same after its sender has logged out. */
  Request ofNobody(Session fresh) {
    return new Request(
        method, path, asked, query, form, fresh, attempt, Person.nobody(person.actor().address()));
  }

  /** Path and query, as a link of the console has them. */
  String address() {
    return path + (asked.isEmpty() ? "" : "?" + asked);
  }

  boolean post() {
    return method.equals("POST");
  }

  /** What the body of a POST holds; empty if it is no form or too long. */
  static Optional<Params> form(HttpExchange exchange) throws IOException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    Optional<String> boundary = FormParts.boundary(type == null ? "" : type);
    if (type == null || boundary.isEmpty() && !type.split(";", 2)[0].strip().equals(FORM)) {
      return Optional.empty();
    }
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_FORM + 1);
    if (body.length > LONGEST_FORM) {
      // A browser that is still sending would not hear the answer.
      exchange.getRequestBody().skip(4L * LONGEST_FORM);
      return Optional.empty();
    }
    return boundary.isPresent()
        ? FormParts.read(body, boundary.get())
        : Params.read(new String(body, StandardCharsets.US_ASCII));
  }

  /** Method and path only: what was typed may be a patient's. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}

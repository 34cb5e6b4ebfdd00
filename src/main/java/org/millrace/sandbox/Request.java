package org.millrace.sandbox;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request to the FHIR server, the token server or HealtheIntent, taken apart once.
 *
 * @param door which of the servers it is for
 * @param method the HTTP method, with Cerner's two ways of tunnelling PATCH through POST resolved
 * @param tenant the tenant in the address; none at HealtheIntent
 * @param path what follows the service root, decoded, without query; {@code token} for the token
 *     server; {@code healtheintent/…} there
 * @param url path and query below the service root, as received
 */
record Request(
    Door door,
    String method,
    String tenant,
    String path,
    String url,
    SearchParameters query,
    MultiMap headers,
    Buffer body) {

  enum Door {
    FHIR,
    TOKEN,
    HEALTHEINTENT
  }

  private static final Pattern TOKEN =
      Pattern.compile("/tenants/([^/]+)(?:/hosts/[^/]+)?/protocols/oauth2/profiles/smart-v1/token");
  private static final Pattern HEALTHEINTENT = Pattern.compile("/(healtheintent/.*)");
  private static final Pattern FHIR = Pattern.compile("/r4/([^/]+)(?:/(.*))?");

  /** The request, or empty where its address belongs to neither server. */
  static Optional<Request> of(HttpServerRequest http, Buffer body) {
    String rawPath = http.path() == null ? "" : http.path();
    String rawQuery = http.query() == null ? "" : http.query();
    SearchParameters query = SearchParameters.parse(rawQuery);
    Matcher token = TOKEN.matcher(rawPath);
    if (token.matches()) {
      return Optional.of(
          new Request(
              Door.TOKEN,
              http.method().name(),
              token.group(1),
              "token",
              "token",
              query,
              http.headers(),
              body));
    }
    Matcher intent = HEALTHEINTENT.matcher(rawPath);
    if (intent.matches()) {
      String path = intent.group(1);
      return Optional.of(
          new Request(
              Door.HEALTHEINTENT,
              http.method().name(),
              "",
              decode(path),
              rawQuery.isEmpty() ? path : path + "?" + rawQuery,
              query,
              http.headers(),
              body));
    }
    Matcher fhir = FHIR.matcher(rawPath);
    if (!fhir.matches()) {
      return Optional.empty();
    }
    String tail = fhir.group(2) == null ? "" : fhir.group(2);
    return Optional.of(
        new Request(
            Door.FHIR,
            effectiveMethod(http, query),
            fhir.group(1),
            decode(tail),
            rawQuery.isEmpty() ? tail : tail + "?" + rawQuery,
            query,
            http.headers(),
            body));
  }

  List<String> segments() {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(String::trim).filter(v -> !v.isEmpty());
  }

  /** The media type of the body in lower case, without parameters. */
  String contentType() {
    String type = header("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
  }

  private static String effectiveMethod(HttpServerRequest http, SearchParameters query) {
    String method = http.method().name();
    if (!method.equals("POST")) {
      return method;
    }
    boolean tunnelled =
        "patch".equalsIgnoreCase(http.getHeader("X-HTTP-Method-Override"))
            || query.all("_method").stream().anyMatch("patch"::equalsIgnoreCase);
    return tunnelled ? "PATCH" : method;
  }

  /** A plus sign in a path is itself; only in a query does it stand for a space. */
  private static String decode(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

package org.millrace.rest;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.millrace.cerner.Parameter;
import org.millrace.guard.Admission;
import org.millrace.guard.Credentials;
import org.millrace.guard.Gate;
import org.millrace.guard.Needs;
import org.millrace.guard.Principal;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Traces;
import org.millrace.trace.UnderWay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a route that stands between platform-http and a handler. Thread-safe.
 *
 * <p>Camel turns query parameters and form fields into message headers, so a message header proves
 * nothing about the HTTP request; this step reads method, path, query and headers from the HTTP
 * request itself, lets in the few headers of {@link #HEADERS_LET_IN}, and afterwards leaves nothing
 * in the message but the answer. What a caller shows to prove who it is goes to the gate, and no
 * further. {@code X-HTTP-Method-Override} and {@code _method} have no effect.
 */
public final class HttpStep implements Processor {
  /** The request headers a handler may see. */
  public static final Set<String> HEADERS_LET_IN =
      Set.of(
          "accept",
          "content-type",
          "host",
          "idempotency-key",
          "if-match",
          "if-none-exist",
          "prefer",
          "x-request-id");

  /** The headers an answer may carry. */
  private static final Set<String> HEADERS_LET_OUT =
      Set.of(
          "Allow",
          "Content-Type",
          "ETag",
          "Idempotency-Replayed",
          "Last-Modified",
          "Content-Location",
          "Location",
          "Retry-After",
          "WWW-Authenticate");

  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9.\\-]*|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");
  private static final RestAnswer FAILED = new RestAnswer(500, Map.of(), new byte[0]);
  private static final Logger LOG = LoggerFactory.getLogger(HttpStep.class);

  private final String base;
  private final String mount;
  private final RestHandler handler;
  private final RestSettings settings;
  private final Gate gate;
  private final AccessRecord record;
  private final String face;
  private volatile Traces traces = Traces.none();
  private volatile LatencyMeter took = new LatencyMeter(Latency.REQUESTED);

  /**
   * @param mount the path the route listens on, for example {@code /fhir/r4}
   * @param gate says whether a request may go on to the handler
   */
  public HttpStep(
      String mount, RestHandler handler, RestSettings settings, Gate gate, Clock clock) {
    this("", mount, handler, settings, gate, clock);
  }

  /**
   * One that is mounted below a path of its own.
   *
   * @param base in front of the mount, for example {@code /t/north}; links lead there, too
   */
  HttpStep(
      String base,
      String mount,
      RestHandler handler,
      RestSettings settings,
      Gate gate,
      Clock clock) {
    this.base = base;
    this.face = mount;
    this.mount = base + mount;
    this.handler = handler;
    this.settings = settings;
    this.gate = gate;
    this.record = new AccessRecord(this.mount, gate.audit(), clock);
  }

  /** Requests that come from now on are traced. */
  HttpStep tracedBy(Traces by) {
    traces = by;
    return this;
  }

  /** How long answers take from now on is told there. */
  HttpStep timedBy(LatencyMeter by) {
    took = by;
    return this;
  }

  /**
   * Answers the exchange.
   *
   * @throws IllegalStateException if the route did not begin with platform-http
   */
  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage() instanceof HttpMessage message)) {
      throw new IllegalStateException("an HTTP step stands in a route from platform-http only");
    }
    HttpServerRequest http = message.getRequest();
    try (UnderWay span = traces.requested(http.method().name(), mount)) {
      RestAnswer answer = answer(message, http);
      span.answered(answer.status());
      write(message, answer);
    }
  }

  private RestAnswer answer(HttpMessage message, HttpServerRequest http) {
    try {
      byte[] body = body(message, http);
      return answer(http, request(http, body), body.length);
    } catch (RuntimeException bug) {
      // The exception's text may hold what belongs to a patient; its kind and place do not.
      LOG.error("request at {} failed: {}", mount, placeOf(bug));
      return handler.refuse(
          Refusal.of(RefusalReason.INTERNAL, "the engine failed; its log says where"));
    }
  }

  private static String placeOf(RuntimeException bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    return bug.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /**
   * What is answered to a request instead of reading its body. It is judged by all that is known of
   * it without, and again with it: a form may ask for more.
   *
   * @param length of the body in bytes; 0 if it does not say
   * @return empty if the body is to be read
   */
  Optional<RestAnswer> refuseUnread(HttpServerRequest http, long length) {
    Optional<RestRequest> readable = request(http, new byte[0]);
    Needs needs = needs(readable);
    Credentials shown = credentials(http);
    Optional<Admission.Refused> refused = gate.refuseUnread(shown, needs);
    if (refused.isPresent()) {
      gate.refused(refused.get(), shown.address(), record.asked(readable, needs));
      return refused.map(GateRefusals::of).map(handler::refuse);
    }
    if (needs.open()) {
      return Optional.of(
          handler.refuse(
              Refusal.of(
                  RefusalReason.BODY_TOO_LARGE, "what anybody may ask is asked without a body")));
    }
    return length > settings.maxBodyBytes()
        ? Optional.of(answer(http, readable, length, needs))
        : Optional.empty();
  }

  /** What is answered to a request that was let in, and whose body is not read for a reason. */
  RestAnswer refuse(Refusal refusal) {
    return handler.refuse(refusal);
  }

  private Needs needs(Optional<RestRequest> readable) {
    return readable.map(handler::needs).orElse(Needs.ANY_CALLER);
  }

  private RestAnswer answer(
      HttpServerRequest http, Optional<RestRequest> readable, long bodyLength) {
    long began = System.nanoTime();
    Needs needs = needs(readable);
    RestAnswer answer = FAILED;
    try {
      answer = answer(http, readable, bodyLength, needs);
    } finally {
      took.took(
          Duration.ofNanos(System.nanoTime() - began),
          face,
          AccessRecord.what(needs),
          answer.status() / 100 + "xx");
    }
    return answer;
  }

  private RestAnswer answer(
      HttpServerRequest http, Optional<RestRequest> readable, long bodyLength, Needs needs) {
    // Who cannot be let in is told so first, whatever else is wrong with what it sent.
    Credentials shown = credentials(http);
    Admission admission = gate.admit(shown, needs);
    if (admission instanceof Admission.Refused refused) {
      gate.refused(refused, shown.address(), record.asked(readable, needs));
      return handler.refuse(GateRefusals.of(refused));
    }
    Principal caller = ((Admission.Admitted) admission).principal();
    return readable
        .map(request -> answered(request, bodyLength, needs, caller, shown.address()))
        .orElseGet(
            () ->
                handler.refuse(
                    Refusal.of(
                        RefusalReason.INVALID_REQUEST,
                        "the path, the query or a header (Host, Content-Type, Idempotency-Key) could not be read")));
  }

  /** What tells nothing but what the engine is is not put on record. */
  private RestAnswer answered(
      RestRequest request, long bodyLength, Needs needs, Principal caller, String address) {
    RestAnswer answer;
    try {
      answer = answer(request.of(caller, address), bodyLength);
    } catch (RuntimeException bug) {
      record.answered(request, needs, caller, address, FAILED);
      throw bug;
    }
    if (!needs.open()) {
      record.answered(request, needs, caller, address, answer);
    }
    return answer;
  }

  private RestAnswer answer(RestRequest request, long bodyLength) {
    return bodyLength > settings.maxBodyBytes()
        ? handler.refuse(
            Refusal.of(
                RefusalReason.BODY_TOO_LARGE,
                "a body has at most " + settings.maxBodyBytes() + " bytes"))
        : handler.handle(request);
  }

  private static Credentials credentials(HttpServerRequest http) {
    SocketAddress address = http.remoteAddress();
    return new Credentials(
        http.headers().getAll("authorization"),
        http.headers().getAll("x-api-key"),
        address == null || address.hostAddress() == null ? "" : address.hostAddress());
  }

  private Optional<RestRequest> request(HttpServerRequest http, byte[] body) {
    Optional<String> root = root(http);
    Optional<List<String>> path = pathBelowMount(http.path());
    Optional<List<Parameter>> query = UrlText.parameters(http.query() == null ? "" : http.query());
    Optional<Map<String, String>> headers = headers(http.headers());
    if (root.isEmpty() || path.isEmpty() || query.isEmpty() || headers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RestRequest(
            http.method().name(), root.get(), path.get(), query.get(), headers.get(), body));
  }

  private Optional<List<String>> pathBelowMount(String rawPath) {
    String path = rawPath == null ? "" : rawPath;
    if (!path.equals(mount) && !path.startsWith(mount + "/")) {
      return Optional.empty();
    }
    return UrlText.segments(path.substring(mount.length()));
  }

  /**
   * Where the caller sees us: the setting, else its own Host header, which is called authority in
   * HTTP/2.
   */
  private Optional<String> root(HttpServerRequest http) {
    if (settings.publicBaseUrl().isPresent()) {
      return Optional.of(settings.publicBaseUrl().get() + base);
    }
    List<String> hosts = http.headers().getAll("host");
    String host = hosts.isEmpty() ? authority(http) : hosts.get(0);
    return hosts.size() <= 1 && AUTHORITY.matcher(host).matches()
        ? Optional.of(http.scheme() + "://" + host + base)
        : Optional.empty();
  }

  private static String authority(HttpServerRequest http) {
    HostAndPort authority = http.authority(true);
    if (authority == null) {
      return "";
    }
    return authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
  }

  /** Several lines of a header are one list; of those that hold one value, several are a fault. */
  private static Optional<Map<String, String>> headers(MultiMap received) {
    Map<String, String> headers = new HashMap<>();
    for (String name : HEADERS_LET_IN) {
      List<String> lines = received.getAll(name);
      if (lines.size() > 1 && !name.equals("accept") && !name.equals("prefer")) {
        return Optional.empty();
      }
      if (!lines.isEmpty()) {
        headers.put(name, String.join(", ", lines));
      }
    }
    return Optional.of(headers);
  }

  private static byte[] body(HttpMessage message, HttpServerRequest http) {
    String type =
        MediaTypes.essence(Optional.ofNullable(http.getHeader("content-type")).orElse(""));
    if (type.equals(MediaTypes.FORM)) {
      // The server has taken the form apart and keeps no bytes of it.
      List<Parameter> fields = new ArrayList<>();
      http.formAttributes().forEach((name, value) -> fields.add(new Parameter(name, value)));
      return UrlText.form(fields).getBytes(StandardCharsets.US_ASCII);
    }
    // Camel would look through all its converters, for what the server has read and for no body.
    Object read = message.getBody();
    if (read instanceof Buffer buffer) {
      return buffer.getBytes();
    }
    byte[] body = read == null ? null : message.getBody(byte[].class);
    // A form in several parts is a map, which is no bytes: each face refuses its type.
    return body == null ? new byte[0] : body;
  }

  private static void write(HttpMessage message, RestAnswer answer) {
    message.removeHeaders("*");
    headers(answer, message.getRequest().isSSL())
        .forEach((name, value) -> put(message, name, value));
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    // Camel hands a byte[] to the worker threads again, piece by piece; this it sends at once.
    message.setBody(ByteBuffer.wrap(answer.body()));
  }

  /** The headers of an answer: its own, and those that all have. */
  static Map<String, String> headers(RestAnswer answer, boolean overTls) {
    Map<String, String> headers = new TreeMap<>();
    answer.headers().forEach((name, value) -> headers.put(letOut(name), value));
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    // An answer that a browser shows after all runs nothing, stands in no frame and is not named to
    // whatever it links to.
    headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.put("Referrer-Policy", "no-referrer");
    if (overTls) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
    headers.replaceAll((name, value) -> value.replaceAll("[\\r\\n]", " "));
    return headers;
  }

  private static String letOut(String name) {
    if (!HEADERS_LET_OUT.contains(name)) {
      throw new IllegalStateException("no answer carries the header " + name);
    }
    return name;
  }

  /**
   * On the message for the route to see, and on the response itself because Camel's own filter
   * keeps Cache-Control back.
   */
  private static void put(Message message, String name, String line) {
    message.setHeader(name, line);
    if (message instanceof HttpMessage http) {
      http.getResponse().putHeader(name.toLowerCase(Locale.ROOT), line);
    }
  }
}

package org.millrace.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.millrace.guard.Admission;
import org.millrace.guard.HttpPorts;

/**
 * {@code /health}, {@code /ready}, {@code /messages} and {@code /metrics} on a port of their own,
 * without patient data. Thread-safe.
 *
 * <p>{@code /ready} is 200 once the listeners and the journal are open; Cerner's state is told
 * there, not waited for. Whether the engine is up and ready is told to anybody, so that whatever
 * watches it needs no key; the rest is told to those that may look in.
 */
final class ManagementServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLAIN = "text/plain";

  private final HttpServer server;
  private final ManagementGuard guard;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  /**
   * @param tls what the port speaks TLS with; plain text if empty
   */
  ManagementServer(
      InetSocketAddress address,
      Optional<SSLContext> tls,
      ManagementGuard guard,
      Health health,
      PrometheusMeterRegistry metrics)
      throws IOException {
    this.guard = guard;
    server = HttpPorts.open(address, tls);
    server.createContext(
        "/health", exchange -> state(exchange, "/health", "status", health::health));
    server.createContext("/ready", exchange -> state(exchange, "/ready", "ready", health::ready));
    server.createContext(
        "/messages",
        exchange ->
            guarded(exchange, () -> json(exchange, "/messages", "waiting", health.messages())));
    server.createContext(
        "/metrics",
        exchange ->
            guarded(
                exchange,
                () -> {
                  String type = MetricsPage.type(exchange.getRequestHeaders().get("Accept"));
                  answer(exchange, "/metrics", 200, type, metrics.scrape(type));
                }));
    server.createContext("/", exchange -> answer(exchange, "", 404, PLAIN, "not found\n"));
    server.setExecutor(threads);
    server.start();
  }

  /** An answer that may be broken off. */
  private interface Answering {
    void run() throws IOException;
  }

  /** For those alone that may look in. */
  private void guarded(HttpExchange exchange, Answering answering) throws IOException {
    Optional<Admission.Refused> refused = guard.refuse(exchange);
    if (refused.isEmpty()) {
      answering.run();
      return;
    }
    guard.record(exchange, refused.get());
    int status = refused.get().reason().status();
    if (status == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"millrace\"");
    }
    answer(exchange, "", status, PLAIN, refused.get().sentence() + "\n");
  }

  /** The whole state for those that may look in; for anybody else, only whether all is well. */
  private void state(HttpExchange exchange, String path, String field, Supplier<ObjectNode> content)
      throws IOException {
    ObjectNode state = content.get();
    json(exchange, path, field, guard.refuse(exchange).isEmpty() ? state : state.retain(field));
  }

  /** 200, or 503 if the state's own field says that it is not well. */
  private static void json(HttpExchange exchange, String path, String field, ObjectNode state)
      throws IOException {
    String value = state.path(field).asText();
    int status = value.isEmpty() || value.equals("false") || value.equals("DOWN") ? 503 : 200;
    answer(exchange, path, status, "application/json", JSON.writeValueAsString(state) + "\n");
  }

  /**
   * @param path the only one this handler serves; an empty one serves all
   */
  private static void answer(
      HttpExchange exchange, String path, int status, String type, String content)
      throws IOException {
    try (exchange) {
      boolean known = path.isEmpty() || exchange.getRequestURI().getPath().equals(path);
      boolean readOnly =
          exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD");
      int code = !known ? 404 : readOnly ? status : 405;
      byte[] body = (code == status ? content : "").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      boolean head = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
      exchange.sendResponseHeaders(code, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

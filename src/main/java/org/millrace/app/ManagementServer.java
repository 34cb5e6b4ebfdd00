package org.millrace.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /ready}, {@code /messages} and {@code /metrics} on a port of their own,
 * without patient data. Thread-safe.
 *
 * <p>{@code /ready} is 200 once the listeners and the journal are open; Cerner's state is told
 * there, not waited for.
 */
final class ManagementServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  ManagementServer(String bind, int port, Health health, PrometheusMeterRegistry metrics)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(bind, port), 50);
    server.createContext(
        "/health", exchange -> json(exchange, "/health", "status", health::health));
    server.createContext("/ready", exchange -> json(exchange, "/ready", "ready", health::ready));
    server.createContext(
        "/messages", exchange -> json(exchange, "/messages", "waiting", health::messages));
    server.createContext(
        "/metrics", exchange -> answer(exchange, "/metrics", 200, PROMETHEUS, metrics.scrape()));
    server.createContext("/", exchange -> answer(exchange, "", 404, "text/plain", "not found\n"));
    server.setExecutor(threads);
    server.start();
  }

  /** 200, or 503 if the state's own field says that it is not well. */
  private static void json(
      HttpExchange exchange, String path, String field, Supplier<ObjectNode> content)
      throws IOException {
    ObjectNode state = content.get();
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

package org.millrace.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.millrace.guard.HttpPorts;
import org.millrace.guard.ProviderLogIn;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console on its port. Elsewhere than on loopback it may be opened over TLS and with accounts
 * only; whoever opens it sees to that. Thread-safe.
 */
public final class ConsoleServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

  /** A form of eight megabytes takes a moment. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /**
   * What a page sends along that gets itself anew: somebody who has gone must not stay in by it.
   */
  private static final String FOLLOWS = "X-Millrace-Follows";

  /** No script, style, picture or frame but our own, and no form that leads elsewhere. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final HttpServer server;
  private final RequestThreads threads;
  private final Doorway doorway;
  private final Sessions sessions;
  private final AttemptCookie attempts;
  private final Entrance entrance;
  private final Layout layout;
  private final Console console;
  private final Live live;

  /**
   * Opens the console.
   *
   * @throws IOException if it cannot listen there
   */
  public ConsoleServer(ConsolePlace place, ConsoleSources sources) throws IOException {
    this(place, sources, LONGEST);
  }

  /**
   * @param longest that a request may take to be read, and its answer to be written
   */
  ConsoleServer(ConsolePlace place, ConsoleSources sources, Duration longest) throws IOException {
    threads = new RequestThreads(longest);
    server = HttpPorts.open(place.address(), place.tls());
    doorway = Doorway.at(port(), place.tls().isPresent(), place.tlsInFront());
    sessions = new Sessions(port());
    attempts = new AttemptCookie(port());
    entrance =
        new Entrance(
            sources,
            sessions,
            sources.provider().map(each -> each.open(port(), sources.journal(), sources.clock())));
    layout = new Layout(sources);
    console = new Console(sources, layout, sessions, entrance);
    live = new Live(sources.journal().figures());
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    if ("/live".equals(exchange.getRequestURI().getPath()) && listens(exchange)) {
      return;
    }
    answer(exchange);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Session session = sessions.of(header(exchange, "Cookie"));
      Answer answer;
      try {
        answer = answer(exchange, session);
      } catch (JournalException unreadable) {
        // Then nobody knows who asks, and nothing is shown.
        LOG.warn("the console cannot read the journal");
        answer = Answer.plain(503, "The journal cannot be read; ./millrace doctor says more.");
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        answer = Answer.plain(503, "The engine stops.");
      } catch (RuntimeException bug) {
        // Its text could quote what was typed.
        LOG.error("a page of the console failed: {}", where(bug));
        answer = Answer.plain(500, "The page could not be made; the engine's log says where.");
      }
      send(exchange, session, answer);
    }
  }

  /** Whether the exchange was left open for a page that follows what happens. */
  private boolean listens(HttpExchange exchange) throws IOException {
    try {
      if (!exchange.getRequestMethod().equals("GET") || refused(exchange).isPresent()) {
        return false;
      }
      Session session = sessions.of(header(exchange, "Cookie"));
      String address = address(exchange);
      BooleanSupplier may = () -> console.mayFollow(entrance.who(session, address, false));
      if (!may.getAsBoolean()) {
        return false;
      }
      guard(exchange.getResponseHeaders());
      return live.listen(exchange, may);
    } catch (JournalException unreadable) {
      return false;
    }
  }

  private Optional<Answer> refused(HttpExchange exchange) {
    return doorway.refuse(
        exchange.getRequestMethod(),
        header(exchange, "Host"),
        header(exchange, "Origin"),
        entrance.guarded());
  }

  private static String address(HttpExchange exchange) {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }

  /** Whether somebody asks, and no page that gets itself anew. */
  private static boolean active(HttpExchange exchange) {
    return header(exchange, FOLLOWS).isEmpty();
  }

  /** What failed and where, without the words of it. */
  static String where(RuntimeException bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    return bug.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private Answer answer(HttpExchange exchange, Session session)
      throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    Optional<Answer> refused = refused(exchange);
    if (refused.isPresent()) {
      return refused.get();
    }
    String path = exchange.getRequestURI().getPath();
    if (path != null && StaticFiles.has(path)) {
      return StaticFiles.get(path);
    }
    Optional<Params> query = query(exchange.getRequestURI().getRawQuery());
    Optional<Params> form =
        method.equals("POST") ? Request.form(exchange) : Optional.of(Params.NONE);
    threads.made();
    if (path == null || query.isEmpty() || form.isEmpty()) {
      return Answer.plain(
          400, "The request cannot be read, or its form is longer than eight megabytes.");
    }
    Person person = entrance.who(session, address(exchange), active(exchange));
    String asked = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    String attempt = attempts.of(header(exchange, "Cookie"), secure(exchange));
    Request request =
        new Request(method, path, asked, query.get(), form.get(), session, attempt, person);
    if (request.post() && !Sessions.made(session, request.form().text("token"))) {
      return layout.notice(
          request,
          403,
          "This form is not valid any more",
          "The engine was started anew since the page was opened, or the browser keeps no cookies."
              + " Nothing was done. Open the page again and repeat it.");
    }
    if (arrives(exchange)) {
      return arrival(request);
    }
    try {
      return console.answer(request);
    } catch (JournalException e) {
      LOG.warn("the console cannot read the journal");
      return layout.notice(
          request, 503, "The journal cannot be read", "Try again; ./millrace doctor says more.");
    }
  }

  /**
   * Whether somebody has followed a link of another site, a mail's for example: then the browser
   * does not show whose it is, and must not be given another cookie in place of that.
   */
  private boolean arrives(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("GET")
        && header(exchange, "Sec-Fetch-Site").equals(List.of("cross-site"))
        && header(exchange, "Sec-Fetch-Mode").equals(List.of("navigate"))
        && !ProviderLogIn.BACK.equals(exchange.getRequestURI().getPath())
        && !sessions.shown(header(exchange, "Cookie"));
  }

  /** A page that goes on to the one that was asked for, which is then asked for by our own. */
  private Answer arrival(Request request) {
    Link link = Link.to(LogInPage.to(request.address()));
    return layout
        .page(request, Head.of("One moment", ""), "arrival", new LogInPage.Next(link.text(), ""))
        .goingOn(link);
  }

  private static Optional<Params> query(@Nullable String raw) {
    return raw == null ? Optional.of(Params.NONE) : Params.read(raw);
  }

  private static List<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().get(name)).orElse(List.of());
  }

  private boolean secure(HttpExchange exchange) {
    return doorway.secure(header(exchange, "Host"));
  }

  private void send(HttpExchange exchange, Session session, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    guard(headers);
    // What an answer says of itself is stricter than what holds for all, never less.
    answer.headers().forEach(headers::set);
    if (answer.status() != 421) {
      boolean secure = secure(exchange);
      if (answer.session().isPresent() || !arrives(exchange)) {
        headers.add("Set-Cookie", sessions.setCookie(answer.session().orElse(session), secure));
      }
      answer
          .attempt()
          .ifPresent(each -> headers.add("Set-Cookie", attempts.setCookie(each, secure)));
    }
    threads.answered();
    boolean head = exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0;
    exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
    if (!head) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  /** What every answer carries. */
  private static void guard(Headers headers) {
    headers.set("Content-Security-Policy", POLICY);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    // With no-referrer a browser would send a form with Origin: null.
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  }

  /** Every way in, files of the program aside. */
  List<Route> routes() {
    return console.routes();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    live.close();
    server.stop(0);
    threads.close();
    console.close();
  }
}

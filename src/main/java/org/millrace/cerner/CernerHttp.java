package org.millrace.cerner;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;
import org.millrace.cerner.Exchanged.Why;

/**
 * One HTTP exchange at a time per caller, each cut off at its deadline however slowly the answer
 * drips. Thread-safe.
 *
 * <p>No redirects (the token would travel along), no cookies, and no retries: whether a request may
 * be sent again is decided by those who know what it asks.
 */
final class CernerHttp implements AutoCloseable {
  /** In bytes. Cerner answers up to 1,623 conditions on one page; that is about 5 MB. */
  static final int LARGEST_ANSWER = 32 * 1024 * 1024;

  private static final String SENDING = "millrace.sending";
  private static final String CHECK = "millrace.check";

  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor cutter;

  /**
   * @param most how many connections may be open to one server at one time
   */
  CernerHttp(Duration connectTimeout, int most) {
    cutter = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("cerner-deadline"));
    cutter.setRemoveOnCancelPolicy(true);
    client =
        HttpClients.custom()
            .setConnectionManager(connections(connectTimeout, most))
            // Hospitals reach the outside through a proxy; the JVM's settings name it.
            .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
            .addExecInterceptorLast(
                "sending",
                (request, scope, chain) -> {
                  // There is a connection now: nothing is waited for any more.
                  ((Runnable) scope.clientContext.getAttribute(CHECK)).run();
                  scope.clientContext.setAttribute(SENDING, Boolean.TRUE);
                  return chain.proceed(request, scope);
                })
            .setUserAgent("Millrace")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  private static PoolingHttpClientConnectionManager connections(Duration connectTimeout, int most) {
    Timeout timeout = timeout(connectTimeout);
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(2 * most)
        .setMaxConnPerRoute(most)
        .setDnsResolver(new BoundedDns(connectTimeout))
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(timeout).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout)
                .setSocketTimeout(timeout)
                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                .setTimeToLive(TimeValue.ofMinutes(5))
                .build())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(65_536).build())
                .build())
        .build();
  }

  /** Never throws for what the network or the server does. */
  Exchanged exchange(HttpCall call, Deadline deadline) {
    return exchange(call, deadline, () -> {});
  }

  /**
   * The same.
   *
   * @param mayLeave run right before the request is written; what it throws is thrown, and nothing
   *     has left
   */
  Exchanged exchange(HttpCall call, Deadline deadline, Runnable mayLeave) {
    long began = System.nanoTime();
    Duration left = deadline.left();
    if (left.isZero()) {
      return new NoAnswer(
          Why.DEADLINE, "no time was left to send the request", false, Duration.ZERO);
    }
    HttpUriRequestBase request = request(call, left);
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(CHECK, mayLeave);
    AtomicReference<@Nullable Answer> head = new AtomicReference<>();
    ScheduledFuture<?> cut;
    try {
      cut = cutter.schedule(request::cancel, left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return new NoAnswer(Why.NO_CONNECTION, "the client is closed", false, Duration.ZERO);
    }
    try {
      return client.execute(request, context, response -> read(response, head, began));
    } catch (IOException | IllegalStateException e) {
      Optional<Answer> enough =
          Optional.ofNullable(head.get()).filter(CernerHttp::saysAllWithoutBody);
      return enough.isPresent()
          ? enough.get()
          : noAnswer(e, context.getAttribute(SENDING) != null, deadline, since(began));
    } finally {
      cut.cancel(false);
    }
  }

  private static HttpUriRequestBase request(HttpCall call, Duration left) {
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.uri());
    // Before the call is cut off, which would not tell a pool that is used up from a dead server.
    Duration forOneOfThePool = left.multipliedBy(19).dividedBy(20);
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(timeout(forOneOfThePool))
            .setResponseTimeout(timeout(left))
            .setProtocolUpgradeEnabled(false)
            .setAuthenticationEnabled(false)
            .build());
    call.headers().forEach(request::setHeader);
    if (call.body().length > 0) {
      String type = call.headers().getOrDefault("Content-Type", "application/octet-stream");
      request.setEntity(new ByteArrayEntity(call.body(), ContentType.parse(type)));
    }
    return request;
  }

  private static Answer read(
      ClassicHttpResponse response, AtomicReference<@Nullable Answer> head, long began)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    Map<String, String> kept = Map.copyOf(headers);
    head.set(new Answer(response.getCode(), kept, new byte[0], since(began)));
    byte[] body = body(response.getEntity());
    return new Answer(response.getCode(), kept, body, since(began));
  }

  private static byte[] body(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    try (InputStream content = entity.getContent()) {
      byte[] body = content.readNBytes(LARGEST_ANSWER + 1);
      if (body.length > LARGEST_ANSWER) {
        throw new TooLargeException();
      }
      return body;
    }
  }

  /**
   * A refusal is one even if its text broke off, and a create that told the new id is done: neither
   * may turn into an unclear outcome because of bytes that nobody needs.
   */
  private static boolean saysAllWithoutBody(Answer answer) {
    return answer.status() >= 400
        || (answer.status() == 201 && !answer.header("Location").isEmpty());
  }

  private static NoAnswer noAnswer(Exception e, boolean sent, Deadline deadline, Duration took) {
    if (e instanceof TooLargeException) {
      return new NoAnswer(Why.TOO_LARGE, "the answer is larger than 32 MiB", true, took);
    }
    if (e instanceof ConnectionRequestTimeoutException) {
      return new NoAnswer(Why.DEADLINE, "all connections stayed in use", false, took);
    }
    if (!sent) {
      return new NoAnswer(Why.NO_CONNECTION, whyNoConnection(e), false, took);
    }
    if (e instanceof SocketTimeoutException || deadline.passed()) {
      return new NoAnswer(Why.DEADLINE, "the answer did not come in time", true, took);
    }
    return new NoAnswer(
        Why.BROKEN, "the connection broke before the answer was complete", true, took);
  }

  private static String whyNoConnection(Exception e) {
    if (e instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (e instanceof SSLException) {
      return "the TLS handshake failed (certificate, host name or protocol version)";
    }
    if (e instanceof SocketTimeoutException) {
      return "connecting took too long";
    }
    return "the connection was refused or cut off";
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** At least a millisecond: zero would mean no limit. */
  private static Timeout timeout(Duration duration) {
    return Timeout.ofMilliseconds(Math.max(1, duration.toMillis()));
  }

  @Override
  public void close() {
    cutter.shutdownNow();
    client.close(CloseMode.IMMEDIATE);
  }

  private static final class TooLargeException extends IOException {}
}

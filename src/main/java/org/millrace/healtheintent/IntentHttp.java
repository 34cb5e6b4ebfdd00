package org.millrace.healtheintent;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.millrace.cerner.BoundedDns;
import org.millrace.cerner.Deadline;
import org.millrace.healtheintent.Answered.Answer;
import org.millrace.healtheintent.Answered.NoAnswer;
import org.millrace.healtheintent.Answered.Why;

/**
 * One HTTP exchange at a time per caller through the producer of camel-http, each cut off at its
 * deadline. Thread-safe.
 *
 * <p>No redirects (the token would travel along), no cookies, no retries. The Camel context is its
 * own: it is open before the first route is and until the last one has ended.
 */
final class IntentHttp implements AutoCloseable {
  private final HealtheIntentSettings.Limits limits;
  private final ScheduledThreadPoolExecutor cutter;
  private final ThreadLocal<UnderWay> underWay = new ThreadLocal<>();
  private final PoolingHttpClientConnectionManager connections;
  private final DefaultCamelContext context;
  private final HttpEndpoint endpoint;
  private final Producer producer;

  IntentHttp(HealtheIntentSettings settings) {
    limits = settings.limits();
    cutter =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "healtheintent-deadline");
              thread.setDaemon(true);
              return thread;
            });
    cutter.setRemoveOnCancelPolicy(true);
    connections = connections(limits);
    context = new DefaultCamelContext();
    context.disableJMX();
    HttpComponent component = new HttpComponent();
    component.setClientConnectionManager(connections);
    component.setHttpClientConfigurer(this::configure);
    component.setCopyHeaders(false);
    // No shorter than any deadline, so that the deadline decides.
    component.setResponseTimeout(limits.lookUpWithin().toMillis());
    component.setConnectionRequestTimeout(limits.lookUpWithin().toMillis());
    context.addComponent(settings.baseUrl().getScheme(), component);
    // Of the settings alone; what is asked goes into a header that Camel takes the address from.
    String address = settings.baseUrl().getScheme() + "://" + settings.baseUrl().getRawAuthority();
    try {
      context.start();
      endpoint =
          context.getEndpoint(address + "?throwExceptionOnFailure=false", HttpEndpoint.class);
      producer = endpoint.createProducer();
      producer.start();
    } catch (Exception failed) {
      close();
      throw new IllegalStateException("camel-http cannot be opened", failed);
    }
  }

  private static PoolingHttpClientConnectionManager connections(
      HealtheIntentSettings.Limits limits) {
    Timeout timeout = Timeout.ofMilliseconds(limits.connectWithin().toMillis());
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(limits.connections())
        .setMaxConnPerRoute(limits.connections())
        .setDnsResolver(new BoundedDns(limits.connectWithin()))
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(timeout).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout)
                .setSocketTimeout(timeout)
                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                .setTimeToLive(TimeValue.ofMinutes(5))
                .build())
        .build();
  }

  private void configure(HttpClientBuilder builder) {
    builder
        // Hospitals reach the outside through a proxy; the JVM's settings name it.
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .addExecInterceptorFirst(
            "deadline", (request, scope, chain) -> underWay.get().outermost(request, scope, chain))
        .addExecInterceptorLast(
            "sending", (request, scope, chain) -> underWay.get().innermost(request, scope, chain))
        .setUserAgent("Millrace")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching();
  }

  /** Never throws for what the network or the server does. */
  Answered exchange(Asked asked, Deadline deadline) {
    long began = System.nanoTime();
    Duration left = deadline.left();
    if (left.isZero()) {
      return new NoAnswer(Why.DEADLINE, "no time was left to send the request", Duration.ZERO);
    }
    UnderWay request = new UnderWay(limits.answerBytes());
    ScheduledFuture<?> cut;
    try {
      cut = cutter.schedule(request::cut, left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      return new NoAnswer(Why.NO_CONNECTION, "the client is closed", Duration.ZERO);
    }
    underWay.set(request);
    try {
      Exchange exchange = exchangeOf(asked);
      producer.process(exchange);
      return answer(exchange.getMessage(), since(began));
    } catch (Exception failed) {
      return noAnswer(failed, request.sent(), deadline, since(began));
    } finally {
      underWay.remove();
      cut.cancel(false);
    }
  }

  private Exchange exchangeOf(Asked asked) {
    Exchange exchange = endpoint.createExchange(ExchangePattern.InOut);
    Message message = exchange.getIn();
    message.setHeader(Exchange.HTTP_METHOD, asked.method());
    message.setHeader(Exchange.HTTP_URI, asked.uri().toString());
    asked.headers().forEach(message::setHeader);
    if (asked.body().length > 0) {
      message.setBody(asked.body());
    }
    return exchange;
  }

  private static Answer answer(Message message, Duration took) {
    byte[] body = message.getBody(byte[].class);
    String id = message.getHeader("cerner-correlation-id", "", String.class);
    String printable = id.replaceAll("[^\\x21-\\x7e]", "");
    return new Answer(
        message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class),
        printable.substring(0, Math.min(128, printable.length())),
        body == null ? new byte[0] : body,
        took);
  }

  private NoAnswer noAnswer(Exception failed, boolean sent, Deadline deadline, Duration took) {
    if (holds(failed, UnderWay.TooLargeException.class)) {
      String limit = "the answer is larger than " + limits.answerBytes() / (1024 * 1024) + " MiB";
      return new NoAnswer(Why.TOO_LARGE, limit, took);
    }
    if (deadline.passed()) {
      String what = sent ? "the answer did not come in time" : "no connection was free in time";
      return new NoAnswer(Why.DEADLINE, what, took);
    }
    if (!(failed instanceof IOException) && !sent) {
      throw new IllegalStateException("camel-http could not make a request of it", failed);
    }
    if (!sent) {
      return new NoAnswer(Why.NO_CONNECTION, whyNoConnection(failed), took);
    }
    String what =
        holds(failed, SocketTimeoutException.class)
            ? "the answer stopped coming"
            : "the connection broke before the answer was complete";
    return new NoAnswer(Why.BROKEN, what, took);
  }

  private static String whyNoConnection(Exception failed) {
    if (holds(failed, UnknownHostException.class)) {
      return "the host name is not known";
    }
    if (holds(failed, SSLException.class)) {
      return "the TLS handshake failed (certificate, host name or protocol version)";
    }
    return holds(failed, SocketTimeoutException.class)
        ? "connecting took too long"
        : "the connection was refused or cut off";
  }

  private static boolean holds(Throwable failed, Class<? extends Throwable> type) {
    Throwable each = failed;
    for (int depth = 0; each != null && depth < 10; depth++) {
      if (type.isInstance(each)) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public void close() {
    cutter.shutdownNow();
    connections.close();
    context.stop();
  }
}

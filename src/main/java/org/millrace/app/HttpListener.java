package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsFiles;
import org.millrace.rest.HttpDoor;
import org.millrace.trace.Metric;

/**
 * The server that routes from {@code platform-http} are served by: Camel's, opened by options that
 * Camel does not offer, with a door in front of whatever reads a body. HTTP/1.1 only.
 */
final class HttpListener extends VertxPlatformHttpServer {
  /** No answer takes as long; who reads nothing of one is gone. */
  private static final int LONGEST_SILENCE_MINUTES = 10;

  private final Listeners listeners;
  private final Optional<Tls> tls;
  private final MeterRegistry metrics;
  private final HttpDoor door;
  private @Nullable HttpServer server;

  HttpListener(Listeners listeners, Optional<Tls> tls, MeterRegistry metrics) {
    super(configuration(listeners));
    this.listeners = listeners;
    this.tls = tls.filter(any -> listeners.tlsFor().contains("http"));
    this.metrics = metrics;
    this.door =
        new HttpDoor(
            new HttpDoor.Limits(
                listeners.frames().frameBytes(),
                listeners.frames().memoryBytes(),
                listeners.frames().frameWithin()),
            this::count);
  }

  /** Nothing of a body is written to files: what it holds may be a patient's. */
  static VertxPlatformHttpServerConfiguration configuration(Listeners listeners) {
    VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
    configuration.setBindHost(listeners.bind());
    configuration.setBindPort(listeners.httpPort());
    configuration.setMaxBodySize((long) listeners.frames().frameBytes());
    configuration.getBodyHandler().setHandleFileUploads(false);
    return configuration;
  }

  private void count(String kind) {
    Metric.HTTP_REFUSED.counter(metrics, kind).increment();
  }

  HttpDoor door() {
    return door;
  }

  /** What mounts routes on this server. */
  VertxPlatformHttpEngine engine(CamelContext context) {
    VertxPlatformHttpEngine engine = new VertxPlatformHttpEngine();
    engine.setCamelContext(context);
    engine.setHandlers(List.of(door::read));
    return engine;
  }

  @Override
  protected void startServer() throws Exception {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(listeners.httpPort()));
    HttpConnections connections =
        new HttpConnections(
            getVertx(),
            listeners.connections(),
            listeners.frames().frameWithin(),
            () -> count("too-many"));
    router.route().order(-2).handler(connections::watch);
    router.route().order(-1).handler(door);
    router.errorHandler(413, door::tooLong);
    HttpServer opening =
        getVertx()
            .createHttpServer(options())
            .connectionHandler(connections)
            .requestHandler(router);
    try {
      server = opening.listen().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new StartException(
          "MILLRACE_HTTP_PORT: cannot listen on " + listeners.bind() + ":" + listeners.httpPort(),
          e);
    }
  }

  private HttpServerOptions options() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listeners.bind())
            .setPort(listeners.httpPort())
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeoutUnit(TimeUnit.MINUTES)
            .setIdleTimeout(LONGEST_SILENCE_MINUTES);
    tls.ifPresent(
        open -> {
          options
              .setSsl(true)
              .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
              .setKeyCertOptions(KeyCertOptions.wrap(open.keys()));
          if (listeners.httpClients() != TlsFiles.Clients.NONE) {
            options
                .setTrustOptions(TrustOptions.wrap(open.clients()))
                .setClientAuth(
                    listeners.httpClients() == TlsFiles.Clients.NEEDED
                        ? ClientAuth.REQUIRED
                        : ClientAuth.REQUEST);
          }
        });
    return options;
  }

  @Override
  public @Nullable HttpServer getServer() {
    return server;
  }

  @Override
  public int getPort() {
    return server == null ? 0 : server.actualPort();
  }

  @Override
  protected void stopServer() {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Override
  protected void stopVertx() {
    if (getVertx() != null) {
      getVertx().close().toCompletionStage().toCompletableFuture().join();
    }
  }
}

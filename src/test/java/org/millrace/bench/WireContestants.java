package org.millrace.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import nl.altindag.ssl.SSLFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mllp.MllpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.millrace.Ports;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mllp.AllowedPeers;
import org.millrace.mllp.DemoCertificates;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.MllpLimits;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsFiles;
import org.millrace.mllp.WireWatch;
import org.slf4j.LoggerFactory;

/**
 * Listeners that acknowledge and do nothing else, plain and with TLS: bare sockets, ours, and the
 * one that comes with Camel.
 */
final class WireContestants implements AutoCloseable {
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final CamelContext camel = new DefaultCamelContext();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Contestant> plain = new ArrayList<>();
  private final List<Contestant> tls = new ArrayList<>();

  /** A listener on this machine. */
  record Contestant(String title, int port, SocketFactory sockets) {
    Socket connect() throws IOException {
      return sockets.createSocket(InetAddress.getLoopbackAddress(), port);
    }
  }

  private WireContestants() {}

  static WireContestants start(Path folder) throws Exception {
    WireContestants all = new WireContestants();
    all.startIn(folder);
    return all;
  }

  /** The first one is what the others are held against. */
  List<Contestant> all(boolean withTls) {
    return List.copyOf(withTls ? tls : plain);
  }

  private void startIn(Path folder) throws Exception {
    // It would log each message that it drops, whole.
    ((Logger) LoggerFactory.getLogger(MllpComponent.class.getPackageName())).setLevel(Level.OFF);
    DemoCertificates authority = certificates(folder);
    TlsFiles files =
        new TlsFiles(
            folder.resolve("server.pem"),
            Optional.of(folder.resolve("server-key.pem")),
            Optional.empty(),
            Optional.empty(),
            TlsFiles.Clients.NONE,
            Optional.empty());
    Tls server = opened(Tls.open(files));
    SSLSocketFactory trusting =
        SSLFactory.builder()
            .withTrustMaterial(authority.certificate())
            .build()
            .getSslSocketFactory();
    MllpEcho echo = opened(new MllpEcho());
    MllpEcho tlsEcho = opened(new MllpEcho(server.context().getServerSocketFactory()));
    Replies replies =
        new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()));
    FrameMllpComponent ours =
        new FrameMllpComponent(
            replies,
            MllpLimits.DEFAULT.withFrameBytes(MOST_BYTES),
            AllowedPeers.ALL,
            WireWatch.NOBODY);
    int stockPort = Ports.free();
    int stockTlsPort = Ports.free();
    camel.getRegistry().bind("mllp", ours);
    camel.getRegistry().bind("stock", new MllpComponent());
    camel.getRegistry().bind("tls", server.parameters());
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            // As the engine's routes.
            errorHandler(noErrorHandler());
            String many = "?maxConcurrentConsumers=64";
            String withTls = many + "&sslContextParameters=#tls";
            String stock = "&maxBufferSize=" + MOST_BYTES;
            from("mllp:127.0.0.1:0" + many).routeId("plain").process(each -> answer(each, replies));
            from("mllp:127.0.0.1:0" + withTls)
                .routeId("tls")
                .process(each -> answer(each, replies));
            from("stock:127.0.0.1:" + stockPort + many + stock).routeId("stock").stop();
            from("stock:127.0.0.1:" + stockTlsPort + withTls + stock).routeId("stock-tls").stop();
          }
        });
    camel.start();
    SocketFactory sockets = SocketFactory.getDefault();
    int ownPort = ours.boundPorts().getOrDefault("plain", 0);
    int ownTlsPort = ours.boundPorts().getOrDefault("tls", 0);
    plain.add(new Contestant("Bare sockets", echo.port(), sockets));
    plain.add(new Contestant("Millrace", ownPort, sockets));
    plain.add(new Contestant("camel-mllp", stockPort, sockets));
    tls.add(new Contestant("Bare sockets", tlsEcho.port(), trusting));
    tls.add(new Contestant("Millrace", ownTlsPort, trusting));
    tls.add(new Contestant("camel-mllp", stockTlsPort, trusting));
  }

  private static DemoCertificates certificates(Path folder) throws Exception {
    Instant now = Clock.systemUTC().instant();
    Instant tomorrow = now.plus(Duration.ofDays(1));
    DemoCertificates authority = DemoCertificates.authority("benchmark", now, tomorrow);
    DemoCertificates.Issued server =
        authority.issue("server", List.of("localhost", "127.0.0.1"), now, tomorrow);
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
    return authority;
  }

  private static void answer(Exchange exchange, Replies replies) throws V2FormatException {
    V2Message message = V2Message.read(exchange.getMessage().getBody(byte[].class));
    exchange.getMessage().setBody(replies.accept(message, AckCode.AA));
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  @Override
  public void close() throws Exception {
    camel.stop();
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}

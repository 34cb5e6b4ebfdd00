package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.millrace.mllp.WireFault.Kind.HANDSHAKE;
import static org.millrace.mllp.WireFault.Kind.WRONG_SENDER;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import nl.altindag.ssl.SSLFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** A listener with TLS, and who comes to it with what. */
class TlsListenerTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2096-01-01T00:00:00Z");
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
  private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path folder;
  private final Replies replies =
      new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()));
  private final List<WireFault> faults = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private FrameMllpComponent component = new FrameMllpComponent(replies);
  private DemoCertificates authority;
  private Tls tls;

  @BeforeEach
  void makeCertificates() throws Exception {
    authority = DemoCertificates.authority("test authority", FROM, UNTIL);
    DemoCertificates.write(authority.certificate(), folder.resolve("authority.pem"));
    writeServer(authority.issue("server", HOSTS, FROM, UNTIL));
  }

  private void writeServer(DemoCertificates.Issued server) throws Exception {
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
  }

  private TlsFiles files(TlsFiles.Clients clients, Optional<Path> senders) {
    return new TlsFiles(
        folder.resolve("server.pem"),
        Optional.of(folder.resolve("server-key.pem")),
        Optional.empty(),
        clients == TlsFiles.Clients.NONE
            ? Optional.empty()
            : Optional.of(folder.resolve("authority.pem")),
        clients,
        senders);
  }

  private void listen(TlsFiles.Clients clients) throws Exception {
    listen(clients, Optional.empty(), LONG);
  }

  private void listen(TlsFiles.Clients clients, Optional<Path> senders, Duration frameWithin)
      throws Exception {
    listen(files(clients, senders), frameWithin);
  }

  private void listen(TlsFiles files, Duration frameWithin) throws Exception {
    tls = Tls.open(files);
    open.add(tls);
    MllpLimits limits =
        MllpLimits.DEFAULT.withTimes(frameWithin, Duration.ZERO, Duration.ofMillis(400));
    component = new FrameMllpComponent(replies, limits, AllowedPeers.ALL, faults::add);
    CamelContext camel = new DefaultCamelContext();
    open.add(camel);
    camel.getRegistry().bind("mllp", component);
    camel.getRegistry().bind("tls", tls.parameters());
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("mllp:127.0.0.1:0?maxConcurrentConsumers=50&sslContextParameters=#tls")
                .routeId("feed")
                .process(exchange -> answer(exchange));
          }
        });
    camel.start();
  }

  private void answer(Exchange exchange) throws V2FormatException {
    V2Message message = V2Message.read(exchange.getMessage().getBody(byte[].class));
    exchange.getMessage().setBody(replies.accept(message, AckCode.AA));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private int port() {
    return component.boundPorts().getOrDefault("feed", 0);
  }

  private static SSLFactory.Builder trusting(DemoCertificates authority) {
    return SSLFactory.builder().withTrustMaterial(authority.certificate());
  }

  private static SSLFactory.Builder with(SSLFactory.Builder builder, DemoCertificates.Issued own) {
    return builder.withIdentityMaterial(own.key(), new char[0], own.certificate());
  }

  private SSLSocket connect(SSLFactory.Builder client) throws IOException {
    SSLSocket socket =
        (SSLSocket) client.build().getSslSocketFactory().createSocket("127.0.0.1", port());
    open.add(socket);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] message(String sender, String controlId) {
    String msh = "MSH|^~\\&|" + sender + "|M|H|20261120||ORU^R01|" + controlId + "|D|2.5.1\r";
    return (msh + "PID|1\r").getBytes(UTF_8);
  }

  private static String exchange(Socket socket, String sender, String controlId)
      throws IOException {
    socket.getOutputStream().write(MllpFrames.wrap(message(sender, controlId)));
    MllpFrames frames = new MllpFrames(1_000_000);
    byte[] chunk = new byte[8192];
    for (int count = socket.getInputStream().read(chunk);
        count >= 0;
        count = socket.getInputStream().read(chunk)) {
      List<byte[]> found = frames.take(chunk, 0, count);
      if (!found.isEmpty()) {
        return new String(found.get(0), UTF_8);
      }
    }
    return "";
  }

  /**
   * The handshake fails at the listener, and this is what it says of it. Tried again until it does:
   * a client that is gone before the listener has sent its whole hello takes its reason along.
   */
  private void assertRefused(SSLFactory.Builder client, String words) {
    await()
        .untilAsserted(
            () -> {
              assertThatThrownBy(() -> exchange(connect(client), "LAB|N", "C1"))
                  .isInstanceOf(IOException.class);
              assertThat(faults).extracting(WireFault::detail).contains(words);
            });
    assertThat(faults).extracting(WireFault::kind).containsOnly(HANDSHAKE);
  }

  @Test
  void aClientWithAGoodCertificateIsServedOverBothVersions() throws Exception {
    listen(TlsFiles.Clients.NEEDED);
    DemoCertificates.Issued client = authority.issue("lab", List.of(), FROM, UNTIL);

    for (String version : List.of("TLSv1.3", "TLSv1.2")) {
      SSLSocket socket = connect(with(trusting(authority), client).withProtocols(version));
      assertThat(exchange(socket, "LAB|N", "C1")).contains("MSA|AA|C1");
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
    assertThat(faults).isEmpty();
    assertThat(component.listeners().get(0).tls()).isTrue();
    assertThat(component.listeners().get(0).open())
        .extracting(each -> each.tls().orElseThrow())
        .containsExactly(
            new ConnectionView.Secured("TLSv1.3", "CN=lab"),
            new ConnectionView.Secured("TLSv1.2", "CN=lab"));
  }

  @Test
  void whoMustShowACertificateAndShowsNoneIsNotLetIn() throws Exception {
    listen(TlsFiles.Clients.NEEDED);

    assertRefused(trusting(authority), "the client showed no certificate");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotTaken() throws Exception {
    listen(TlsFiles.Clients.NEEDED);
    // Of the same name: a client does not even show a certificate of an authority that is not asked
    // for.
    DemoCertificates other = DemoCertificates.authority("test authority", FROM, UNTIL);

    assertRefused(
        with(trusting(authority), other.issue("lab", List.of(), FROM, UNTIL)),
        "its certificate is of an authority that is not known here");
  }

  @Test
  void aCertificateThatIsOutOfDateIsNotTaken() throws Exception {
    listen(TlsFiles.Clients.ASKED);
    DemoCertificates.Issued old =
        authority.issue("lab", List.of(), LONG_AGO, LONG_AGO.plus(Duration.ofDays(30)));

    assertRefused(with(trusting(authority), old), "its certificate is out of date");
  }

  @Test
  void aClientThatDoesNotKnowOurAuthorityIsToldApart() throws Exception {
    listen(TlsFiles.Clients.NONE);
    DemoCertificates other = DemoCertificates.authority("other", FROM, UNTIL);

    assertRefused(trusting(other), "the other side does not take our certificate");
  }

  @Test
  void plainTextAndOldVersionsAreToldAsWhatTheyAre() throws Exception {
    listen(TlsFiles.Clients.NONE);
    try (Socket plain = new Socket("127.0.0.1", port())) {
      plain.getOutputStream().write(MllpFrames.wrap(message("LAB|N", "C1")));
      assertThat(plain.getInputStream().read()).isNotEqualTo(0x0B);
    } catch (IOException reset) {
      assertThat(reset).isNotNull();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(faults)
                    .extracting(WireFault::detail)
                    .contains("the other side does not speak TLS here"));
    await()
        .untilAsserted(
            () ->
                assertThat(component.listeners().get(0).gone())
                    .extracting(each -> each.end().orElseThrow().words())
                    .contains("the TLS handshake failed: the other side does not speak TLS here"));
    try (Socket old = new Socket("127.0.0.1", port())) {
      old.getOutputStream().write(helloOfTls11());
      old.getInputStream().read();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(faults)
                    .extracting(WireFault::detail)
                    .contains("the two sides have no TLS version in common"));
  }

  /** The JDK no longer writes one: TLS 1.1, one cipher, no compression, no extensions. */
  private static byte[] helloOfTls11() {
    String hello = "0302" + "00".repeat(32) + "00" + "0002" + "c013" + "01" + "00";
    String length = String.format("%06x", hello.length() / 2);
    String handshake = "01" + length + hello;
    return HexFormat.of()
        .parseHex("160301" + String.format("%04x", handshake.length() / 2) + handshake);
  }

  @Test
  void aHandshakeThatDoesNotEndIsCutOff() throws Exception {
    listen(TlsFiles.Clients.NONE, Optional.empty(), Duration.ofMillis(400));
    try (Socket silent = new Socket("127.0.0.1", port())) {
      silent.setSoTimeout(20_000);
      OutputStream drip = silent.getOutputStream();
      drip.write(0x16);
      assertThat(silent.getInputStream().read()).isNegative();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(faults)
                    .singleElement()
                    .extracting(WireFault::detail)
                    .isEqualTo("the handshake did not end in time"));
  }

  @Test
  void aChangedCertificateIsShownToNewConnectionsAndOpenOnesStay() throws Exception {
    listen(TlsFiles.Clients.NONE);
    SSLSocket before = connect(trusting(authority));
    assertThat(exchange(before, "LAB|N", "C1")).contains("MSA|AA|C1");
    Instant soon = Instant.parse("2095-06-01T00:00:00Z");

    writeServer(authority.issue("server", HOSTS, FROM, soon));
    Files.setLastModifiedTime(folder.resolve("server.pem"), FileTime.from(FROM));
    tls.follow();

    assertThat(exchange(before, "LAB|N", "C2")).contains("MSA|AA|C2");
    SSLSocket after = connect(trusting(authority));
    assertThat(exchange(after, "LAB|N", "C3")).contains("MSA|AA|C3");
    X509Certificate shown = (X509Certificate) after.getSession().getPeerCertificates()[0];
    assertThat(shown.getNotAfter().toInstant()).isEqualTo(soon);
    assertThat(tls.expires()).isEqualTo(soon);
    assertThat(faults).isEmpty();
  }

  @Test
  void aChangedFileThatCannotBeUsedLeavesTheOldOneInUse() throws Exception {
    listen(TlsFiles.Clients.NONE);

    Files.writeString(folder.resolve("server.pem"), "half a cert");
    tls.follow();

    assertThat(exchange(connect(trusting(authority)), "LAB|N", "C1")).contains("MSA|AA|C1");
    assertThat(tls.expires()).isEqualTo(UNTIL);
  }

  @Test
  void aCertificateSendsOnlyAsTheSendersItStandsFor() throws Exception {
    Path senders =
        Files.writeString(
            folder.resolve("senders"),
            "# certificate  senders\nlab.example  LAB@N, LAB2@*\nris.example *@S\n");
    listen(TlsFiles.Clients.NEEDED, Optional.of(senders), LONG);
    SSLFactory.Builder lab =
        with(trusting(authority), authority.issue("lab.example", List.of(), FROM, UNTIL));
    SSLSocket socket = connect(lab);

    assertThat(exchange(socket, "LAB|N", "C1")).contains("MSA|AA|C1");
    assertThat(exchange(socket, "LAB2|ANY", "C2")).contains("MSA|AA|C2");
    assertThat(exchange(socket, "RIS|S", "C3")).contains("MSA|AR|C3").contains("ERR||MSH^1^3|207");
    assertThat(exchange(socket, "LAB|S", "C4")).contains("MSA|AR|C4");
    assertThat(exchange(socket, "LAB|N", "C5")).contains("MSA|AA|C5");
    SSLSocket stranger =
        connect(with(trusting(authority), authority.issue("x.example", List.of(), FROM, UNTIL)));
    assertThat(exchange(stranger, "LAB|N", "C6")).contains("MSA|AR|C6");
    assertThat(faults).extracting(WireFault::kind).containsOnly(WRONG_SENDER).hasSize(3);
  }

  @Test
  void whoNeverReadsRepliesLosesTheConnectionUnderTlsToo() throws Exception {
    listen(TlsFiles.Clients.NONE);
    SSLSocket deaf = connect(trusting(authority));
    byte[] frame = MllpFrames.wrap(message("LAB|N", "C1"));
    Thread sending =
        new Thread(
            () -> {
              try {
                while (true) {
                  deaf.getOutputStream().write(frame);
                }
              } catch (IOException cut) {
                assertThat(cut).isNotNull();
              }
            });
    sending.setDaemon(true);
    sending.start();

    await()
        .untilAsserted(
            () ->
                assertThat(faults)
                    .extracting(WireFault::kind)
                    .contains(WireFault.Kind.REPLY_UNREAD));
    assertThat(exchange(connect(trusting(authority)), "LAB|N", "OK")).contains("MSA|AA|OK");
  }

  @Test
  void certificateAndKeyMayBeOneFileOfPkcs12() throws Exception {
    DemoCertificates.Issued server = authority.issue("server", HOSTS, FROM, UNTIL);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = "changeit".toCharArray();
    store.setKeyEntry("own", server.key(), password, new X509Certificate[] {server.certificate()});
    Path file = folder.resolve("server.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    TlsFiles files =
        new TlsFiles(
            file,
            Optional.empty(),
            Optional.of("changeit"),
            Optional.empty(),
            TlsFiles.Clients.NONE,
            Optional.empty());
    listen(files, LONG);

    assertThat(exchange(connect(trusting(authority)), "LAB|N", "C1")).contains("MSA|AA|C1");
    assertThat(files).asString().doesNotContain("changeit");
    assertThatThrownBy(
            () ->
                Tls.check(
                    new TlsFiles(
                        file,
                        Optional.empty(),
                        Optional.of("wrong"),
                        Optional.empty(),
                        TlsFiles.Clients.NONE,
                        Optional.empty())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not fit together")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void aLineOfTheSendersThatIsNoneIsToldWithItsPlace() throws Exception {
    Path senders = Files.writeString(folder.resolve("senders"), "lab.example LAB@N\nris.example\n");

    assertThatThrownBy(() -> Tls.check(files(TlsFiles.Clients.NEEDED, Optional.of(senders))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("senders:2: ");
  }

  private TlsCheck.Found check(Optional<TlsCheck.Identity> identity) {
    return new TlsCheck(
            Optional.of(folder.resolve("authority.pem")), identity, Duration.ofSeconds(10))
        .check("127.0.0.1", port(), Instant.parse("2026-11-20T00:00:00Z"));
  }

  @Test
  void theCheckSaysInWordsWhatIsWrong() throws Exception {
    listen(TlsFiles.Clients.NEEDED);
    TlsCheck.Found without = check(Optional.empty());
    assertThat(without.good()).isFalse();
    assertThat(without.lines())
        .anyMatch(line -> line.contains("the server wants a client certificate"))
        .anyMatch(line -> line.startsWith("certificate CN=server of CN=test authority: valid for"));

    DemoCertificates.Issued client = authority.issue("lab", List.of(), FROM, UNTIL);
    DemoCertificates.write(client.certificate(), folder.resolve("client.pem"));
    DemoCertificates.write(client.key(), folder.resolve("client-key.pem"));
    TlsCheck.Found with =
        check(
            Optional.of(
                new TlsCheck.Identity(
                    folder.resolve("client.pem"), folder.resolve("client-key.pem"))));
    assertThat(with.good()).as(with.lines().toString()).isTrue();
    assertThat(with.lines()).anyMatch(line -> line.startsWith("agreed on TLSv1.3"));

    writeServer(authority.issue("server", List.of("other.example"), FROM, UNTIL));
    tls.follow();
    assertThat(check(Optional.empty()).lines())
        .anyMatch(line -> line.contains("the certificate is for another host name"));

    writeServer(authority.issue("server", HOSTS, LONG_AGO, LONG_AGO.plus(Duration.ofDays(30))));
    tls.follow();
    assertThat(check(Optional.empty()).lines())
        .anyMatch(line -> line.contains("its certificate is out of date"))
        .anyMatch(line -> line.contains("out of date since 2020-01-31"));

    writeServer(DemoCertificates.authority("x", FROM, UNTIL).issue("server", HOSTS, FROM, UNTIL));
    tls.follow();
    assertThat(check(Optional.empty()).lines())
        .anyMatch(line -> line.contains("of an authority that is not known here"));
  }

  private static final MllpClient.Timeouts TIMES =
      new MllpClient.Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20));

  private Optional<TlsOut> ours(DemoCertificates trusted, Optional<DemoCertificates.Issued> own)
      throws Exception {
    Path authorities = folder.resolve("trusted.pem");
    DemoCertificates.write(trusted.certificate(), authorities);
    if (own.isEmpty()) {
      return Optional.of(TlsOut.of(Optional.of(authorities), Optional.empty()));
    }
    Path certificate = folder.resolve("own.pem");
    Path key = folder.resolve("own-key.pem");
    DemoCertificates.write(own.get().certificate(), certificate);
    DemoCertificates.write(own.get().key(), key);
    return Optional.of(
        TlsOut.of(Optional.of(authorities), Optional.of(new TlsCheck.Identity(certificate, key))));
  }

  private String delivered(String host, Optional<TlsOut> client) throws Exception {
    try (MllpClient to = MllpClient.connect(host, port(), TIMES, client)) {
      return new String(to.deliver(message("LAB|N", "C1")), UTF_8);
    }
  }

  private void assertNotTaken(String host, Optional<TlsOut> client, String words) {
    assertThatThrownBy(() -> delivered(host, client))
        .isInstanceOfSatisfying(
            MllpException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(MllpException.Reason.TLS);
              assertThat(failure).hasMessageContaining(words);
            });
  }

  @Test
  void ourOwnClientIsServedWithItsCertificate() throws Exception {
    listen(TlsFiles.Clients.NEEDED);
    DemoCertificates.Issued own = authority.issue("lab", List.of(), FROM, UNTIL);

    assertThat(delivered("127.0.0.1", ours(authority, Optional.of(own)))).contains("MSA|AA|C1");
    assertThat(delivered("localhost", ours(authority, Optional.of(own)))).contains("MSA|AA|C1");
  }

  @Test
  void ourOwnClientSaysWhyItAndTheServerDoNotComeTogether() throws Exception {
    listen(TlsFiles.Clients.NONE);
    DemoCertificates other = DemoCertificates.authority("another authority", FROM, UNTIL);

    assertNotTaken("127.0.0.1", Optional.empty(), "wants TLS");
    assertNotTaken(
        "127.0.0.1",
        ours(other, Optional.empty()),
        "its certificate is of an authority that is not known here");
    writeServer(authority.issue("server", List.of("elsewhere.example"), FROM, UNTIL));
    tls.follow();
    assertNotTaken(
        "127.0.0.1", ours(authority, Optional.empty()), "the certificate is for another host name");
  }

  @Test
  void ourOwnClientIsNotServedWithoutACertificateThatIsNeeded() throws Exception {
    listen(TlsFiles.Clients.NEEDED);

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> delivered("127.0.0.1", ours(authority, Optional.empty())))
          .isInstanceOfSatisfying(
              MllpException.class,
              failure ->
                  // With TLS 1.3 the words of the server may be lost with the connection.
                  assertThat(failure.reason())
                      .isIn(MllpException.Reason.TLS, MllpException.Reason.RESET));
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsToldByItsName() throws Exception {
    try (MllpPartner plain =
        MllpPartner.start(InetAddress.getLoopbackAddress(), 0, message -> Optional.of(message))) {
      Optional<TlsOut> client = ours(authority, Optional.empty());
      assertThatThrownBy(() -> MllpClient.connect("127.0.0.1", plain.port(), TIMES, client))
          .isInstanceOfSatisfying(
              MllpException.class,
              failure -> assertThat(failure.reason()).isEqualTo(MllpException.Reason.TLS));
    }
  }

  @Test
  void filesThatCannotBeUsedAreToldBeforeAnythingIsSent() throws Exception {
    Path nothing = folder.resolve("nothing.pem");
    Files.writeString(nothing, "no certificate");
    assertThatThrownBy(() -> TlsOut.of(Optional.of(nothing), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> TlsOut.of(Optional.empty(), Optional.of(new TlsCheck.Identity(nothing, nothing))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

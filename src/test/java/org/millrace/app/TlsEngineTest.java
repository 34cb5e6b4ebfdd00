package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nl.altindag.ssl.SSLFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.mllp.DemoCertificates;

/** An engine whose ways in are TLS, by its settings. */
class TlsEngineTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2096-01-01T00:00:00Z");

  private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

  @TempDir private Path folder;

  /** An authority, and a server's certificate of it, in files. */
  private DemoCertificates authority() throws Exception {
    DemoCertificates authority = DemoCertificates.authority("authority", FROM, UNTIL);
    DemoCertificates.write(authority.certificate(), folder.resolve("authority.pem"));
    DemoCertificates.Issued server = authority.issue("server", HOSTS, FROM, UNTIL);
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
    return authority;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("MILLRACE_TLS_CERTIFICATE", folder.resolve("server.pem").toString());
    settings.put("MILLRACE_TLS_KEY", folder.resolve("server-key.pem").toString());
    settings.put("MILLRACE_TLS_CLIENT_AUTHORITIES", folder.resolve("authority.pem").toString());
    return settings;
  }

  @Test
  void httpLetsInWhoHasACertificateWhereThatIsNeeded() throws Exception {
    DemoCertificates authority = authority();
    DemoCertificates.Issued portal = authority.issue("portal", List.of(), FROM, UNTIL);
    DemoCertificates.Issued foreign =
        DemoCertificates.authority("another", FROM, UNTIL).issue("portal", List.of(), FROM, UNTIL);
    SSLFactory stranger = SSLFactory.builder().withTrustMaterial(authority.certificate()).build();
    Map<String, String> settings = settings();
    settings.put("MILLRACE_TLS_HTTP_CLIENTS", "needed");
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      assertThat(metadata(showing(authority, portal), engine.httpPort())).isEqualTo(UNTIL);
      assertThatThrownBy(() -> metadata(stranger, engine.httpPort()))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> metadata(showing(authority, foreign), engine.httpPort()))
          .isInstanceOf(IOException.class);
    }
  }

  private static SSLFactory showing(DemoCertificates trusted, DemoCertificates.Issued own) {
    return SSLFactory.builder()
        .withTrustMaterial(trusted.certificate())
        .withIdentityMaterial(own.key(), new char[0], own.certificate())
        .build();
  }

  @Test
  void bothWaysInAreTlsAndMllpLetsInWhoHasACertificate() throws Exception {
    DemoCertificates authority = authority();
    DemoCertificates.Issued lab = authority.issue("lab", List.of(), FROM, UNTIL);
    SSLFactory stranger = SSLFactory.builder().withTrustMaterial(authority.certificate()).build();
    SSLFactory client = showing(authority, lab);
    Map<String, String> settings = settings();
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      assertThat(overMllp(client, engine.mllpPort())).contains("MSA|AA|Q1");
      assertThatThrownBy(() -> overMllp(stranger, engine.mllpPort()))
          .isInstanceOf(IOException.class);
      assertThat(metadata(stranger, engine.httpPort())).isEqualTo(UNTIL);
      assertThat(
              SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body())
          .contains("millrace_tls_certificate_left_seconds")
          .contains("kind=\"handshake\"");

      Instant soon = Instant.parse("2095-06-01T00:00:00Z");
      DemoCertificates.Issued renewed = authority.issue("server", HOSTS, FROM, soon);
      DemoCertificates.write(renewed.certificate(), folder.resolve("server.pem"));
      DemoCertificates.write(renewed.key(), folder.resolve("server-key.pem"));
      await()
          .ignoreExceptions()
          // Another client each time: one that comes back is not shown the certificate again.
          .until(
              () ->
                  metadata(
                          SSLFactory.builder().withTrustMaterial(authority.certificate()).build(),
                          engine.httpPort())
                      .equals(soon));
      assertThat(overMllp(client, engine.mllpPort())).contains("MSA|AA|Q1");
    }
  }

  private static String overMllp(SSLFactory client, int port) throws IOException {
    try (Socket socket = client.getSslSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(RawSocket.frame(Typed.query("Q1", "9900101")));
      InputStream in = socket.getInputStream();
      StringBuilder reply = new StringBuilder();
      for (int next = in.read(); next != 0x1C; next = in.read()) {
        if (next < 0) {
          throw new IOException("ended without a reply");
        }
        reply.append((char) next);
      }
      return reply.toString();
    }
  }

  /** Until when the certificate is valid that the HTTP side shows. */
  private static Instant metadata(SSLFactory client, int port)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(client.getSslContext())
            .connectTimeout(Duration.ofSeconds(10))
            .build()
            .send(
                HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + port + "/fhir/r4/metadata"))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    X509Certificate shown =
        (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    return shown.getNotAfter().toInstant();
  }
}

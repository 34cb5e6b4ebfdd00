package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.altindag.ssl.SSLFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.Passwords;
import org.millrace.guard.PlayedProvider;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.mllp.DemoCertificates;

/** The console of an engine that others than its own machine may reach. */
final class ConsoleLogInTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2096-01-01T00:00:00Z");
  private static final String PASSWORD = "a long river flows";

  @TempDir private Path folder;

  private Map<String, String> tls(DemoCertificates authority) throws Exception {
    DemoCertificates.Issued server =
        authority.issue("server", List.of("localhost", "127.0.0.1"), FROM, UNTIL);
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
    Map<String, String> settings = new TreeMap<>();
    settings.put("MILLRACE_TLS_CERTIFICATE", folder.resolve("server.pem").toString());
    settings.put("MILLRACE_TLS_KEY", folder.resolve("server-key.pem").toString());
    settings.put("MILLRACE_CONSOLE_BIND", "0.0.0.0");
    return settings;
  }

  private void account() throws Exception {
    try (JournalDatabase journal =
        JournalDatabase.open(folder.resolve("journal"), Clock.systemUTC())) {
      journal
          .accounts()
          .add("ana", Role.ADMIN.name(), Passwords.hashed(PASSWORD), AuditEvent.Actor.user("root"))
          .get();
    }
  }

  @Test
  void withoutAnAccountItIsNotOpenedToOthers() throws Exception {
    DemoCertificates authority = DemoCertificates.authority("authority", FROM, UNTIL);
    try (SandboxBench bench = SandboxBench.start()) {
      assertThatThrownBy(() -> bench.engine(folder.resolve("journal"), tls(authority)).close())
          .isInstanceOf(StartException.class)
          .hasMessageContaining("MILLRACE_CONSOLE_BIND")
          .hasMessageContaining("./millrace users new");
    }
  }

  @Test
  void withAnAccountItSpeaksTlsToOthersAndTheyLogIn() throws Exception {
    DemoCertificates authority = DemoCertificates.authority("authority", FROM, UNTIL);
    account();
    SSLFactory trusting = SSLFactory.builder().withTrustMaterial(authority.certificate()).build();
    HttpClient client = HttpClient.newBuilder().sslContext(trusting.getSslContext()).build();
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("journal"), tls(authority))) {
      String root = "https://localhost:" + engine.consolePort().orElseThrow();

      assertThat(get(client, root + "/", "").headers().firstValue("Location")).hasValue("/log-in");
      HttpResponse<String> page = get(client, root + "/log-in", "");
      String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie).contains("; Secure").contains("; HttpOnly");
      HttpResponse<String> in = logIn(client, root, root, page);
      assertThat(in.statusCode()).isEqualTo(303);
      String mine = in.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      assertThat(get(client, root + "/", mine).body()).contains("Overview", "Log out");
      assertThat(logIn(client, root, root.replace("https", "http"), page).statusCode())
          .as("of a page over plain text")
          .isEqualTo(403);
    }
  }

  @Test
  void withAProviderItIsOpenedToOthersAndKeepsLogInsInACookieOfThisHostAlone() throws Exception {
    DemoCertificates authority = DemoCertificates.authority("authority", FROM, UNTIL);
    SSLFactory trusting = SSLFactory.builder().withTrustMaterial(authority.certificate()).build();
    HttpClient client = HttpClient.newBuilder().sslContext(trusting.getSslContext()).build();
    try (SandboxBench bench = SandboxBench.start();
        PlayedProvider provider = new PlayedProvider()) {
      Map<String, String> settings = tls(authority);
      settings.put("MILLRACE_CONSOLE_ADDRESS", "https://console.hospital.example");
      settings.put("MILLRACE_CONSOLE_OIDC_ISSUER", provider.issuer());
      settings.put("MILLRACE_CONSOLE_OIDC_CLIENT_ID", PlayedProvider.CLIENT);
      settings.put("MILLRACE_CONSOLE_OIDC_CLIENT_SECRET", PlayedProvider.SECRET);
      settings.put("MILLRACE_CONSOLE_OIDC_ROLES", "admin=hl7-admins");
      try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
        int port = engine.consolePort().orElseThrow();
        String root = "https://localhost:" + port;

        assertThat(get(client, root + "/", "").headers().firstValue("Location"))
            .hasValue("/log-in");
        HttpResponse<String> begun = get(client, root + "/log-in/oidc", "");
        assertThat(begun.headers().firstValue("Location").orElseThrow())
            .startsWith(provider.issuer())
            .contains("console.hospital.example%2Flog-in%2Foidc%2Fback");
        assertThat(begun.headers().allValues("Set-Cookie"))
            .anySatisfy(
                cookie ->
                    assertThat(cookie)
                        .startsWith("__Host-millrace-log-in-" + port + "=")
                        .contains("; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure"));
      }
    }
  }

  private static HttpResponse<String> get(HttpClient client, String address, String cookie)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> logIn(
      HttpClient client, String root, String origin, HttpResponse<String> page) throws Exception {
    Matcher token = Pattern.compile("name=\"token\" value=\"([^\"]+)\"").matcher(page.body());
    assertThat(token.find()).isTrue();
    String form =
        "name=ana&password="
            + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8)
            + "&token="
            + token.group(1);
    return client.send(
        HttpRequest.newBuilder(URI.create(root + "/log-in"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", origin)
            .header(
                "Cookie", page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0])
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}

package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that are made to cost: each is answered with the place and the code of what is too much,
 * soon, also on a feed that looks into the content.
 */
final class HostileInputTest {
  /** The aim is a second; what is found here is a cost that grows faster than the message. */
  private static final Duration CEILING = Duration.ofSeconds(8);

  @TempDir private static Path home;

  private static SandboxBench bench;
  private static Engine engine;

  @BeforeAll
  static void start() throws Exception {
    copy(Path.of("routes"), home.resolve("routes"));
    copy(Path.of("mappings"), home.resolve("mappings"));
    Path feed = home.resolve("routes/oru-r01.camel.yaml");
    Files.writeString(
        feed,
        Files.readString(feed)
            .replace("messages: ORU^R01", "messages: ORU^R01\n        strict: true"));
    bench = SandboxBench.start();
    engine = bench.engineIn(home, home.resolve("data"));
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private static String withText(String id, String text) {
    return Typed.result(id, "F" + id).replace("Seen on the ward.", text);
  }

  /** The reply, which must come soon. */
  private static String answered(String message) throws IOException {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      long before = System.nanoTime();
      String reply = socket.exchange(message);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(CEILING);
      return reply;
    }
  }

  private static void assertRefused(String message, String place, String code) throws IOException {
    String reply = answered(message);
    assertThat(field(reply, "MSA", 1)).isEqualTo("AR");
    assertThat(field(reply, "MSA", 2)).isEqualTo("H1");
    assertThat(field(reply, "ERR", 2)).isEqualTo(place);
    assertThat(field(reply, "ERR", 3)).startsWith(code + "^");
  }

  @Test
  void whatIsTooMuchIsRefusedWithPlaceAndCode() throws IOException {
    assertRefused(withText("H1", "a~".repeat(1_000_000)), "OBX^1^5", "102");
    assertRefused(withText("H1", "a^".repeat(1_000_000)), "OBX^1^5", "102");
    assertRefused(withText("H1", "a&".repeat(1_000_000)), "OBX^1^5", "102");
    assertRefused(withText("H1", "a|".repeat(100_000)), "OBX^1", "102");
    assertRefused(
        Typed.result("H1", "F1") + "OBX|1|TX|a||b||||||F\r".repeat(60_000), "MSH^1", "100");
    assertRefused(Typed.result("H1", "F1") + "x\r".repeat(2_000_000), "MSH^1", "100");
  }

  @Test
  void whatIsWithinTheLimitsIsAnsweredSoonHoweverOdd() throws IOException {
    List<String> names = List.of("AL1", "ZZZ", "IN1", "SCH", "GT1", "RXA", "ORC", "DG1", "TXA");
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < 15_000; i++) {
      segments.add(names.get(i % names.size()) + "|" + i);
    }
    String rotating = Typed.result("H2", "F2") + String.join("\r", segments) + "\r";
    for (String message :
        List.of(
            rotating,
            withText("H3", "\\T\\".repeat(2_000_000)),
            withText("H4", "x".repeat(10_000_000)),
            withText("H5", "\\".repeat(5_000_000)),
            withText("H6", "1".repeat(5_000_000)).replace("|TX|", "|NM|"),
            withText("H7", "2".repeat(5_000_000)).replace("|TX|", "|TS|"),
            withText("H8", "a~".repeat(19_000)),
            withText("H9", " ".repeat(5_000_000) + "x"))) {
      assertThat(field(answered(message), "MSA", 1)).matches("A[AE]");
    }
  }

  @Test
  void aDocumentThatIsNotWhatItIsLabelledIsAnsweredWithItsPlace() throws IOException {
    String reply =
        answered(
            Typed.result("H1", "F1")
                + "OBX|2|ED|11506-3^Progress note^LN||^AP^PDF^Base64^aGVsbG8gd29ybGQ=||||||F\r");
    assertThat(field(reply, "MSA", 1)).isEqualTo("AE");
    assertThat(field(reply, "ERR", 2)).isEqualTo("OBX^2^5");
    assertThat(field(reply, "ERR", 8)).contains("labelled PDF and is none");
  }

  @Test
  void xmlIsRefusedUnreadAndNothingItNamesIsOpened() throws Exception {
    try (ServerSocket named = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      named.setSoTimeout(500);
      String url = "http://127.0.0.1:" + named.getLocalPort() + "/x";
      String bomb = "<!DOCTYPE a [<!ENTITY a \"a\"><!ENTITY b \"&a;&a;\">]><a>&b;</a>";
      for (String xml :
          List.of(
              "<?xml version=\"1.0\"?><!DOCTYPE ORU_R01 SYSTEM \"" + url + "\"><ORU_R01/>",
              "<!DOCTYPE a [<!ENTITY % x SYSTEM \"" + url + "\"> %x;]><a/>",
              "\ufeff <ORU_R01 xmlns=\"urn:hl7-org:v2xml\"/>",
              bomb)) {
        String reply = answered(xml);
        assertThat(field(reply, "MSA", 1)).isEqualTo("AR");
        assertThat(field(reply, "ERR", 8)).contains("XML");
      }
      assertThatThrownBy(named::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }
}

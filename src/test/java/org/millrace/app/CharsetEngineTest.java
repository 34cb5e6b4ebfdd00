package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageSummary;

/** From the wire to the chart: the bytes stay as they came, and the text is right or told. */
final class CharsetEngineTest {

  /**
   * A message.
   *
   * @param declared in MSH-18
   * @param sender MSH-3
   * @param charset the bytes are in
   * @param words what the report says of it
   */
  private record Sent(
      String declared, String sender, Charset charset, byte[] before, String text, String words) {
    Sent(String declared, String sender, String charset, String text, String words) {
      this(declared, sender, Charset.forName(charset), new byte[0], text, words);
    }

    byte[] bytes(String id) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(before);
      String message =
          Typed.result(id, "F" + id)
              .replace("UNICODE UTF-8", declared)
              .replace("|LABSYS|NORTH|", "|" + sender + "|NORTH|")
              .replace("Seen on the ward.", text);
      out.writeBytes(message.getBytes(charset));
      return out.toByteArray();
    }
  }

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final List<Sent> MATRIX =
      List.of(
          new Sent("ASCII", "LABSYS", "US-ASCII", "plain", "US-ASCII, as MSH-18 says"),
          new Sent("8859/1", "LABSYS", "ISO-8859-1", "M\u00fcller", "ISO-8859-1, as MSH-18 says"),
          new Sent("8859/15", "LABSYS", "ISO-8859-15", "5 \u20ac", "ISO-8859-15, as MSH-18 says"),
          new Sent(
              "CP1250",
              "LABSYS",
              "windows-1250",
              "\u0141\u00f3d\u017a",
              "windows-1250, as MSH-18 says"),
          new Sent(
              "UNICODE UTF-8",
              "LABSYS",
              "UTF-8",
              "\u0141\u00f3d\u017a \u4e2d",
              "UTF-8, as MSH-18 says"),
          new Sent(
              "UNICODE UTF-8",
              "LABSYS",
              StandardCharsets.UTF_8,
              MARK,
              "\u00e9t\u00e9",
              "UTF-8, as MSH-18 says"),
          new Sent(
              "8859/1",
              "LABSYS",
              "UTF-8",
              "\u0141\u00f3d\u017a",
              "UTF-8: it cannot be ISO-8859-1, as MSH-18 says, and all of it is valid UTF-8"),
          new Sent(
              "UNICODE UTF-8",
              "LABSYS",
              "windows-1252",
              "5 \u20ac",
              "windows-1252: it cannot be UTF-8, as MSH-18 says, and it is no UTF-8"),
          new Sent(
              "",
              "LABSYS",
              "UTF-8",
              "\u00e9t\u00e9",
              "UTF-8: MSH-18 is empty, and all of it is valid UTF-8"),
          new Sent(
              "",
              "LABSYS",
              "windows-1252",
              "\u00e9t\u00e9",
              "windows-1252: MSH-18 is empty, and it is no UTF-8"),
          new Sent(
              "", "LABSYS", "US-ASCII", "plain", "UTF-8: it holds ASCII only, and MSH-18 is empty"),
          new Sent(
              "ASCII",
              "OLDLAB",
              "IBM850",
              "M\u00fcller",
              "IBM850, as is set for the sender or its feed"));

  @TempDir private Path home;

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private Path withSender(String profile) throws IOException {
    copy(Path.of("routes"), home.resolve("routes"));
    copy(Path.of("mappings"), home.resolve("mappings"));
    Path sender = home.resolve("mappings/senders/OLDLAB@NORTH/sender.yaml");
    Files.createDirectories(sender.getParent());
    Files.writeString(sender, profile);
    return home;
  }

  private static byte[] frame(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x0b);
    out.writeBytes(message);
    out.write(0x1c);
    out.write('\r');
    return out.toByteArray();
  }

  @Test
  void bytesAreKeptAsTheyCameAndTheirTextArrivesInTheChart() throws Exception {
    withSender("source: the vendor's manual\ncharset: CP850\n");
    Path data = home.resolve("data");
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engineIn(home, data);
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (int i = 0; i < MATRIX.size(); i++) {
        socket.write(frame(MATRIX.get(i).bytes("C" + i)));
        assertThat(field(socket.reply(), "MSA", 1)).isEqualTo("AA");
      }
      await()
          .until(
              () -> SandboxBench.standing(engine.managementPort(), "DELIVERED") == MATRIX.size());
      for (int i = 0; i < MATRIX.size(); i++) {
        assertThat(filed(bench, "FC" + i))
            .as(MATRIX.get(i).words())
            .isEqualTo(MATRIX.get(i).text());
      }
    }
    try (JournalDatabase journal = JournalDatabase.openReadOnly(data, Clock.systemUTC())) {
      for (int i = 0; i < MATRIX.size(); i++) {
        MessageSummary message =
            journal.listing().list(MessageFilter.any().withControlId("C" + i)).get(0);
        MessageJourney journey = journal.listing().show(message.id()).orElseThrow();
        assertThat(journey.raw()).isEqualTo(MATRIX.get(i).bytes("C" + i));
        assertThat(SandboxBench.json(journey.report()).at("/charset/words").asText())
            .isEqualTo(MATRIX.get(i).words());
      }
    }
  }

  /** What Cerner was sent for a report. */
  private static String filed(SandboxBench bench, String filler) {
    for (JsonNode each : bench.asked()) {
      JsonNode document = each.path("body");
      if (document.at("/content/0/attachment/title").asText().contains(filler + " ")) {
        String data = document.at("/content/0/attachment/data").asText();
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
      }
    }
    return "nothing was filed";
  }

  @Test
  void aMessageThatChangesItsCharsetOnTheWayIsRefusedWithThePlace() throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engineIn(withSender("source: a test\n"), home.resolve("data"));
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply =
          socket.exchange(
              Typed.result("C1", "F1")
                  .replace("UNICODE UTF-8", "ASCII~ISO IR149")
                  .replace("Seen on", "\u001b$)C on"));

      assertThat(field(reply, "MSA", 1)).isEqualTo("AR");
      assertThat(field(reply, "ERR", 2)).isEqualTo("MSH^1^18");
      assertThat(field(reply, "ERR", 3)).startsWith("103^");
      assertThat(field(reply, "ERR", 8)).contains("ISO 2022");
    }
  }
}

package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.FigureStore;
import org.millrace.journal.Symptom;

/** What open pages are told while they stay open. */
@Timeout(60)
final class LiveTest {
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** A connection that has asked to be told. */
  private Socket asked(String host) throws IOException {
    Socket socket = new Socket("127.0.0.1", bench.server.port());
    socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
    socket
        .getOutputStream()
        .write(
            ("GET /live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void until(BufferedReader lines, String wanted) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      line = lines.readLine();
    }
    assertThat(line).as("told before the connection ended").isEqualTo(wanted);
  }

  @Test
  void aPageIsToldThatAMessageCameAndThatSomethingBecameOfIt() throws Exception {
    try (Socket socket = asked("127.0.0.1:" + bench.server.port())) {
      BufferedReader lines = lines(socket);
      assertThat(lines.readLine()).startsWith("HTTP/1.1 200");
      until(lines, ": open");
      long id = bench.accept("C1");
      until(lines, "event: moved");
      bench.journal.requests().ask("retry", id, "ana", "again").get();
      until(lines, "event: moved");
    }
  }

  @Test
  void aPageIsToldThatAnAlertBeganWasSeenAgainAndEnded() throws Exception {
    try (Socket socket = asked("127.0.0.1:" + bench.server.port())) {
      BufferedReader lines = lines(socket);
      until(lines, ": open");
      for (Symptom[] found :
          List.of(
              new Symptom[] {new Symptom("held", "results", "HELD: 2")},
              new Symptom[] {new Symptom("held", "results", "HELD: 3")},
              new Symptom[0])) {
        FigureStore.Movement before = bench.journal.figures().movement();
        bench.alerts(Duration.ZERO, found);
        assertThat(bench.journal.figures().movement()).isNotEqualTo(before);
        until(lines, "event: moved");
      }
    }
  }

  @Test
  void pagesOfOtherNamesAreToldNothing() throws Exception {
    try (Socket socket = asked("evil.example")) {
      assertThat(lines(socket).readLine()).startsWith("HTTP/1.1 421");
    }
  }

  @Test
  void theEndOfTheConsoleEndsWhatIsOpen() throws Exception {
    try (Socket socket = asked("127.0.0.1:" + bench.server.port())) {
      BufferedReader lines = lines(socket);
      until(lines, ": open");
      bench.server.close();
      String line = lines.readLine();
      while (line != null) {
        line = lines.readLine();
      }
    }
  }
}

package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cli.Ran.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.mllp.MllpPartner;
import picocli.CommandLine;

class TlsCommandTest {
  @TempDir private Path folder;

  @Test
  void whatTheDemoMakesIsWhatAnEngineAndTheCheckTake() throws Exception {
    Path made = folder.resolve("tls");
    Ran demo = run("tls", "demo", made.toString());
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    Path key = made.resolve("server-key.pem");
    assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
    Map<String, String> settings = new TreeMap<>();
    demo.out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> settings.put(line.split("=", 2)[0], line.split("=", 2)[1]));

    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      String address = "localhost:" + engine.mllpPort();
      String authority = made.resolve("authority.pem").toString();
      Ran good =
          run(
              "tls",
              "check",
              address,
              "--authorities",
              authority,
              "--certificate",
              made.resolve("client.pem").toString(),
              "--key",
              made.resolve("client-key.pem").toString());
      assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
      assertThat(good.out()).contains("agreed on TLSv1.3");
      Ran without = run("tls", "check", address, "--authorities", authority);
      assertThat(without.exitCode()).isEqualTo(1);
      assertThat(without.out()).contains("the server wants a client certificate");
      Ran sent =
          run(
              "send",
              "--to",
              address,
              "--tls",
              "--authorities",
              authority,
              "--certificate",
              made.resolve("client.pem").toString(),
              "--key",
              made.resolve("client-key.pem").toString(),
              "samples/QRY_A19/by-mrn/1-received.hl7");
      assertThat(sent.exitCode()).as(sent.err()).isZero();
      assertThat(sent.out()).contains("ADR^A19").contains("MSA|AA");
      Ran plain = run("send", "--to", address, "samples/QRY_A19/by-mrn/1-received.hl7");
      assertThat(plain.exitCode()).isEqualTo(1);
      assertThat(plain.err()).contains("the message was not taken");
      assertThat(run("send", "--to", address, "--authorities", authority, "x").err())
          .contains("go with --tls");
    }
    sendsToAListenerThatSpeaksTls(made);
    assertThat(run("tls", "demo", made.toString()).err()).contains("is not empty");
    assertThat(run("tls", "check", "localhost:1").out()).contains("nobody listens there");
    assertThat(run("tls", "check", "localhost:1", "--key", "x").err()).contains("go together");
  }

  private static void sendsToAListenerThatSpeaksTls(Path made) throws Exception {
    ListenCommand command = new ListenCommand();
    new CommandLine(command)
        .setOut(new PrintWriter(new StringWriter()))
        .parseArgs(
            "--port",
            "0",
            "--certificate",
            made.resolve("server.pem").toString(),
            "--key",
            made.resolve("server-key.pem").toString());
    try (MllpPartner partner = command.open()) {
      Ran sent =
          run(
              "send",
              "--to",
              "localhost:" + partner.port(),
              "--tls",
              "--authorities",
              made.resolve("authority.pem").toString(),
              "samples/QRY_A19/by-mrn/1-received.hl7");
      assertThat(sent.out()).contains("MSA|AA");
      assertThat(sent.exitCode()).isZero();
    }
  }
}

package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.millrace.mllp.DemoCertificates;
import org.millrace.mllp.TlsCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tls",
    mixinStandardHelpOptions = true,
    description = "Find out why a TLS connection fails; make certificates to try TLS out.",
    synopsisSubcommandLabel = "COMMAND")
final class TlsCommand implements Runnable {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final Duration DEMO_DAYS = Duration.ofDays(90);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      exitCodeList = "1:A sender with these files would not be let in.",
      description = {
        "Connect to a TLS server, and say in words how it stands.",
        "Nothing is sent but the handshake."
      })
  int check(
      @Parameters(paramLabel = "HOST:PORT", description = "The server.") String address,
      @Mixin TlsOptions tls)
      throws PlainException {
    Address to = Address.parse(address);
    try {
      TlsCheck.Found found =
          new TlsCheck(tls.authorities(), tls.identity(), WITHIN)
              .check(to.host(), to.port(), Clock.systemUTC().instant());
      found.lines().forEach(spec.commandLine().getOut()::println);
      return found.good() ? 0 : Millrace.FAILED;
    } catch (IllegalArgumentException faulty) {
      throw TlsOptions.unreadable();
    }
  }

  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description = {
        "Make an authority, a server's and a client's certificate in a folder, valid for 90 days.",
        "For trying TLS out. The authority's key is not kept."
      })
  int demo(
      @Parameters(paramLabel = "FOLDER", description = "Where they go.") Path folder,
      @Option(
              names = "--host",
              paramLabel = "NAME",
              description = "A name or address of the server beside localhost; may be repeated.")
          List<String> hosts)
      throws PlainException {
    List<String> all = new ArrayList<>(List.of("localhost", "127.0.0.1"));
    all.addAll(hosts == null ? List.of() : hosts);
    try {
      Files.createDirectories(folder);
      try (var there = Files.list(folder)) {
        if (there.findAny().isPresent()) {
          throw new PlainException(folder + " is not empty; choose another folder");
        }
      }
      write(folder, all);
    } catch (IOException e) {
      throw new PlainException(folder + " cannot be written");
    } catch (GeneralSecurityException e) {
      throw new PlainException("this JDK cannot make the certificates: " + e.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("# A listener that lets in clients of the authority (millrace.properties):");
    out.println("MILLRACE_TLS_CERTIFICATE=" + folder.resolve("server.pem"));
    out.println("MILLRACE_TLS_KEY=" + folder.resolve("server-key.pem"));
    out.println("MILLRACE_TLS_CLIENT_AUTHORITIES=" + folder.resolve("authority.pem"));
    return 0;
  }

  private static void write(Path folder, List<String> hosts)
      throws IOException, GeneralSecurityException {
    Instant from = Clock.systemUTC().instant().minus(Duration.ofHours(1));
    Instant until = from.plus(DEMO_DAYS);
    DemoCertificates authority = DemoCertificates.authority("Millrace demo authority", from, until);
    DemoCertificates.Issued server = authority.issue("millrace-demo-server", hosts, from, until);
    DemoCertificates.Issued client =
        authority.issue("millrace-demo-client", List.of(), from, until);
    DemoCertificates.write(authority.certificate(), folder.resolve("authority.pem"));
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
    DemoCertificates.write(client.certificate(), folder.resolve("client.pem"));
    DemoCertificates.write(client.key(), folder.resolve("client-key.pem"));
  }
}

package org.millrace.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.PeerBlock;
import org.millrace.journal.TurnedAway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "wire",
    mixinStandardHelpOptions = true,
    description = {
      "What the MLLP listeners turned away or could not read, newest first.",
      "Of one kind and address it is told once in ten seconds, with the number since. After it, which addresses operators have blocked."
    },
    subcommands = {WireBlock.class, WireUnblock.class})
final class WireCommand implements Callable<Integer> {
  private static final String ROW = "%-20s  %-16s  %5s  %-22s  %8s  %10s  %s%n";
  private static final int IN_A_LINE = 16;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--hex",
      description = "With the last bytes of what could not be read. They may be a patient's.")
  private boolean hex;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (limit < 1) {
      throw new PlainException("--limit must be at least 1");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = hex ? journal.forRequests() : journal.readOnly()) {
      if (hex) {
        ViewOnRecord.put(open, "view", "bytes that could not be read");
      }
      out.printf(ROW, "at", "kind", "port", "peer", "times", "bytes kept", "detail");
      for (TurnedAway each : open.wire().newest(limit)) {
        out.printf(
            ROW,
            each.at().toString().substring(0, 19) + "Z",
            each.kind(),
            each.port(),
            each.peer(),
            each.times(),
            each.bytes().length,
            each.detail());
        if (hex) {
          dump(each.bytes(), out);
        }
      }
      for (PeerBlock each : open.peerBlocks().inForceWithoutWords()) {
        out.println(
            each.address()
                + " is blocked by "
                + OnScreen.text(each.who())
                + " until "
                + FeedsCommand.seconds(each.until()));
      }
    }
    return 0;
  }

  /** Sixteen in a line: where they stand, in hexadecimal, and as text where they are ASCII. */
  private static void dump(byte[] bytes, PrintWriter out) {
    for (int from = 0; from < bytes.length; from += IN_A_LINE) {
      StringBuilder digits = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int at = from; at < Math.min(from + IN_A_LINE, bytes.length); at++) {
        digits.append(String.format("%02x ", bytes[at] & 0xff));
        text.append(bytes[at] >= ' ' && bytes[at] < 0x7f ? (char) bytes[at] : '.');
      }
      out.printf("    %04x  %-48s %s%n", from, digits, text);
    }
  }
}

package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./millrace bench wire}: how many messages a second a listener answers by itself. */
@Command(
    name = "./millrace bench wire",
    description = "Measures what a listener answers when nothing but an acknowledgment is made.")
final class WireBench implements Callable<Integer> {
  private static final Path PAGE = Path.of("target", "benchmarks", "wire.md");
  private static final Duration LARGE_ROUND = Duration.ofSeconds(4);

  @Option(
      names = "--connections",
      split = ",",
      description = "How many senders there are at once. Default: 1,8,32.")
  private List<Integer> connections = List.of(1, 8, 32);

  @Option(
      names = "--in-flight",
      split = ",",
      description = "Messages of one sender that wait for an answer at a time. Default: 1,16.")
  private List<Integer> inFlight = List.of(1, 16);

  @Option(
      names = "--megabytes",
      split = ",",
      description = "Sizes of large messages, of one sender, one at a time. Default: 5,20.")
  private List<Integer> megabytes = List.of(5, 20);

  @Option(names = "--rounds", description = "That count. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      description = "How long each is under load in a round. Default: ${DEFAULT-VALUE}.")
  private int seconds = 4;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  private final StringBuilder page = new StringBuilder("# On the wire: how fast\n\n");

  @Override
  public Integer call() throws Exception {
    say(
        new Machine()
            .sentence(
                "./millrace bench wire",
                "listeners and senders in one process; messages of "
                    + LoadMessages.SIZE
                    + " bytes"));
    Path folder = Files.createTempDirectory("wire");
    try (WireContestants contestants = WireContestants.start(folder)) {
      for (boolean tls : new boolean[] {false, true}) {
        small(contestants, tls);
      }
      large(contestants);
    }
    Files.createDirectories(PAGE.getParent());
    Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    System.out.println("Written to " + PAGE);
    return 0;
  }

  private void say(String line) {
    page.append(line).append('\n');
    System.out.println(line);
  }

  private void small(WireContestants contestants, boolean tls) throws Exception {
    say(tls ? "\n## TLS 1.3\n" : "\n## Plain\n");
    say(
        "| Connections | In flight | | Messages a second | Lowest–highest | p50, ms | p99, ms |"
            + " Of the echo |");
    say("|---|---|---|---|---|---|---|---|");
    for (int senders : connections) {
      for (int window : inFlight) {
        WireLoad load = new WireLoad(senders, window, Duration.ofSeconds(seconds), 0);
        rows(measured(contestants.all(tls), load), senders + " | " + window + " ");
      }
    }
  }

  private void large(WireContestants contestants) throws Exception {
    say("\n## Large messages, plain, one sender\n");
    say("| Megabytes | | Messages a second | Lowest–highest | p50, ms | p99, ms | Of the echo |");
    say("|---|---|---|---|---|---|---|");
    for (int size : megabytes) {
      WireLoad load = new WireLoad(1, 1, LARGE_ROUND, size);
      rows(measured(contestants.all(false), load), size + " ");
    }
  }

  private void rows(Map<String, Series> results, String first) {
    Series echo = results.values().iterator().next();
    for (Series each : results.values()) {
      say(
          "| "
              + first
              + (each.rounds() == 0
                  ? "| " + each.title() + " | loses messages | | | | |"
                  : each.cells() + "| " + each.shareOf(echo) + " |"));
    }
  }

  /** Rounds of all alternate, each time in another order; the first of each does not count. */
  private Map<String, Series> measured(List<WireContestants.Contestant> all, WireLoad load)
      throws InterruptedException {
    Map<String, Series> results = new LinkedHashMap<>();
    all.forEach(each -> results.put(each.title(), new Series(each.title())));
    List<WireContestants.Contestant> order = new ArrayList<>(all);
    for (int i = 0; i <= rounds; i++) {
      for (WireContestants.Contestant each : List.copyOf(order)) {
        Series warmUp = new Series(each.title());
        Series counted = i == 0 ? warmUp : results.getOrDefault(each.title(), warmUp);
        if (!ran(each, load, counted)) {
          // Whoever loses one message is out.
          order.remove(each);
          results.put(each.title(), new Series(each.title()));
        }
      }
      Collections.rotate(order, 1);
    }
    return results;
  }

  private static boolean ran(WireContestants.Contestant contestant, WireLoad load, Series into)
      throws InterruptedException {
    try {
      Senders.Sent sent = load.sentTo(contestant);
      into.add(sent.perSecond(), sent.acknowledging());
      return true;
    } catch (IOException lost) {
      System.out.println(contestant.title() + " left a message unanswered");
      return false;
    }
  }
}

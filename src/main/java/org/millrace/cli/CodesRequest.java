package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.millrace.app.SettingsFaultsException;
import org.millrace.delivery.ManyRequests;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeInMessage;
import org.millrace.journal.CodeStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;
import org.millrace.mapping.Mappings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Asks the engine to do something with each message whose codes the mapping files know by now, in
 * order of arrival and spread over a time; with none if they are too many. What is asked, and of
 * which messages, its kinds say.
 */
abstract class CodesRequest implements Callable<Integer> {
  @Mixin private CodeChoice choice = new CodeChoice();

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with each message.")
  private String why = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "" + ManyRequests.MOST,
      description = "If more are ready, nothing is done; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--per-minute",
      paramLabel = "N",
      defaultValue = "" + ManyRequests.PER_MINUTE,
      description = "How many are begun a minute; default ${DEFAULT-VALUE}.")
  private int perMinute;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description =
          "How long to wait for the engine, each time; those begun later are only asked for; default ${DEFAULT-VALUE}.")
  private int wait;

  @Mixin private MappingsOption mappingFiles = new MappingsOption();
  @Mixin private ProductionOption production = new ProductionOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The verb the engine knows. */
  abstract OperatorVerb verb();

  /** What the codes of the messages in question are. */
  abstract List<CodeInMessage> candidates(CodeStore codes, CodeFilter filter);

  /**
   * Whether the message is to be asked for.
   *
   * @param known how many of its codes the mapping files know
   */
  abstract boolean isReady(int known, int codes);

  /** What is told when there are none. */
  abstract String nothingToDo();

  /** Waits for what comes of a message and tells it, a line for each thing to know. */
  abstract boolean tell(Asked asked, PrintWriter out) throws InterruptedException;

  /**
   * A message that the engine took up.
   *
   * @param before what was on record of it when it was asked
   */
  record Asked(JournalDatabase journal, MessageJourney before, Duration within) {}

  @Override
  public Integer call() throws Exception {
    ListingOptions.atLeastOne(limit);
    if (perMinute < 1) {
      throw new PlainException("--per-minute must be at least 1");
    }
    Mappings mappings = mappingFiles.load();
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.forRequests()) {
      List<CodeInMessage> codes = candidates(open.codes(), choice.filter());
      mappings.check(
          (tenant, sender) ->
              codes.stream()
                  .anyMatch(each -> each.tenant().equals(tenant) && each.sender().equals(sender)));
      Map<Long, int[]> counts = counts(codes, mappings);
      List<Long> ready =
          counts.entrySet().stream()
              .filter(each -> isReady(each.getValue()[0], each.getValue()[1]))
              .map(Map.Entry::getKey)
              .toList();
      Optional<String> tooMany = ManyRequests.tooMany(ready.size(), limit, "--limit is");
      if (tooMany.isPresent()) {
        throw new PlainException(tooMany.get() + " Narrow the choice, or raise the limit");
      }
      boolean good = ask(open, ready, out);
      if (ready.isEmpty()) {
        out.println(nothingToDo());
      }
      if (counts.size() > ready.size()) {
        out.println(
            (counts.size() - ready.size())
                + " messages have codes that the mapping files do not know; see 'millrace codes'");
      }
      return good ? 0 : Millrace.FAILED;
    }
  }

  /** For each message, how many of its codes are known and how many there are. */
  private static Map<Long, int[]> counts(List<CodeInMessage> codes, Mappings mappings) {
    Map<Long, int[]> counts = new LinkedHashMap<>();
    for (CodeInMessage each : codes) {
      int[] count = counts.computeIfAbsent(each.messageId(), id -> new int[2]);
      boolean known =
          mappings
              .ofTenant(each.tenant())
              .knows(each.sender(), each.code().table(), each.code().code(), each.code().text());
      count[0] += known ? 1 : 0;
      count[1]++;
    }
    return counts;
  }

  private boolean ask(JournalDatabase open, List<Long> messages, PrintWriter out)
      throws InterruptedException, PlainException, SettingsFaultsException {
    production.confirm(
        ProductionOption.targets(open.listing().find(messages), open, journal.settings()));
    EngineRequests requests = new EngineRequests(open, why, Duration.ofSeconds(wait));
    Map<Long, MessageJourney> before = new LinkedHashMap<>();
    for (long message : messages) {
      open.listing().show(message).ifPresent(journey -> before.put(message, journey));
    }
    Instant now = Clock.systemUTC().instant();
    AuditEvent.Actor who = AuditEvent.Actor.user(EngineRequests.who());
    List<NewRequest> wanted = ManyRequests.of(verb(), messages, who, why, now, perMinute);
    boolean good = true;
    boolean all = false;
    for (int first = 0; first < wanted.size(); ) {
      // Until one is taken: an engine with old tables refuses each, and would do the last first
      // later.
      List<NewRequest> asked = wanted.subList(first, all ? wanted.size() : first + 1);
      List<Long> numbers = requests.ask(asked);
      for (int i = 0; i < asked.size(); i++) {
        NewRequest each = asked.get(i);
        String outcome =
            each.notBefore().isAfter(now.plusSeconds(wait))
                ? "asked, for " + each.notBefore()
                : requests.outcome(numbers.get(i));
        good &= told(each.messageId(), outcome, before.get(each.messageId()), open, out);
        all |= !outcome.startsWith("refused");
        if (!all && ManyRequests.isOfOldTables(outcome)) {
          out.println((wanted.size() - first - 1) + " more not asked for");
          return false;
        }
      }
      first += asked.size();
    }
    return good;
  }

  private boolean told(
      long message,
      String outcome,
      @Nullable MessageJourney before,
      JournalDatabase open,
      PrintWriter out)
      throws InterruptedException {
    if (outcome.equals("queued") && before != null) {
      return tell(new Asked(open, before, Duration.ofSeconds(wait)), out);
    }
    out.println(message + ": " + outcome);
    return !outcome.startsWith("refused");
  }
}

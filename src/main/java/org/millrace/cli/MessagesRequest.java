package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.app.SettingsFaultsException;
import org.millrace.delivery.ManyRequests;
import org.millrace.delivery.ManyTargets;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Asks the engine to do something with messages that are named by number, or chosen by a filter:
 * then they are shown first, are not too many, and are spread over a time. One request is left for
 * each. What is asked, and of which messages, its kinds say.
 */
abstract class MessagesRequest implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      arity = "0..*",
      converter = MessageNumber.class,
      description = "Numbers, as the list shows them; or choose by the options below.")
  private List<Long> messages = List.of();

  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "" + ManyRequests.MOST,
      description = "If more are chosen, nothing is done; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--per-minute",
      paramLabel = "N",
      defaultValue = "" + ManyRequests.PER_MINUTE,
      description = "How many of those chosen are begun a minute; default ${DEFAULT-VALUE}.")
  private int perMinute;

  @Option(names = "--yes", description = "Do it with those chosen; without it they are only shown.")
  private boolean yes;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description =
          "How long to wait for the engine to take the request; default ${DEFAULT-VALUE}.")
  private int wait;

  @Mixin private ProductionOption production = new ProductionOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The verb the engine knows. */
  abstract OperatorVerb verb();

  /** Why, in the operator's words. */
  abstract String why();

  @Override
  public Integer call() throws Exception {
    if (messages.isEmpty() != filter.given()) {
      throw new PlainException(
          messages.isEmpty()
              ? "say which messages: by number, or by --state, --reason, --sender, --feed, --since"
              : "say which messages either by number or by options, not by both");
    }
    if (verb().needsWhy() && why().isBlank()) {
      throw new PlainException("--why must say why: it is kept with the message");
    }
    if (perMinute < 1) {
      throw new PlainException("--per-minute must be at least 1");
    }
    try (JournalDatabase open = journal.forRequests()) {
      EngineRequests requests = new EngineRequests(open, why(), Duration.ofSeconds(wait));
      return messages.isEmpty() ? askChosen(open, requests) : askNamed(open, requests);
    }
  }

  private int askNamed(JournalDatabase open, EngineRequests requests)
      throws InterruptedException, PlainException, SettingsFaultsException {
    if (messages.size() > 1) {
      production.confirm(
          ProductionOption.targets(open.listing().find(messages), open, journal.settings()));
    }
    boolean taken = true;
    for (long message : messages) {
      taken &= told(message, requests.outcome(requests.ask(verb(), message)));
    }
    return taken ? 0 : Millrace.FAILED;
  }

  private boolean told(long message, String outcome) {
    spec.commandLine().getOut().println(message + ": " + outcome);
    return !outcome.startsWith("refused");
  }

  private int askChosen(JournalDatabase open, EngineRequests requests)
      throws InterruptedException, PlainException, SettingsFaultsException {
    MessageFilter wanted = chosen().atMost(ListingOptions.atLeastOne(limit));
    PrintWriter out = spec.commandLine().getOut();
    long count = open.listing().count(wanted);
    Optional<String> tooMany = ManyRequests.tooMany(count, limit, "--limit is");
    if (tooMany.isPresent()) {
      throw new PlainException(tooMany.get() + " Narrow the choice, or raise the limit");
    }
    List<MessageSummary> all = open.listing().inOrder(wanted);
    if (all.isEmpty()) {
      out.println("no message is chosen by this");
      return 0;
    }
    ManyTargets targets = ProductionOption.targets(all, open, journal.settings());
    if (!yes) {
      show(all, targets);
      return 0;
    }
    production.confirm(targets);
    return ask(all, requests);
  }

  private void show(List<MessageSummary> all, ManyTargets targets) {
    PrintWriter out = spec.commandLine().getOut();
    MessageListing.print(all, out);
    out.println();
    targets.words().forEach(each -> out.println("target: " + each));
    out.println(
        all.size()
            + " messages, "
            + perMinute
            + " a minute. Nothing was done; ask again with --yes"
            + ProductionOption.neededFor(targets)
            + " to "
            + verb().word()
            + " them.");
  }

  private int ask(List<MessageSummary> all, EngineRequests requests)
      throws InterruptedException, PlainException {
    List<NewRequest> asked =
        ManyRequests.of(
            verb(),
            all.stream().map(MessageSummary::id).toList(),
            AuditEvent.Actor.user(EngineRequests.who()),
            why(),
            Clock.systemUTC().instant(),
            perMinute);
    List<Long> numbers = requests.ask(asked);
    boolean taken = told(asked.get(0).messageId(), requests.outcome(numbers.get(0)));
    for (NewRequest each : asked.subList(1, asked.size())) {
      told(each.messageId(), "asked, for " + each.notBefore());
    }
    return taken ? 0 : Millrace.FAILED;
  }

  /** By the options, of messages with which it can be done at all. */
  private MessageFilter chosen() throws PlainException {
    MessageFilter wanted = filter.filter().forDelivery();
    if (wanted.states().isEmpty()) {
      return wanted.in(verb().from());
    }
    for (MessageState state : wanted.states()) {
      if (!verb().from().contains(state)) {
        throw new PlainException(
            "--state "
                + state
                + ": "
                + verb().word()
                + " is for messages that are "
                + String.join(
                    ", ", verb().from().stream().map(MessageState::name).sorted().toList()));
      }
    }
    return wanted;
  }
}

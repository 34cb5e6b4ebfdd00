package org.millrace.console;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.hl7.V2FormatException;
import org.millrace.journal.Feed;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageSummary;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mapping.RuleFiles;

/**
 * Messages of the journal, or some that are typed, run dry: what would be sent of each now, beside
 * what was sent of it last, those that differ first.
 */
final class ReplayPage {
  private final ConsoleSources sources;
  private final Layout layout;
  private final Reveals reveals;
  private final Searches searches;
  private final RulesOnDisk disk;
  private final Attempts attempts;
  private final RuleTrial rules;
  private final ReplayTrial trial;
  private final ReplayRows rows;

  ReplayPage(
      ConsoleSources sources,
      Layout layout,
      Reveals reveals,
      Searches searches,
      RulesOnDisk disk,
      Attempts attempts) {
    this.sources = sources;
    this.layout = layout;
    this.reveals = reveals;
    this.searches = searches;
    this.disk = disk;
    this.attempts = attempts;
    this.rules = new RuleTrial(sources, disk.atStart());
    this.trial = new ReplayTrial(sources);
    this.rows = new ReplayRows(sources);
  }

  /** What is run: messages of the journal, or texts. */
  private record Chosen(List<MessageSummary> messages, boolean older, List<String> texts) {
    static final Chosen NONE = new Chosen(List.of(), false, List.of());
  }

  /**
   * What came of it.
   *
   * @param problem why there is no result; empty if there is one, or the rules have faults
   */
  private record Outcome(String problem, List<String> faults, List<ReplayTrial.Replayed> replayed) {
    static Outcome none(String problem) {
      return new Outcome(problem, List.of(), List.of());
    }
  }

  /** Runs what an address or a form says. */
  Answer show(Request request) throws InterruptedException {
    RuleFiles files = disk.now();
    ReplayChoice choice = ReplayChoice.read(request, files, sources);
    Optional<Searches.Search> search = searches.find(request.session(), choice.query().search());
    String problem = problem(choice, search);
    Chosen chosen = Chosen.NONE;
    Outcome outcome = Outcome.none(problem);
    if (problem.isEmpty() && !choice.isEmpty()) {
      try {
        chosen = chosen(choice, search);
        tell(request, choice, chosen.messages());
        outcome = run(choice, chosen, files);
      } catch (TriedMessage.Unready sentence) {
        outcome = Outcome.none(String.valueOf(sentence.getMessage()));
      }
    }
    return layout.page(
        request,
        choice.query().faults().isEmpty() ? 200 : 400,
        Head.of("Replay", "Replay"),
        "replay",
        model(request, choice, search, files, chosen, outcome));
  }

  private static String problem(ReplayChoice choice, Optional<Searches.Search> search) {
    if (!choice.query().faults().isEmpty()) {
      return String.join(" ", choice.query().faults());
    }
    if (!choice.scratch().problem().isEmpty()) {
      return choice.scratch().problem();
    }
    if (choice.pasted().length() > ReplayChoice.LONGEST) {
      return "This is longer than "
          + Count.text(ReplayChoice.LONGEST)
          + " characters: take fewer messages, or ./millrace map FILE.";
    }
    return !choice.query().search().isEmpty() && search.isEmpty()
        ? "This search is not known any more: type it again above, and go on from what is found."
        : "";
  }

  private Chosen chosen(ReplayChoice choice, Optional<Searches.Search> search)
      throws TriedMessage.Unready {
    if (choice.typed()) {
      List<String> texts = TriedMessage.split(choice.pasted(), sources);
      if (texts.size() > ReplayChoice.MOST) {
        throw new TriedMessage.Unready(
            "These are "
                + Count.text(texts.size())
                + " messages, and more than "
                + ReplayChoice.MOST
                + " at once are not run: take fewer, or ./millrace map FILE.");
      }
      return new Chosen(List.of(), false, texts);
    }
    if (!choice.numbers().isEmpty()) {
      return new Chosen(sources.journal().listing().find(choice.numbers()), false, List.of());
    }
    var filter = choice.query().filter(sources.zone());
    FoundMessages found =
        FoundMessages.find(
            sources.journal(),
            search.map(each -> FoundMessages.having(each, filter)).orElse(List.of(filter)),
            choice.query().before(),
            0,
            choice.most().orElseThrow());
    return new Chosen(found.messages(), found.older(), List.of());
  }

  /** Conditions of a rule can find out what a covered value is. */
  private void tell(Request request, ReplayChoice choice, List<MessageSummary> messages)
      throws InterruptedException {
    if (choice.byOthers()) {
      reveals.tried(
          request,
          messages.stream()
              .map(each -> Reveals.message(each.id()))
              .filter(each -> !reveals.cover(request.session(), each).open())
              .toList());
    }
  }

  private Outcome run(ReplayChoice choice, Chosen chosen, RuleFiles files)
      throws InterruptedException {
    return attempts.of(
        () -> {
          ReplayTrial.Rules by;
          try {
            by = rules(choice, files);
          } catch (RuleFaultsException e) {
            return new Outcome(
                "", e.faults().stream().map(each -> each.toString()).toList(), List.of());
          }
          List<ReplayTrial.Replayed> replayed = new ArrayList<>();
          chosen.messages().forEach(each -> replayed.add(trial.ofJournal(each, by)));
          chosen.texts().forEach(each -> replayed.add(trial.typed(each, by)));
          return new Outcome("", List.of(), List.copyOf(replayed));
        },
        "take fewer messages.",
        Outcome::none);
  }

  private ReplayTrial.Rules rules(ReplayChoice choice, RuleFiles files) throws RuleFaultsException {
    Mapper inForce = sources.rules().mapper();
    return choice.byOthers()
        ? new ReplayTrial.Rules(
            inForce.by(rules.compiled(files.with(choice.scratch().changed()))),
            Optional.of(inForce))
        : new ReplayTrial.Rules(inForce, Optional.empty());
  }

  /** Shows what is covered of those that are listed; that each is looked at is on record before. */
  Answer reveal(Request request) throws InterruptedException {
    List<String> messages = new ArrayList<>();
    for (long number : numbers(request)) {
      if (sources.journal().listing().find(number).isPresent()) {
        messages.add(Reveals.message(number));
      }
    }
    reveals.show(request, messages);
    return again(request);
  }

  Answer cover(Request request) throws InterruptedException {
    numbers(request).forEach(number -> reveals.hide(request.session(), Reveals.message(number)));
    return again(request);
  }

  /**
   * A message as the beginning of a case; that one of the journal is taken along is on record
   * before.
   */
  Answer saved(Request request) throws InterruptedException {
    String pasted = request.form().exactly("pasted");
    if (!pasted.isBlank()) {
      try {
        TriedMessage typed = TriedMessage.typed(pasted, sources);
        Instant now = sources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return CaseDownload.of(
            typed.message().header().type(), "pasted", now, typed.message().bytes());
      } catch (V2FormatException | TriedMessage.Unready e) {
        return layout.notice(
            request, 400, "This is no message", "It cannot be read, or is longer than is taken.");
      }
    }
    Optional<MessageJourney> found =
        Scratch.number(request.form().text("message"))
            .flatMap(number -> sources.journal().listing().show(number))
            .filter(each -> each.raw().length > 0 && !Feed.isFace(each.summary().feed()));
    if (found.isEmpty()) {
      return layout.notice(
          request, 404, "There is no such message", "Or its content is not kept any more.");
    }
    MessageSummary message = found.get().summary();
    reveals.downloaded(request, Reveals.message(message.id()));
    return CaseDownload.of(
        message.type(), "message-" + message.id(), message.receivedAt(), found.get().raw());
  }

  /** Those that were listed, and not those that would be by now. */
  private static List<Long> numbers(Request request) {
    return Stream.of(request.form().text("numbers").split(",", -1))
        .flatMap(each -> Scratch.number(each).stream())
        .limit(ReplayChoice.MOST)
        .toList();
  }

  private Answer again(Request request) throws InterruptedException {
    ReplayChoice choice = ReplayChoice.read(request, disk.now(), sources);
    return choice.fitsAnAddress() ? Answer.seeOther(choice.link()) : show(request);
  }

  private ReplayView.Model model(
      Request request,
      ReplayChoice choice,
      Optional<Searches.Search> search,
      RuleFiles files,
      Chosen chosen,
      Outcome outcome) {
    String stale = disk.stale(files);
    return new ReplayView.Model(
        choice,
        FilterChoices.of(choice.query(), sources.journal()),
        choice.scratch().kept(),
        !choice.scratch().changed().isEmpty() || !stale.isEmpty(),
        stale,
        search.map(each -> each.kind().title()).orElse(""),
        outcome.problem(),
        outcome.faults(),
        choice.isEmpty() || !outcome.problem().isEmpty() || !outcome.faults().isEmpty()
            ? Optional.empty()
            : Optional.of(result(request, choice, chosen, outcome.replayed())));
  }

  /** A line, and what it is put in order by. */
  private record Line(ReplayTrial.Replayed replayed, ReplayView.Row row) {}

  private ReplayView.Result result(
      Request request, ReplayChoice choice, Chosen chosen, List<ReplayTrial.Replayed> replayed) {
    List<Line> lines = new ArrayList<>();
    boolean covered = false;
    for (int i = 0; i < replayed.size(); i++) {
      ReplayTrial.Replayed each = replayed.get(i);
      if (choice.typed()) {
        lines.add(new Line(each, rows.typed(i + 1, chosen.texts().get(i), each)));
      } else {
        MessageSummary message = chosen.messages().get(i);
        Cover cover = reveals.cover(request.session(), Reveals.message(message.id()));
        covered |= !cover.open();
        lines.add(new Line(each, rows.ofJournal(message, each, cover)));
      }
    }
    lines.sort(
        Comparator.comparing((Line line) -> !line.replayed().different())
            .thenComparing(line -> line.replayed().outcome()));
    return new ReplayView.Result(
        heading(choice, lines.size()),
        tallies(lines, !choice.typed()),
        lines.stream().map(Line::row).toList(),
        chosen.messages().stream()
            .map(each -> Long.toString(each.id()))
            .collect(Collectors.joining(",")),
        covered,
        older(choice, chosen));
  }

  private static String heading(ReplayChoice choice, int number) {
    return Count.text(number)
        + (number == 1 ? " message" : " messages")
        + (choice.byOthers() ? ", by the changed rules" : ", by the rules in force");
  }

  private static List<ReplayView.Tally> tallies(List<Line> lines, boolean journal) {
    List<ReplayView.Tally> tallies = new ArrayList<>();
    long other = lines.stream().filter(each -> each.replayed().different()).count();
    if (other > 0) {
      tallies.add(
          new ReplayView.Tally(
              new Mark("other than by the rules in force", Mark.Tone.HELD), Count.text(other)));
    }
    Map<ReplayOutcome, Integer> numbers = new EnumMap<>(ReplayOutcome.class);
    lines.forEach(each -> numbers.merge(each.replayed().outcome(), 1, Integer::sum));
    numbers.forEach(
        (outcome, number) ->
            tallies.add(new ReplayView.Tally(outcome.mark(journal), Count.text(number))));
    return tallies;
  }

  /** Behind an address only: changed rules stand in none. */
  private static String older(ReplayChoice choice, Chosen chosen) {
    if (!chosen.older() || chosen.messages().isEmpty() || !choice.fitsAnAddress()) {
      return "";
    }
    long last = chosen.messages().get(chosen.messages().size() - 1).id();
    return choice.before(last).link().text();
  }
}

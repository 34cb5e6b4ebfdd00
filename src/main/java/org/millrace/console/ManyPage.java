package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.delivery.ManyRequests;
import org.millrace.delivery.ManyTargets;
import org.millrace.journal.JournalException;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.OperatorVerb;

/**
 * Something done to many messages that were ticked in the list: what is about to be done, in words;
 * then a request for each; then what came of each. Only what is shown on the second page is asked
 * for, and by a form that works once.
 */
final class ManyPage {
  private static final String REFUSED = "refused: ";

  private final ConsoleSources sources;
  private final Layout layout;
  private final SentForms sent;
  private final MessagesPage.Rows rows;

  ManyPage(ConsoleSources sources, Layout layout, SentForms sent) {
    this.sources = sources;
    this.layout = layout;
    this.sent = sent;
    this.rows = new MessagesPage.Rows(sources);
  }

  /** What is about to be done. */
  Answer confirm(Request request) {
    ManyChoice choice = ManyChoice.read(request.query());
    return choice.faults().isEmpty()
        ? confirm(request, choice, "")
        : refused(request, choice.faults());
  }

  private Answer refused(Request request, List<String> faults) {
    return layout.notice(request, 400, "Nothing was done", String.join(" ", faults));
  }

  private Answer confirm(Request request, ManyChoice choice, String problem) {
    OperatorVerb verb = choice.verb();
    List<MessageSummary> found = sources.journal().listing().find(choice.numbers());
    List<MessageSummary> ready = found.stream().filter(each -> isReady(verb, each)).toList();
    ManyTargets targets = targets(ready);
    List<Long> numbers = ready.stream().map(MessageSummary::id).toList();
    Head head = Head.of(heading(verb, ready.size()), "Messages");
    return layout.page(
        request,
        problem.isEmpty() ? 200 : 409,
        ready.isEmpty()
            ? head
            : head.with(ManyChoice.command(verb, numbers, targets.toBeTyped().isPresent())),
        "many",
        new ManyView.Confirm(
            heading(verb, ready.size()),
            problem,
            verb.word(),
            what(verb),
            numbers(ready.size(), choice.numbers().size()),
            targets.ofFeeds(),
            targets.words(),
            leftAlone(verb, choice, found),
            ready.stream().map(rows::of).toList(),
            targets.toBeTyped(),
            sent.fresh(),
            request.form().text("why"),
            verb == OperatorVerb.DISCARD));
  }

  /** As the command chooses them. */
  private static boolean isReady(OperatorVerb verb, MessageSummary message) {
    return verb.from().contains(message.state()) && !message.question();
  }

  private static String heading(OperatorVerb verb, int number) {
    String word = verb.word();
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " " + many(number);
  }

  private static String many(int number) {
    return number == 0 ? "nothing" : number + (number == 1 ? " message" : " messages");
  }

  private static String numbers(int ready, int chosen) {
    return ready == chosen ? Count.text(ready) : Count.text(ready) + " of " + Count.text(chosen);
  }

  private static String what(OperatorVerb verb) {
    String what =
        verb == OperatorVerb.RETRY
            ? "Back into the queue, now. What is filed of them is not filed again."
            : "They are not to be filed. A discarded message cannot be brought back; what of it is"
                + " filed stays at Cerner.";
    return what + " Oldest first, " + ManyRequests.PER_MINUTE + " a minute.";
  }

  private static String leftAlone(
      OperatorVerb verb, ManyChoice choice, List<MessageSummary> found) {
    Map<String, Integer> counts = new TreeMap<>();
    found.stream()
        .filter(each -> !isReady(verb, each))
        .forEach(
            each ->
                counts.merge(
                    each.question() ? "a query" : Mark.of(each.state()).word(), 1, Integer::sum));
    if (choice.numbers().size() > found.size()) {
      counts.put("not there any more", choice.numbers().size() - found.size());
    }
    return counts.entrySet().stream()
        .map(each -> each.getValue() + " " + each.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Leaves a request for each, if the form says all that it must. */
  Answer ask(Request request) throws InterruptedException {
    ManyChoice choice = ManyChoice.read(request.form());
    String form = request.form().text("form");
    if (!choice.faults().isEmpty() || form.isEmpty()) {
      return refused(
          request, form.isEmpty() ? List.of("Choose them in the list.") : choice.faults());
    }
    Optional<String> missing = missing(request, choice);
    return missing.isPresent()
        ? confirm(request, choice, missing.get())
        : Answer.seeOther(sent.once(request.session(), form, () -> ask(request, choice)));
  }

  private Optional<String> missing(Request request, ManyChoice choice) {
    if (request.form().text("why").isEmpty()) {
      return Optional.of("Nothing was done: say why; it is kept with each message.");
    }
    return targets(sources.journal().listing().find(choice.numbers()))
        .notTyped(request.form().text("target"))
        .map(name -> "Nothing was done: this is production. Type " + name + " to say so.");
  }

  private ManyTargets targets(List<MessageSummary> messages) {
    return ManyTargets.of(messages, sources.journal(), sources.engine()::target);
  }

  /** Of a message that has moved on since, the engine says so. */
  private Link ask(Request request, ManyChoice choice) throws InterruptedException {
    Instant now = sources.clock().instant();
    List<NewRequest> requests =
        ManyRequests.of(
            choice.verb(),
            choice.numbers(),
            request.person().actor(),
            request.form().text("why"),
            now,
            ManyRequests.PER_MINUTE);
    try {
      List<Long> asked = sources.journal().requests().askAll(requests).get();
      return Link.to("/messages/asked").with("requests", NumberRanges.text(asked));
    } catch (ExecutionException e) {
      throw new JournalException("the requests could not be left", e);
    }
  }

  /** What came of requests, each by its message. */
  Answer asked(Request request) {
    List<OperatorRequest> asked =
        NumberRanges.read(request.query().text("requests"), ManyRequests.MOST)
            .map(sources.journal().requests()::find)
            .orElse(List.of());
    if (asked.isEmpty()) {
      return layout.notice(
          request,
          404,
          "There are no such requests",
          "They may have been removed with their messages, or the address is mistyped.");
    }
    Map<Long, MessageSummary> messages =
        sources
            .journal()
            .listing()
            .find(asked.stream().map(OperatorRequest::messageId).toList())
            .stream()
            .collect(Collectors.toMap(MessageSummary::id, Function.identity()));
    List<ManyView.Asked> lines = asked.stream().map(each -> line(each, messages)).toList();
    OperatorRequest first = asked.get(0);
    boolean same = asked.stream().allMatch(each -> each.verb().equals(first.verb()));
    String heading = (same ? first.verb() : "requests") + " of " + many(asked.size());
    return layout.page(
        request,
        Head.of(heading, "Messages").following(),
        "asked",
        new ManyView.Outcome(
            heading.substring(0, 1).toUpperCase(Locale.ROOT) + heading.substring(1),
            asked.stream().map(OperatorRequest::who).distinct().collect(Collectors.joining(", ")),
            sources.moment(first.askedAt()),
            tallies(lines),
            lines));
  }

  private ManyView.Asked line(OperatorRequest each, Map<Long, MessageSummary> messages) {
    return new ManyView.Asked(
        each.messageId(),
        "/messages/" + each.messageId(),
        mark(each),
        sentence(each),
        Optional.ofNullable(messages.get(each.messageId()))
            .map(message -> Mark.of(message.state())));
  }

  private static Mark mark(OperatorRequest request) {
    if (request.waiting()) {
      return new Mark("waits", Mark.Tone.MOVING);
    }
    return request.outcome().startsWith(REFUSED)
        ? new Mark("refused", Mark.Tone.BAD)
        : new Mark("done", Mark.Tone.GOOD);
  }

  private String sentence(OperatorRequest request) {
    if (!request.waiting()) {
      String outcome = request.outcome();
      return outcome.startsWith(REFUSED) ? outcome.substring(REFUSED.length()) : outcome;
    }
    Duration left = Duration.between(sources.clock().instant(), request.notBefore());
    return left.isNegative() || left.isZero()
        ? "no engine has taken the request yet, one will when it runs"
        : "begins in " + Moment.length(left);
  }

  private static List<ManyView.Tally> tallies(List<ManyView.Asked> lines) {
    Map<Mark, Integer> counts = new LinkedHashMap<>();
    lines.forEach(each -> counts.merge(each.mark(), 1, Integer::sum));
    List<ManyView.Tally> tallies = new ArrayList<>();
    counts.forEach((mark, count) -> tallies.add(new ManyView.Tally(mark, Count.text(count))));
    return List.copyOf(tallies);
  }
}

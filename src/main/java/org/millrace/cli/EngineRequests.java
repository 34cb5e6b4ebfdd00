package org.millrace.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;
import org.millrace.journal.RequestStore;
import picocli.CommandLine.Model.CommandSpec;

/** What an operator asks of the engine by way of the journal, and what the engine says to it. */
final class EngineRequests {
  private final JournalDatabase journal;
  private final String why;
  private Duration wait;

  /**
   * @param why in the operator's words
   * @param wait how long to wait for an engine; once none has come, no request is waited for
   */
  EngineRequests(JournalDatabase journal, String why, Duration wait) {
    this.journal = journal;
    this.why = why;
    this.wait = wait;
  }

  /** Leaves a request and tells its number. */
  long ask(OperatorVerb verb, long message) throws InterruptedException, PlainException {
    return ask(verb, message, UnaryOperator.identity());
  }

  /**
   * The same with more than verb and message.
   *
   * @param more adds it
   */
  long ask(OperatorVerb verb, long message, UnaryOperator<NewRequest> more)
      throws InterruptedException, PlainException {
    NewRequest request = NewRequest.of(verb.word(), message, who(), why);
    return left(journal.requests().ask(more.apply(request)));
  }

  /** Leaves these, all or none, and tells their numbers. */
  List<Long> ask(List<NewRequest> all) throws InterruptedException, PlainException {
    return left(journal.requests().askAll(all));
  }

  private static <T> T left(Future<T> written) throws InterruptedException, PlainException {
    try {
      return written.get();
    } catch (ExecutionException e) {
      throw new PlainException("the request could not be left in the journal; is its disk full?");
    }
  }

  /**
   * Asks for one thing, waits for what comes of it and tells it.
   *
   * @param more what is asked beyond verb and message
   * @return the exit code
   */
  int askOne(OperatorVerb verb, long message, UnaryOperator<NewRequest> more, CommandSpec command)
      throws InterruptedException, PlainException {
    if (verb.needsWhy() && why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the message");
    }
    String outcome = outcome(ask(verb, message, more));
    command.commandLine().getOut().println(message + ": " + outcome);
    return outcome.startsWith("refused") ? Millrace.FAILED : 0;
  }

  /** Who asks, as the system knows them. */
  static String who() {
    return System.getProperty("user.name", "unknown");
  }

  /** What the engine says; {@code refused: …} if it does not do it. */
  String outcome(long request) throws InterruptedException {
    Optional<String> outcome = journal.requests().outcome(request, wait);
    if (outcome.isEmpty()) {
      wait = Duration.ZERO;
    }
    return outcome.orElse(RequestStore.NOT_TAKEN);
  }
}

package org.millrace.console;

import java.util.Optional;
import org.millrace.delivery.DryRun;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Header;
import org.millrace.journal.DamagedContentException;
import org.millrace.journal.Feed;
import org.millrace.journal.MessageSummary;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.RunDifference;
import org.millrace.mapping.UnfitMappingsException;

/**
 * Runs messages dry, one after the other, by the dry run that {@code ./millrace messages dry-run}
 * makes. Nothing is sent, kept or logged. Thread-safe.
 */
final class ReplayTrial {
  private final ConsoleSources sources;

  ReplayTrial(ConsoleSources sources) {
    this.sources = sources;
  }

  /**
   * By which rules.
   *
   * @param inForce those of the engine, if the first ones are others
   */
  record Rules(Mapper now, Optional<Mapper> inForce) {}

  /**
   * What came of one message; patient data.
   *
   * @param sentence why there is no result, without what the message says; empty if there is one
   * @param header of one that was typed
   * @param result by the rules asked for
   * @param other how that differs from what the rules in force make of it; empty if these are asked
   *     for, or make nothing of it
   */
  record Replayed(
      ReplayOutcome outcome,
      String sentence,
      Optional<V2Header> header,
      Optional<DryRun.Result> result,
      Optional<RunDifference> other) {

    private static Replayed none(String sentence) {
      return new Replayed(
          ReplayOutcome.REFUSED, sentence, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Replayed of(DryRun.Result result) {
      return new Replayed(
          ReplayOutcome.of(result.documents()),
          "",
          Optional.empty(),
          Optional.of(result),
          Optional.empty());
    }

    private Replayed of(V2Header read) {
      return new Replayed(outcome, sentence, Optional.of(read), result, other);
    }

    private Replayed beside(Optional<MappingRun> inForce) {
      return new Replayed(
          outcome,
          sentence,
          header,
          result,
          result.flatMap(now -> inForce.map(was -> RunDifference.between(was, now.run()))));
    }

    /** Whether the rules in force make something else of it. */
    boolean different() {
      return other.filter(each -> !each.isNothing()).isPresent();
    }

    /** The outcome only. */
    @Override
    public String toString() {
      return outcome.toString();
    }
  }

  /** One of the journal, beside what was sent of it. */
  Replayed ofJournal(MessageSummary message, Rules rules) {
    if (message.question()) {
      return Replayed.none("A question: it was answered when it came, and nothing is sent of it.");
    }
    if (Feed.isFace(message.feed())) {
      return Replayed.none("It came over HTTP as FHIR, and is sent as it is: no rules map it.");
    }
    try {
      Optional<DryRun.Result> result = dry(message.id(), rules.now());
      if (result.isEmpty()) {
        return Replayed.none(
            "Its content is not kept any more, or no mapping file is for its type.");
      }
      Replayed replayed = Replayed.of(result.get());
      return rules.inForce().isEmpty()
          ? replayed
          : replayed.beside(dry(message.id(), rules.inForce().get()).map(DryRun.Result::run));
    } catch (V2FormatException e) {
      return Replayed.none("It cannot be read any more.");
    } catch (UnfitMappingsException e) {
      return Replayed.none(String.valueOf(e.getMessage()));
    } catch (DamagedContentException e) {
      return Replayed.none("It cannot be mapped: it is damaged, or what was sent of it is.");
    }
  }

  private Optional<DryRun.Result> dry(long number, Mapper mapper) throws V2FormatException {
    return new DryRun(sources.journal(), MessageMapping.of(mapper), sources.rules().given())
        .of(number);
  }

  /** One that was typed, of which nothing was sent. */
  Replayed typed(String text, Rules rules) {
    try {
      TriedMessage message = TriedMessage.typed(text, sources);
      V2Header header = message.message().header();
      Optional<MappingRun> run = message.map(rules.now());
      return run.isEmpty()
          ? Replayed.none(String.valueOf(message.unmapped(rules.now().mappings()).getMessage()))
              .of(header)
          : Replayed.of(DryRun.ofNew(run.get()))
              .of(header)
              .beside(rules.inForce().flatMap(message::map));
    } catch (V2FormatException e) {
      return Replayed.none("It is no message that can be read: " + e.sentence());
    } catch (UnfitMappingsException | TriedMessage.Unready e) {
      return Replayed.none(String.valueOf(e.getMessage()));
    }
  }
}

package org.millrace.console;

import java.util.List;
import java.util.Optional;

/** What the page of dry runs shows: one record for each of its parts. */
final class ReplayView {
  private ReplayView() {}

  /** How many messages come to the same. */
  record Tally(Mark mark, String number) {}

  /** A document of a message. */
  record Part(String anchor, String verdict, Mark mark) {}

  /**
   * A message.
   *
   * @param why what is behind the outcome; empty if nothing is to be said
   * @param other how the rules in force make it; empty if there are no others
   * @param name its number, or its place among those that were typed
   * @param href its page; empty if it is none of the journal
   * @param codes the tables that do not know a code of it, and where it stands
   * @param losses how much of it does not come across as it was; empty for nothing
   * @param field under which another page takes it: {@code message} or {@code pasted}
   * @param value what stands in that field
   * @param sinceSent what is different from what was sent
   * @param sinceInForce what is different from what the rules in force make
   * @param more whether there are more differences than are shown
   */
  record Row(
      Mark mark,
      String why,
      Optional<Mark> other,
      String name,
      String href,
      Optional<Moment> received,
      String type,
      String sender,
      String controlId,
      List<String> codes,
      String losses,
      String field,
      String value,
      List<Part> parts,
      List<DifferentValues.Line> sinceSent,
      List<DifferentValues.Line> sinceInForce,
      boolean more) {
    boolean ofJournal() {
      return !href.isEmpty();
    }

    boolean hasSinceSent() {
      return !sinceSent.isEmpty();
    }

    boolean hasSinceInForce() {
      return !sinceInForce.isEmpty();
    }

    /** Whether there is more to unfold than the line says. */
    boolean unfolds() {
      return parts.size() > 1 || hasSinceSent() || hasSinceInForce();
    }

    String differences() {
      int all = sinceSent.size() + sinceInForce.size();
      return all == 0
          ? parts.size() + " documents"
          : all + (more ? " and more differences" : all == 1 ? " difference" : " differences");
    }
  }

  /**
   * What came of the messages.
   *
   * @param numbers of those of the journal that are listed, with commas; empty if none are
   * @param covered whether values of some are covered
   * @param older where those before them are run dry; empty if there are none
   */
  record Result(
      String heading,
      List<Tally> tallies,
      List<Row> rows,
      String numbers,
      boolean covered,
      String older) {
    boolean hasRows() {
      return !rows.isEmpty();
    }

    boolean ofJournal() {
      return !numbers.isEmpty();
    }
  }

  /**
   * The whole page.
   *
   * @param kept what was changed on the workbench, each file with its name in the first line
   * @param choosable whether there are other rules than those in force
   * @param stale the files that were changed on disk since the engine started; empty for none
   * @param searched what is searched for, in words and without the number
   * @param problem why there is no result; empty if there is one, or none was asked for
   * @param faults of the changed rules
   */
  record Model(
      ReplayChoice choice,
      FilterChoices choices,
      List<String> kept,
      boolean choosable,
      String stale,
      String searched,
      String problem,
      List<String> faults,
      Optional<Result> result) {
    MessageQuery query() {
      return choice.query();
    }

    /** Nothing of it may stand in an address once rules were changed. */
    String method() {
      return kept.isEmpty() ? "get" : "post";
    }

    boolean changed() {
      return !kept.isEmpty();
    }

    boolean hasFaults() {
      return !faults.isEmpty();
    }

    /** Nothing was asked for yet. */
    boolean waiting() {
      return faults.isEmpty() && problem.isEmpty() && result.isEmpty();
    }
  }
}

package org.millrace.console;

import java.util.List;
import java.util.Optional;

/** What the pages on many messages at once show. */
final class ManyView {
  private ManyView() {}

  /**
   * What is about to be done.
   *
   * @param problem why it was not done when it was asked for; empty if it was not asked for yet
   * @param leftAlone what is chosen and will not be touched, in words; empty if all is
   * @param toBeTyped to say that production is meant
   * @param form what the form is known by, so that it does nothing twice
   * @param why as it was typed
   */
  record Confirm(
      String heading,
      String problem,
      String verb,
      String what,
      String number,
      String feeds,
      List<String> targets,
      String leftAlone,
      List<MessagesPage.Row> rows,
      Optional<String> toBeTyped,
      String form,
      String why,
      boolean grave) {
    boolean hasRows() {
      return !rows.isEmpty();
    }
  }

  /**
   * What was asked about a message.
   *
   * @param state of the message by now; empty if it is kept no more
   */
  record Asked(long number, String href, Mark mark, String sentence, Optional<Mark> state) {}

  /** How many of them came to one end. */
  record Tally(Mark mark, String number) {}

  /** What came of what was asked. */
  record Outcome(String heading, String by, Moment at, List<Tally> tallies, List<Asked> rows) {}
}

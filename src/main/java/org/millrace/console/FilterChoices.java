package org.millrace.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;

/** What the filters of a list of messages offer. */
record FilterChoices(List<Choice> feeds, List<Choice> stateChoices) {

  /** A word that can be picked. */
  record Choice(String value, String name, boolean picked) {}

  static FilterChoices of(MessageQuery query, JournalDatabase journal) {
    return new FilterChoices(
        feeds(query, journal),
        Arrays.stream(MessageState.values())
            .filter(state -> state != MessageState.RECEIVED)
            .map(state -> new Choice(state.name(), word(state), query.states().contains(state)))
            .toList());
  }

  private static List<Choice> feeds(MessageQuery query, JournalDatabase journal) {
    List<Choice> feeds = new ArrayList<>();
    journal.backlog().feeds().forEach(each -> feeds.add(feed(each.feed().name(), query)));
    if (!query.feed().isEmpty() && feeds.stream().noneMatch(Choice::picked)) {
      feeds.add(feed(query.feed(), query));
    }
    return feeds;
  }

  private static Choice feed(String name, MessageQuery query) {
    return new Choice(name, name, name.equals(query.feed()));
  }

  private static String word(MessageState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}

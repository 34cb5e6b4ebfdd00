package org.millrace.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageSummary;

/**
 * One page of a list of messages, newest first.
 *
 * @param newer whether there are newer ones than these
 * @param older whether there are older ones than these
 */
record FoundMessages(List<MessageSummary> messages, boolean newer, boolean older) {

  /**
   * Looks them up. Pages go by numbers of messages and not by counting from the first, so that the
   * thousandth page is as quick as the first, and nothing is shown twice when messages come in.
   *
   * @param filters what is in any of these
   * @param before only those below it; 0 for no such limit
   * @param after only those above it, the nearest first; 0 for no such limit
   */
  static FoundMessages find(
      JournalDatabase journal, List<MessageFilter> filters, long before, long after, int limit) {
    boolean upwards = after > 0;
    Map<Long, MessageSummary> found = new TreeMap<>(order(upwards));
    for (MessageFilter filter : filters) {
      MessageFilter oneMore = filter.atMost(limit + 1);
      List<MessageSummary> page =
          upwards
              ? journal.listing().above(after, oneMore)
              : before > 0
                  ? journal.listing().below(before, oneMore)
                  : journal.listing().list(oneMore);
      page.forEach(each -> found.put(each.id(), each));
    }
    List<MessageSummary> nearest = found.values().stream().limit(limit).toList();
    boolean more = found.size() > limit;
    List<MessageSummary> newestFirst = new ArrayList<>(nearest);
    newestFirst.sort(Comparator.comparingLong(MessageSummary::id).reversed());
    return new FoundMessages(
        List.copyOf(newestFirst), upwards ? more : before > 0, upwards || more);
  }

  private static Comparator<Long> order(boolean upwards) {
    return upwards ? Comparator.naturalOrder() : Comparator.reverseOrder();
  }

  /** What a search asks of the journal besides the filter: one for each number it could be. */
  static List<MessageFilter> having(Searches.Search search, MessageFilter filter) {
    boolean any = search.kind() == SearchKind.ANY;
    List<MessageFilter> filters = new ArrayList<>();
    for (SearchKind kind : any ? SearchKind.all() : List.of(search.kind())) {
      kind.key().ifPresent(key -> filters.add(filter.with(new BusinessKey(key, search.text()))));
    }
    if (any || search.kind() == SearchKind.CONTROL_ID) {
      filters.add(filter.withControlId(search.text()));
    }
    return filters;
  }
}

package org.millrace.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.journal.Feed;
import org.millrace.journal.SenderNames;

/**
 * Whether the tenants that feeds name are there, and each sender's messages go to one of them: what
 * was filed is found again by its sender's name, and an id of one tenant's chart is another record
 * in the next one's.
 */
public final class FeedTenants {
  private final Collection<Feed> feeds;
  private final Set<String> types;

  private FeedTenants(Collection<Feed> feeds) {
    this.feeds = feeds;
    types =
        feeds.stream()
            .flatMap(feed -> feed.messageTypes().stream())
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @param tenants the names that settings know, without the empty one
   * @return a sentence for each fault
   */
  static List<String> faults(Collection<Feed> feeds, Set<String> tenants) {
    List<String> faults = new ArrayList<>();
    for (Feed feed : feeds) {
      String tenant = feed.tenant();
      if (!tenant.isEmpty() && !tenants.contains(tenant)) {
        faults.add(
            "feed "
                + feed.name()
                + " is of the tenant "
                + tenant
                + ", which MILLRACE_TENANTS does not name");
      }
    }
    List<Feed> delivering = feeds.stream().filter(feed -> !ScopeNeeds.asks(feed)).toList();
    faults.addAll(new FeedTenants(delivering).divided());
    return faults;
  }

  /** Whether messages of a tenant, the first, come of a sender, the second. */
  public static BiPredicate<String, String> sending(Collection<Feed> feeds) {
    FeedTenants all = new FeedTenants(feeds);
    return (tenant, sender) ->
        all.types.stream()
            .flatMap(type -> all.takers(type, sender))
            .anyMatch(feed -> feed.tenant().equals(tenant));
  }

  private static SenderNames senders(Feed feed) {
    return feed.settings().tenancy().senders();
  }

  /** Senders of whom one type goes to one tenant, and another type to another. */
  private List<String> divided() {
    Set<String> named =
        feeds.stream()
            .flatMap(feed -> senders(feed).names().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> faults = new ArrayList<>();
    for (String sender : named) {
      told(sender, types.stream().flatMap(type -> takers(type, sender)).toList(), faults);
    }
    told(
        "any other",
        feeds.stream().filter(feed -> senders(feed).names().isEmpty()).toList(),
        faults);
    return faults;
  }

  private Stream<Feed> takers(String type, String sender) {
    List<Feed> ofType = feeds.stream().filter(feed -> feed.messageTypes().contains(type)).toList();
    List<Feed> naming = ofType.stream().filter(feed -> senders(feed).name(sender)).toList();
    return naming.isEmpty()
        ? ofType.stream().filter(feed -> senders(feed).names().isEmpty())
        : naming.stream();
  }

  private static void told(String sender, List<Feed> takers, List<String> faults) {
    if (takers.stream().map(Feed::tenant).distinct().count() > 1) {
      faults.add(
          "messages of the sender "
              + sender
              + " go to several tenants, by the feeds "
              + takers.stream()
                  .map(Feed::name)
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "; name the sender in 'senders' of a feed for each of these types");
    }
  }
}

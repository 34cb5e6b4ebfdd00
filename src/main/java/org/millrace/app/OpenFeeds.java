package org.millrace.app;

import org.millrace.console.ConsoleRules;
import org.millrace.routing.FeedTable;

/** The feeds of a running engine, as the console asks for them. Thread-safe. */
record OpenFeeds(FeedTable feeds) implements ConsoleRules.Feeds {

  @Override
  public String tenant(String type, String sender) {
    return feeds.tenant(type, sender);
  }

  @Override
  public boolean take(String tenant, String sender) {
    return FeedTenants.sending(feeds.feeds()).test(tenant, sender);
  }
}

package org.millrace.routing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedParameters;
import org.millrace.journal.SenderNames;

/**
 * Reads the feeds of all route files before anything starts: every parameter of each, names and
 * types that two of them claim. A value with a placeholder is known, and checked, at the start
 * only.
 */
final class FeedCheck {
  private static final String SCHEME = "feed:";

  private final List<String> faults;
  private final List<Feed> feeds = new ArrayList<>();
  private final Map<String, String> fileOfFeed = new HashMap<>();
  private final Map<String, Map<Feed, String>> takersOfType = new HashMap<>();

  /**
   * @param faults is added to
   */
  FeedCheck(List<String> faults) {
    this.faults = faults;
  }

  /**
   * Looks at where a route starts, and passes over what is no feed.
   *
   * @param file as faults name it
   * @param from the node under the key {@code from}
   */
  void check(String file, JsonNode from) {
    String uri = from.path("uri").asText();
    if (!uri.startsWith(SCHEME)) {
      return;
    }
    int query = uri.indexOf('?');
    String name = uri.substring(SCHEME.length(), query < 0 ? uri.length() : query);
    Map<String, String> written = new TreeMap<>();
    if (query >= 0) {
      readQuery(uri.substring(query + 1), written);
    }
    from.path("parameters")
        .properties()
        .forEach(each -> written.put(each.getKey(), each.getValue().asText()));
    FeedParameters parameters = new FeedParameters(written);
    Feed feed = Feed.read(name, parameters, ZoneOffset.UTC);
    for (String fault : parameters.faults()) {
      faults.add(file + ": feed " + name + ": " + fault);
    }
    feeds.add(feed);
    claim(file, feed);
  }

  /** Those that were looked at; where one is at fault, a default stands for it. */
  List<Feed> feeds() {
    return List.copyOf(feeds);
  }

  private void claim(String file, Feed feed) {
    String other = fileOfFeed.putIfAbsent(feed.name(), file);
    if (other != null) {
      faults.add(file + ": there is a feed " + feed.name() + " in " + other + " already");
    }
    for (String type : feed.messageTypes()) {
      Map<Feed, String> takers = takersOfType.computeIfAbsent(type, none -> new LinkedHashMap<>());
      takers.forEach((taker, where) -> apart(file, type, feed, taker, where));
      takers.put(feed, file);
    }
  }

  private void apart(String file, String type, Feed feed, Feed taker, String where) {
    SenderNames ours = feed.settings().tenancy().senders();
    ours.shared(taker.settings().tenancy().senders())
        .ifPresent(
            shared ->
                faults.add(
                    file
                        + ": "
                        + type
                        + " is taken in "
                        + where
                        + " already"
                        + (ours.names().isEmpty() ? "" : " of " + shared)));
  }

  private static void readQuery(String query, Map<String, String> written) {
    for (String each : query.split("&", -1)) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        written.put(
            each.substring(0, equals),
            URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
  }
}

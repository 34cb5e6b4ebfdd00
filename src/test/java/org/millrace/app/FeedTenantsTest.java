package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedParameters;

class FeedTenantsTest {
  private static Feed feed(String name, String types, String tenant, String senders) {
    Map<String, String> written = new TreeMap<>(Map.of("messages", types));
    written.put("tenant", tenant);
    written.put("senders", senders);
    FeedParameters parameters = new FeedParameters(written);
    Feed feed = Feed.read(name, parameters, ZoneOffset.UTC);
    assertThat(parameters.faults()).isEmpty();
    return feed;
  }

  private static List<String> faults(Feed... feeds) {
    return FeedTenants.faults(List.of(feeds), Set.of("north", "south"));
  }

  @Test
  void whatASenderSendsGoesToOneTenantByWhateverFeed() {
    Feed results = feed("results", "ORU^R01", "", "");
    Feed northern = feed("northern", "ORU^R01", "north", "LAB@NORTH");
    Feed notes = feed("notes", "MDM^T02", "", "");

    assertThat(faults(results)).isEmpty();
    assertThat(faults(results, northern)).isEmpty();
    assertThat(faults(results, northern, notes))
        .singleElement()
        .asString()
        .contains("sender LAB@NORTH", "northern, notes");
    assertThat(faults(results, northern, notes, feed("n", "MDM^T02", "north", "LAB@NORTH")))
        .isEmpty();
    assertThat(faults(northern, feed("s", "MDM^T02", "south", "*@NORTH"))).isNotEmpty();
    assertThat(faults(results, feed("s", "MDM^T02", "south", "")))
        .singleElement()
        .asString()
        .contains("any other");
    assertThat(faults(results, feed("q", "QRY^A19", "south", ""))).as("a question").isEmpty();
    assertThat(faults(feed("w", "ORU^R01", "west", "")))
        .singleElement()
        .asString()
        .contains("tenant west");
  }

  @Test
  void aSenderSendsForTheTenantsOfTheFeedsThatTakeItsMessages() {
    BiPredicate<String, String> sending =
        FeedTenants.sending(
            List.of(
                feed("results", "ORU^R01", "south", ""),
                feed("northern", "ORU^R01", "north", "LAB@NORTH"),
                feed("queries", "QRY^A19", "west", "LAB@NORTH")));
    assertThat(Stream.of("north", "south", "west").filter(each -> sending.test(each, "LAB@NORTH")))
        .containsExactly("north", "west");
    assertThat(Stream.of("north", "south", "west").filter(each -> sending.test(each, "RIS@EAST")))
        .containsExactly("south");
  }
}

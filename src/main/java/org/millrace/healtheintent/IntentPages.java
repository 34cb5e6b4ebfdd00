package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.cerner.Call;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;

/**
 * Gathers every page of a list, be it paged by offset or by cursor: the link to the next page is
 * followed as it stands, and only to where the first page came from. Thread-safe.
 */
final class IntentPages {
  private final IntentCalls calls;
  private final HealtheIntentSettings settings;

  IntentPages(IntentCalls calls, HealtheIntentSettings settings) {
    this.calls = calls;
    this.settings = settings;
  }

  /** All items, in the order of the pages. */
  Reply<List<ObjectNode>> all(Asked first, Call call) {
    List<ObjectNode> items = new ArrayList<>();
    Set<URI> read = new HashSet<>();
    Asked page = first;
    while (true) {
      read.add(page.uri());
      Reply<ObjectNode> reply = calls.send(page, call);
      if (!(reply instanceof Reply.Done<ObjectNode> done)) {
        return ((Reply.Failed<ObjectNode>) reply).as();
      }
      Optional<String> wrong = gather(done.value().path("items"), items);
      if (wrong.isPresent()) {
        return unreadable(first, wrong.get());
      }
      if (items.size() > settings.limits().mostItems()) {
        return Reply.failed(
            IntentFaults.of(
                FaultCode.TOO_MANY,
                "HealtheIntent, "
                    + first
                    + " gives more than "
                    + settings.limits().mostItems()
                    + " items; none is taken."));
      }
      String link = done.value().path("nextLink").asText("");
      if (link.isEmpty()) {
        return Reply.done(List.copyOf(items));
      }
      Optional<URI> next = ours(link);
      if (next.isEmpty()) {
        return unreadable(
            first, "the link to the next page leads away from MILLRACE_HEALTHEINTENT_URL.");
      }
      if (read.contains(next.get())) {
        return unreadable(first, "the links between pages go round in a circle.");
      }
      page = Asked.get(next.get(), first.template(), first.lookUp());
    }
  }

  private static Optional<String> gather(JsonNode page, List<ObjectNode> items) {
    if (!page.isArray()) {
      return Optional.of("the answer holds no list named items.");
    }
    for (JsonNode item : page) {
      if (!(item instanceof ObjectNode object)) {
        return Optional.of("the list holds an item that is no object.");
      }
      items.add(object);
    }
    return Optional.empty();
  }

  /** A link of the same origin and below the same path; the token must go nowhere else. */
  private Optional<URI> ours(String link) {
    try {
      URI uri = new URI(link);
      URI base = settings.baseUrl();
      boolean same =
          origin(uri).equals(origin(base))
              && uri.getRawPath() != null
              && uri.normalize().getRawPath().startsWith(base.getRawPath() + "/");
      return same ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException noLink) {
      return Optional.empty();
    }
  }

  private static String origin(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return (uri.getRawUserInfo() == null ? "" : "user ") + scheme + "://" + host + ":" + port;
  }

  private static <T> Reply<T> unreadable(Asked asked, String what) {
    return Reply.failed(
        IntentFaults.of(FaultCode.UNREADABLE_ANSWER, "HealtheIntent, " + asked + ": " + what));
  }
}

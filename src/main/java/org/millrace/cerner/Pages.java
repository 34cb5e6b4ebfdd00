package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.cerner.Ask.Kind;

/** Follows a search from page to page within one deadline. Thread-safe. */
final class Pages {
  /** A search that has more is a mistake in what was asked. */
  static final int MOST = 200;

  /** What a link to a page that is kept no more is answered with. */
  private static final Set<Integer> PLACE_LOST = Set.of(400, 404, 410);

  private final FhirCalls calls;
  private final FhirAddresses addresses;

  Pages(FhirCalls calls, FhirAddresses addresses) {
    this.calls = calls;
    this.addresses = addresses;
  }

  /**
   * The matches of all pages, each resource once. Cerner keeps a search for those who page through
   * it, does not say for how long, and refuses the link afterwards: then all is read anew, once.
   *
   * @param enough stops when so many different ones are found
   */
  Reply<Found> all(Ask first, int enough, Call call) {
    AtomicInteger read = new AtomicInteger();
    Reply<Found> reply = all(first, enough, call, read);
    boolean placeLost =
        read.get() > 0
            && reply instanceof Reply.Failed<Found> failed
            && PLACE_LOST.contains(failed.fault().status());
    return placeLost ? all(first, enough, call, new AtomicInteger()) : reply;
  }

  /**
   * @param read counts the pages that were read
   */
  private Reply<Found> all(Ask first, int enough, Call call, AtomicInteger read) {
    List<ObjectNode> resources = new ArrayList<>();
    boolean suppressed = false;
    Set<String> followed = new HashSet<>();
    Ask ask = first;
    for (int page = 1; page <= MOST; page++) {
      Reply<FhirCalls.FoundPage> reply = calls.search(ask, addresses, call);
      if (!(reply instanceof Reply.Done<FhirCalls.FoundPage> done)) {
        return ((Reply.Failed<FhirCalls.FoundPage>) reply).as();
      }
      read.incrementAndGet();
      resources.addAll(done.value().page().matches());
      suppressed |= done.value().suppressed();
      List<ObjectNode> once = Bundles.eachOnce(resources);
      Optional<String> next = done.value().page().next();
      if (next.isEmpty() || once.size() >= enough) {
        return Reply.done(new Found(once, suppressed));
      }
      if (!followed.add(next.get())) {
        return Reply.failed(
            new Fault(
                FaultCode.UNREADABLE_ANSWER,
                first + ": a page links to one that was already read.",
                "",
                200,
                "",
                Optional.empty(),
                false));
      }
      ask = next(next.get(), first.type());
    }
    return Reply.failed(
        new Fault(
            FaultCode.TOO_MANY,
            first + ": more than " + MOST + " pages.",
            "",
            200,
            "",
            Optional.empty(),
            false));
  }

  /** The link was checked when its page was read. */
  private Ask next(String link, String type) {
    URI page = addresses.page(link).orElseThrow();
    return new Ask(Kind.SEARCH, type, get(page, addresses.pageTemplate(page)));
  }

  static HttpCall get(URI uri, String template) {
    return HttpCall.get(uri, template, "application/fhir+json");
  }

  /** What a whole search found, and whether Cerner left out matches that it could not express. */
  record Found(List<ObjectNode> resources, boolean suppressed) {}
}

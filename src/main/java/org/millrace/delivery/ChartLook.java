package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;

/**
 * Looks for one resource whose create got no answer, among what was not there before it was sent.
 * For one thread.
 */
final class ChartLook {
  private static final int MOST_SEEN = 2_000;

  private final FhirInteractions fhir;
  private final List<Parameter> search;
  private final ObjectNode sent;
  private final Instant since;
  private final Set<String> before;
  private final String alikeBefore;
  private String seen = "";

  private ChartLook(
      FhirInteractions fhir,
      List<Parameter> search,
      ObjectNode sent,
      Instant since,
      List<ObjectNode> there) {
    this.fhir = fhir;
    this.search = search;
    this.sent = sent;
    this.since = since;
    before = there.stream().map(ChartLook::id).collect(Collectors.toSet());
    long alike = there.stream().filter(one -> SentContent.standsIn(one, sent)).count();
    alikeBefore =
        alike == 0
            ? ""
            : " What held the same and was there before (" + alike + ") is not counted.";
  }

  /**
   * Looks at what is there before the create is sent. Clocks are apart, so that the time of a
   * change does not tell whether it was before our create; what was there does. Leaves the create
   * half of the time at least.
   *
   * @return empty if not all can be seen: what is left out may be what is found later
   */
  static Optional<ChartLook> before(
      FhirInteractions fhir, List<Parameter> search, ObjectNode sent, Instant since, Call call) {
    Call looking = half(call);
    return found(fhir, search, sent, looking)
        .map(there -> new ChartLook(fhir, search, sent, since, there));
  }

  /** A call that leaves the create half of the time. */
  static Call half(Call call) {
    return new Call(Deadline.in(call.deadline().left().dividedBy(2)), call.observer());
  }

  /**
   * Looks once.
   *
   * @param gives whether a resource, by type and id, is given to this caller: no other one got it
   */
  Optional<Created> look(BiPredicate<String, String> gives, Call call) {
    Optional<List<ObjectNode>> there = found(fhir, search, sent, call);
    if (there.isEmpty()) {
      seen = "Not all that may be it could be seen.";
      return Optional.empty();
    }
    String type = type(sent);
    List<ObjectNode> same = there.get().stream().filter(this::isNewAndHoldsIt).toList();
    if (same.size() != 1) {
      seen =
          same.isEmpty()
              ? "Nothing new that holds what was sent was found." + alikeBefore
              : same.size()
                  + " new ones that hold what was sent were found; which is this one"
                  + " cannot be told.";
      return Optional.empty();
    }
    ObjectNode one = same.get(0);
    if (SentContent.isExceededBy(one, sent)) {
      seen = "The new one that was found tells more than was sent, and may be another.";
      return Optional.empty();
    }
    if (!gives.test(type, id(one))) {
      seen = "The new one that was found is another caller's.";
      return Optional.empty();
    }
    return Optional.of(new Created(type, id(one), one.at("/meta/versionId").asText()));
  }

  /** What the last look saw, without patient data. */
  String seen() {
    return seen;
  }

  private boolean isNewAndHoldsIt(ObjectNode found) {
    String type = type(sent);
    return !before.contains(id(found))
        && (!NewVersion.tells(type) || NewVersion.is(type, found))
        && !SentContent.moment(found.at("/meta/lastUpdated").asText()).isBefore(since)
        && SentContent.standsIn(found, sent);
  }

  private static Optional<List<ObjectNode>> found(
      FhirInteractions fhir, List<Parameter> search, ObjectNode sent, Call call) {
    return fhir.searchAll(type(sent), search, "", MOST_SEEN, call)
                instanceof Reply.Done<FhirInteractions.FoundResources> done
            && done.value().whole()
        ? Optional.of(done.value().resources())
        : Optional.empty();
  }

  private static String type(ObjectNode resource) {
    return resource.path("resourceType").asText();
  }

  private static String id(ObjectNode resource) {
    return resource.path("id").asText();
  }
}

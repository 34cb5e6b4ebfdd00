package org.millrace.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.Verdict;

/**
 * Pairs the documents of a correction with those that were filed of the same report: text with
 * text, encapsulated documents with encapsulated ones, several by where they stand. Nothing is
 * paired that could be meant otherwise.
 */
final class DocumentMatch {

  private DocumentMatch() {}

  /**
   * @param filed those of them that are valid; not empty
   * @return a plan for each resource; empty if a document of either side would be left over
   */
  static Optional<List<Plan>> match(List<MappedResource> resources, List<FiledDocument> filed) {
    if (resources.size() == 1 && filed.size() == 1 && withdraws(resources.get(0))) {
      // A withdrawal need not repeat what the document held.
      return Optional.of(List.of(new Plan.Change(resources.get(0), filed.get(0))));
    }
    List<Plan> plans = new ArrayList<>();
    for (boolean text : new boolean[] {true, false}) {
      Optional<List<Plan>> some =
          sameKind(
              resources.stream().filter(each -> isText(each.anchor()) == text).toList(),
              filed.stream().filter(each -> isText(each.anchor()) == text).toList());
      if (some.isEmpty()) {
        return Optional.empty();
      }
      plans.addAll(some.get());
    }
    return Optional.of(plans);
  }

  private static boolean withdraws(MappedResource resource) {
    return resource.verdict().decision() == Verdict.Decision.WITHDRAW;
  }

  private static boolean isText(String anchor) {
    return FiledDocument.placeInReport(anchor).isEmpty();
  }

  private static Optional<List<Plan>> sameKind(
      List<MappedResource> resources, List<FiledDocument> filed) {
    if (filed.isEmpty()) {
      // A corrected report may have gained a document; one that was never filed is not withdrawn.
      return resources.stream().anyMatch(DocumentMatch::withdraws)
          ? Optional.empty()
          : Optional.of(resources.stream().<Plan>map(Plan.Create::new).toList());
    }
    if (resources.size() != filed.size()) {
      return Optional.empty();
    }
    if (filed.size() == 1) {
      return Optional.of(List.of(new Plan.Change(resources.get(0), filed.get(0))));
    }
    return by(resources, filed, Function.identity())
        .or(() -> by(resources, filed, FiledDocument::placeInReport));
  }

  /** By where they stand, if that tells them apart on both sides, and is the same on both. */
  private static Optional<List<Plan>> by(
      List<MappedResource> resources, List<FiledDocument> filed, Function<String, String> place) {
    Map<String, FiledDocument> there = new HashMap<>();
    filed.forEach(each -> there.put(place.apply(each.anchor()), each));
    Set<String> asked =
        resources.stream().map(each -> place.apply(each.anchor())).collect(Collectors.toSet());
    if (there.size() != filed.size() || !asked.equals(there.keySet())) {
      return Optional.empty();
    }
    List<Plan> plans = new ArrayList<>();
    for (MappedResource resource : resources) {
      FiledDocument document = there.get(place.apply(resource.anchor()));
      if (document != null) {
        plans.add(new Plan.Change(resource, document));
      }
    }
    return Optional.of(plans);
  }
}

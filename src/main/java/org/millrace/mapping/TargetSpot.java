package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An element of a resource that a target is asked about, and where it stands. Its path is put
 * together only when something is said of it.
 *
 * @param up the object it stands in; empty for the resource itself
 * @param name its name in JSON; for the resource its type
 * @param index its number in its list, from 0; {@link FhirPlace#ANY} if it is no element of one
 */
record TargetSpot(JsonNode json, Optional<TargetSpot> up, String name, int index) {

  static TargetSpot resource(JsonNode json) {
    return new TargetSpot(
        json, Optional.empty(), json.path("resourceType").asText(), FhirPlace.ANY);
  }

  /** A member of this object, a list as a whole. */
  TargetSpot member(String member) {
    return new TargetSpot(json.path(member), Optional.of(this), member, FhirPlace.ANY);
  }

  private TargetSpot element(String list, int number) {
    return new TargetSpot(json.path(list).path(number), Optional.of(this), list, number);
  }

  /** What stands under a name: the elements of a list that are left, or one element, or nothing. */
  void children(String child, Consumer<TargetSpot> into) {
    JsonNode found = json.path(child);
    if (!found.isArray()) {
      if (!found.isMissingNode() && !found.isNull()) {
        into.accept(member(child));
      }
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      if (!found.path(i).isNull()) {
        into.accept(element(child, i));
      }
    }
  }

  /** The elements at a place below this one. */
  void select(FhirPlace place, Run run, Consumer<TargetSpot> into) {
    select(place.steps(), 0, run, into);
  }

  private void select(List<FhirPlace.Step> steps, int at, Run run, Consumer<TargetSpot> into) {
    if (at == steps.size()) {
      into.accept(this);
      return;
    }
    FhirPlace.Step step = steps.get(at);
    children(
        step.name(),
        child -> {
          if (child.passes(step, run)) {
            child.select(steps, at + 1, run, into);
          }
        });
  }

  private boolean passes(FhirPlace.Step step, Run run) {
    if (index >= 0 && !step.span().holds(index)) {
      return false;
    }
    if (!step.url().isEmpty() && !json.path("url").asText().equals(step.url())) {
      return false;
    }
    return step.filter().isEmpty() || step.filter().get().holds(facts(run));
  }

  /** What conditions ask of this element. */
  Condition.Facts facts(Run run) {
    return new FhirFacts(FhirNode.root(json, name), run);
  }

  /** As lineage writes it: {@code Patient.name[0].family}. */
  String path() {
    String own = index < 0 ? name : name + "[" + index + "]";
    return up.map(above -> above.path() + "." + own).orElse(own);
  }

  /** As a person reads it: what stands beside a simple element is its extension. */
  String said() {
    String plain = path().replaceAll("\\._(\\w+)\\.", ".$1.");
    int last = plain.lastIndexOf("._");
    return last < 0
        ? plain
        : plain.substring(0, last) + "." + plain.substring(last + 2) + ".extension";
  }

  /** The path only: the content may be a patient's. */
  @Override
  public String toString() {
    return path();
  }
}

package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs rules from FHIR to v2. For one run, not thread-safe. */
final class ToV2 {
  private final Sink sink;
  private final Run run;

  /** Where rules write. */
  interface Sink {
    /** A place to write; {@code repetition} counts from 1 and is meant for fields that repeat. */
    V2Slot slot(V2Place place, int repetition, boolean repeats);

    /** How many repetitions of a field are filled; 0 or 1 for parts of a data type. */
    int filled(V2Place place);

    int occurrence();
  }

  ToV2(Sink sink, Run run) {
    this.sink = sink;
    this.run = run;
  }

  /** Runs the rules; true if anything was written that the rules did not fix. */
  boolean apply(List<Rule> rules, FhirNode root) {
    boolean real = false;
    for (Rule rule : rules) {
      real |= apply(rule, root);
    }
    return real;
  }

  /** Runs one rule; true if anything was written that the rule did not fix. */
  boolean apply(Rule rule, FhirNode root) {
    if (!rule.way().backward()) {
      return false;
    }
    run.at(rule.where());
    Optional<Condition> when = rule.way().whenFhir();
    return (when.isEmpty() || when.get().holds(new FhirFacts(root, run))) && write(rule, root);
  }

  private boolean write(Rule rule, FhirNode root) {
    if (rule.ends().v2().isEmpty()) {
      leaveOut(rule, root);
      return false;
    }
    V2Place place = rule.ends().v2().get(0);
    boolean any;
    if (rule.isFixed()) {
      V2Slot slot = slot(rule, place, 1);
      if (!slot.isTaken()) {
        slot.write(rule.extras().value("fixed"), "fixed", rule.where(), "");
      }
      return false;
    } else if (rule.extras().has("given")) {
      String name = rule.extras().value("given");
      V2Slot slot = slot(rule, place, 1);
      any = !slot.isTaken() && slot.write(run.given(name), "given:" + name, rule.where(), "");
    } else if (rule.extras().has("content")) {
      String number = String.valueOf(sink.occurrence());
      slot(rule, place, 1).write(number, "occurrence", rule.where(), "");
      return false;
    } else {
      any = write(rule, place, elements(rule, root));
    }
    if (!any && rule.extras().has("default-v2") && sink.filled(place) == 0) {
      slot(rule, place, 1).write(rule.extras().value("default-v2"), "fixed", rule.where(), "");
      run.note(
          CoverageNote.Kind.DEFAULTED,
          place.toString(),
          "Nothing was said; the rule's default was put in.");
    }
    return any;
  }

  private V2Slot slot(Rule rule, V2Place place, int repetition) {
    return sink.slot(place, repetition, rule.ends().v2Repeats());
  }

  private void leaveOut(Rule rule, FhirNode root) {
    for (FhirNode element : elements(rule, root)) {
      element.markRead(run);
      if (!rule.extras().loss().isEmpty()) {
        run.note(CoverageNote.Kind.LOSSY, element.path(), rule.extras().loss());
      } else if (!rule.extras().usedFor().isEmpty()) {
        run.used(element.path(), rule.extras().usedFor(), rule.where());
      } else if (rule.isLink() && !run.isAtHand(Run.target(element, element.text()))) {
        String made = rule.extras().value("made");
        String what = made.equals(Rule.ALL) ? "What" : "The " + made;
        run.note(
            CoverageNote.Kind.LOSSY,
            element.path(),
            what + " it names is not at hand; nothing tells it.");
      } else {
        run.used(element.path(), Run.USED_FOR + "naming what belongs together", rule.where());
      }
    }
  }

  /** The elements the rule reads, those first that its {@code first} condition picks. */
  private List<FhirNode> elements(Rule rule, FhirNode root) {
    if (rule.ends().fhir().isEmpty()) {
      return List.of();
    }
    List<FhirNode> found = root.select(rule.ends().fhir().get(), run);
    found.removeIf(FhirNode::isAbsent);
    Optional<Condition> first = rule.way().first();
    if (first.isEmpty()) {
      return found;
    }
    List<FhirNode> ahead = new ArrayList<>();
    List<FhirNode> behind = new ArrayList<>();
    for (FhirNode node : found) {
      (first.get().holds(new FhirFacts(node, run)) ? ahead : behind).add(node);
    }
    ahead.addAll(behind);
    return ahead;
  }

  private boolean write(Rule rule, V2Place place, List<FhirNode> elements) {
    if (rule.extras().has("join") && elements.size() > 1) {
      return join(rule, place, elements);
    }
    if (elements.isEmpty()) {
      return false;
    }
    boolean any = false;
    boolean partial = place.component() > 0 && place.inSegment();
    int repetition = partial ? 0 : sink.filled(place);
    for (FhirNode element : elements) {
      boolean room = rule.ends().v2Repeats() || (!any && !isTaken(rule, place));
      if (!room) {
        element.markRead(run);
        run.note(
            CoverageNote.Kind.FIRST_OF_MANY,
            element.path(),
            place + " holds one; the first was taken.");
        continue;
      }
      V2Slot slot = slot(rule, place, repetition + 1);
      if (rule.conversion().toV2(element, slot, new Conversion.Trip(run, rule.where()))) {
        repetition++;
        any = true;
        if (!rule.extras().loss().isEmpty()) {
          run.note(CoverageNote.Kind.LOSSY, element.path(), rule.extras().loss());
        }
      }
    }
    return any;
  }

  /** Rules about a whole data type fill different components of it, a name and its authority. */
  private boolean isTaken(Rule rule, V2Place place) {
    boolean whole = !place.inSegment() && place.component() == 0;
    return !whole && slot(rule, place, 1).isTaken();
  }

  private boolean join(Rule rule, V2Place place, List<FhirNode> elements) {
    elements.forEach(element -> element.markRead(run));
    String text =
        elements.stream()
            .map(FhirNode::text)
            .collect(Collectors.joining(rule.extras().value("join")));
    String source = elements.stream().map(FhirNode::path).collect(Collectors.joining(" "));
    return slot(rule, place, 1).write(text, source, rule.where(), "join");
  }
}

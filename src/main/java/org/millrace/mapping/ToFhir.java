package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs rules from v2 to FHIR. For one run, not thread-safe. */
final class ToFhir {
  private final Source source;
  private final Tree tree;
  private final Run run;
  private final V2Facts facts;

  /** Where rules read. */
  interface Source {
    /** What stands at a place, each repetition that holds anything. */
    List<V2Node> at(V2Place place);

    /** A part of the document that is being made: {@code type} or {@code data}. */
    default Optional<GivenText> content(String name) {
      return Optional.empty();
    }
  }

  ToFhir(Source source, Tree tree, Run run) {
    this.source = source;
    this.tree = tree;
    this.run = run;
    this.facts = new V2Facts(source, run);
  }

  void apply(List<Rule> rules) {
    for (Rule rule : rules) {
      if (rule.way().forward() && !rule.isLink() && holds(rule.way().whenV2(), rule)) {
        apply(rule);
      }
    }
  }

  private boolean holds(Optional<Condition> condition, Rule rule) {
    if (condition.isEmpty()) {
      return true;
    }
    run.at(rule.where());
    return condition.get().holds(facts);
  }

  private void apply(Rule rule) {
    Rule.Extras extras = rule.extras();
    if (!extras.usedFor().isEmpty()) {
      used(rule);
      return;
    }
    Optional<FhirPlace> place = rule.ends().fhir();
    if (place.isEmpty()) {
      if (!extras.loss().isEmpty()) {
        declareLost(rule);
      }
      return;
    }
    boolean any = false;
    if (rule.isFixed()) {
      any = put(rule, place.get(), fixed(rule, place.get(), extras.value("fixed")), true);
    } else if (extras.has("given") && rule.ends().v2().isEmpty()) {
      any = given(rule, place.get());
    } else if (extras.has("content")) {
      Optional<GivenText> content = source.content(extras.value("content"));
      any = content.isPresent() && convert(rule, place.get(), content.get());
    } else if (!extras.parts().isEmpty()) {
      any = parts(rule, place.get());
    } else {
      any = read(rule, place.get());
    }
    if (extras.has("default") && (!any || !tree.isValued(place.get()))) {
      String path = tree.path(place.get());
      if (put(rule, place.get(), fixed(rule, place.get(), extras.value("default")), false)) {
        run.note(
            CoverageNote.Kind.DEFAULTED, path, "Nothing was said; the rule's default was put in.");
      }
    }
  }

  private void used(Rule rule) {
    for (V2Place place : rule.ends().v2()) {
      for (V2Node node : source.at(place)) {
        node.markWhole();
        run.used(node.path(), rule.extras().usedFor(), rule.where());
      }
    }
  }

  private static Made fixed(Rule rule, FhirPlace place, String text) {
    JsonNode json = CopyConversion.json(place.type(), text);
    return Made.value(json, "fixed", rule.where(), "");
  }

  private boolean given(Rule rule, FhirPlace place) {
    String name = rule.extras().value("given");
    String text = run.given(name);
    return !text.isEmpty() && convert(rule, place, new GivenText(text, "given:" + name));
  }

  /** Valued, and the rule says that it cannot be kept. */
  private void declareLost(Rule rule) {
    for (V2Place place : rule.ends().v2()) {
      for (V2Node node : source.at(place)) {
        node.markWhole();
        run.note(CoverageNote.Kind.LOSSY, node.path(), rule.extras().loss());
      }
    }
  }

  /** The first of its sources that can be read; one that cannot gives way to the next. */
  private boolean read(Rule rule, FhirPlace place) {
    List<V2Place> sources = rule.ends().v2();
    if (sources.size() == 1) {
      return take(rule, place, source.at(sources.get(0)));
    }
    Optional<V2Node> taken = Optional.empty();
    for (V2Place from : sources) {
      List<V2Node> nodes = source.at(from);
      if (taken.isPresent()) {
        for (V2Node passed : nodes) {
          passed.markWhole();
          run.note(
              CoverageNote.Kind.FIRST_OF_MANY,
              passed.path(),
              taken.get().path() + " comes before it and was taken.");
        }
      } else if (take(rule, place, nodes)) {
        taken = Optional.of(nodes.get(0));
      }
    }
    return taken.isPresent();
  }

  private boolean take(Rule rule, FhirPlace place, List<V2Node> nodes) {
    if (nodes.isEmpty()) {
      return false;
    }
    boolean joins = nodes.size() > 1 && !place.repeats() && rule.extras().has("join");
    return joins ? joined(rule, place, nodes) : read(rule, place, nodes);
  }

  private boolean read(Rule rule, FhirPlace place, List<V2Node> nodes) {
    boolean any = false;
    for (V2Node node : nodes) {
      if (node.isNull()) {
        node.markWhole();
        run.note(
            CoverageNote.Kind.LOSSY,
            node.path(),
            "The sender deletes this value; nothing is made.");
      } else if (any && !place.repeats() && !rule.extras().has("join")) {
        node.markWhole();
        run.note(
            CoverageNote.Kind.FIRST_OF_MANY,
            node.path(),
            place + " holds one; the first was taken.");
      } else if (convert(rule, place, node)) {
        any = true;
        if (!rule.extras().loss().isEmpty()) {
          run.note(CoverageNote.Kind.LOSSY, node.path(), rule.extras().loss());
        }
      }
    }
    return any;
  }

  /** One text of all repetitions; an empty one between them is an empty part of it. */
  private boolean joined(Rule rule, FhirPlace place, List<V2Node> nodes) {
    List<String> texts = new ArrayList<>();
    List<Made.Leaf> leaves = new ArrayList<>();
    for (V2Node node : nodes) {
      Made made = rule.conversion().toFhir(node, new Conversion.Trip(run, rule.where()));
      texts.add(made.json().asText());
      leaves.addAll(made.leaves());
    }
    if (leaves.isEmpty()) {
      return false;
    }
    String text = String.join(rule.extras().value("join"), texts);
    Made whole = Made.of(CopyConversion.json(place.type(), text), leaves);
    boolean placed = !whole.isNothing() && place(rule, place, whole, nodes.get(0).path());
    if (placed && !rule.extras().loss().isEmpty()) {
      run.note(CoverageNote.Kind.LOSSY, nodes.get(0).path(), rule.extras().loss());
    }
    return placed;
  }

  private boolean convert(Rule rule, FhirPlace place, V2Node node) {
    Made made = rule.conversion().toFhir(node, new Conversion.Trip(run, rule.where()));
    if (made.isNothing()) {
      return false;
    }
    return place(rule, place, shorten(rule, made, node.path()), node.path());
  }

  /** Puts a value in; where a segment before it has filled the place, a join goes on with it. */
  private boolean place(Rule rule, FhirPlace place, Made made, String from) {
    boolean placed =
        put(rule, place, made, false)
            || (rule.extras().has("join") && tree.append(place, rule.extras().value("join"), made));
    if (!placed) {
      run.note(
          CoverageNote.Kind.FIRST_OF_MANY, from, place + " was already filled by an earlier rule.");
    }
    return placed;
  }

  private Made shorten(Rule rule, Made made, String path) {
    int max = rule.extras().max();
    if (max == 0 || !made.json().isTextual()) {
      return made;
    }
    String text = made.json().asText();
    if (text.codePointCount(0, text.length()) <= max) {
      return made;
    }
    run.note(CoverageNote.Kind.SHORTENED, path, "Cut to " + max + " characters.");
    String cut = text.substring(0, text.offsetByCodePoints(0, max)).stripTrailing();
    return Made.of(TextNode.valueOf(cut), made.leaves());
  }

  private boolean parts(Rule rule, FhirPlace place) {
    List<String> texts = new ArrayList<>();
    List<Made.Leaf> leaves = new ArrayList<>();
    for (Rule.Part part : rule.extras().parts()) {
      if (!holds(part.when(), rule)) {
        continue;
      }
      if (!part.text().isEmpty()) {
        texts.add(part.text());
        leaves.add(new Made.Leaf("", "fixed", rule.where(), ""));
      }
      firstText(part.v2())
          .ifPresent(
              node -> {
                texts.add(node.text().strip());
                leaves.add(new Made.Leaf("", node.path(), rule.where(), ""));
              });
    }
    fit(texts, leaves, rule);
    String text = String.join(rule.extras().value("join"), texts);
    if (!(rule.conversion() instanceof CopyConversion)) {
      return converted(rule, place, new GivenText(text, source(leaves)), leaves);
    }
    JsonNode json = CopyConversion.json(place.type(), text);
    if (json.isMissingNode()) {
      for (Made.Leaf leaf : leaves) {
        run.note(
            CoverageNote.Kind.UNREADABLE,
            leaf.source(),
            "This is not a FHIR " + place.type() + "; it is left out.");
      }
      return false;
    }
    return put(rule, place, shorten(rule, Made.of(json, leaves), source(leaves)), false);
  }

  private static String source(List<Made.Leaf> leaves) {
    return leaves.isEmpty() ? "" : leaves.get(leaves.size() - 1).source();
  }

  /** A function makes one value of the whole; it comes from each of the parts. */
  private boolean converted(Rule rule, FhirPlace place, V2Node whole, List<Made.Leaf> parts) {
    Made made = rule.conversion().toFhir(whole, new Conversion.Trip(run, rule.where()));
    if (made.isNothing()) {
      return false;
    }
    List<Made.Leaf> leaves = new ArrayList<>();
    for (Made.Leaf part : parts) {
      for (Made.Leaf leaf : made.leaves()) {
        leaves.add(new Made.Leaf(leaf.path(), part.source(), leaf.rule(), leaf.through()));
      }
    }
    return put(rule, place, Made.of(made.json(), leaves), false);
  }

  /**
   * What is put together is cut at its longest part: a long name must not cost the number after it.
   */
  private void fit(List<String> texts, List<Made.Leaf> leaves, Rule rule) {
    int max = rule.extras().max();
    String joined = String.join(rule.extras().value("join"), texts);
    int over = joined.codePointCount(0, joined.length()) - max;
    if (max == 0 || over <= 0) {
      return;
    }
    int longest = 0;
    for (int i = 1; i < texts.size(); i++) {
      if (texts.get(i).length() > texts.get(longest).length()) {
        longest = i;
      }
    }
    String text = texts.get(longest);
    int kept = Math.max(0, text.codePointCount(0, text.length()) - over);
    run.note(
        CoverageNote.Kind.SHORTENED,
        leaves.get(longest).source(),
        "Cut so that the whole has " + max + " characters.");
    texts.set(longest, text.substring(0, text.offsetByCodePoints(0, kept)).stripTrailing());
  }

  private Optional<V2Node> firstText(List<V2Place> places) {
    for (V2Place place : places) {
      for (V2Node node : source.at(place)) {
        if (!node.isNull() && !node.peek().isBlank()) {
          return Optional.of(node);
        }
      }
    }
    return Optional.empty();
  }

  private boolean put(Rule rule, FhirPlace place, Made made, boolean fixed) {
    return tree.put(place, made, rule.extras().set(), fixed);
  }
}

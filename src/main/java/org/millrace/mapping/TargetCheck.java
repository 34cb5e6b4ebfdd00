package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds one resource against the checks of a target and takes out what the target ignores. Not
 * thread-safe.
 */
final class TargetCheck {
  private final TargetProfile.Checks checks;
  private final Run run;
  private final Condition.Facts message;
  private final TargetCuts cuts = new TargetCuts();
  private final TargetSupplies supplies = new TargetSupplies();
  private final List<Found> found = new ArrayList<>();

  /**
   * What the target refuses or ignores.
   *
   * @param path of the element, as lineage writes it; of what is missing, the element it should
   *     stand in
   * @param said the same for a person; of what is missing, its places
   * @param takes what would be taken instead; may be empty
   */
  record Found(Kind kind, String path, String said, String takes, TargetRule.Outcome outcome) {
    boolean refused() {
      return outcome.refuses();
    }

    /** What is missing may have several places, or one with a condition, which is no FHIRPath. */
    boolean isOnePlace() {
      return kind != Kind.MISSING || said.matches("[A-Za-z0-9.\\[\\]]+");
    }
  }

  /** What was found. */
  enum Kind {
    /** It stands there, and is not taken. */
    THERE,
    /** It does not stand there, and is needed. */
    MISSING,
    /** It was cut. */
    SHORTENED
  }

  /**
   * @param message what conditions ask of the message
   */
  TargetCheck(TargetProfile.Checks checks, Run run, Condition.Facts message) {
    this.checks = checks;
    this.run = run;
    this.message = message;
  }

  /** Everything that the target refuses or ignores of a resource, in the order of the rules. */
  List<Found> found(ObjectNode resource) {
    TargetSpot root = TargetSpot.resource(resource);
    if (checks.never().isPresent()) {
      TargetRule.Outcome never = new TargetRule.Outcome(true, checks.never().get(), "");
      return List.of(new Found(Kind.THERE, root.path(), root.said(), "", never));
    }
    for (TargetRule rule : checks.rules()) {
      if (rule.when().v2().isEmpty() || rule.when().v2().get().holds(message)) {
        if (rule.each().isEmpty()) {
          look(rule, root);
        } else {
          root.children(rule.each(), element -> look(rule, element));
        }
      }
    }
    checks.takes().ifPresent(takes -> others(takes, root));
    return found;
  }

  /** Closes the gaps that were left, and puts in what the site supplies; see {@link TargetCuts}. */
  Map<String, int[]> close(ObjectNode resource) {
    Map<String, int[]> moved = cuts.close();
    supplies.putInto(resource, moved);
    return moved;
  }

  private void others(TargetTakes takes, TargetSpot root) {
    List<TargetSpot> others = new ArrayList<>();
    takes.others(root, others::add);
    Set<String> told = found.stream().map(Found::path).collect(Collectors.toSet());
    for (TargetSpot other : others) {
      if (!told.contains(other.path())) {
        take(other, "", checks.others());
      }
    }
  }

  private void look(TargetRule rule, TargetSpot at) {
    if (rule.when().fhir().isPresent() && !rule.when().fhir().get().holds(at.facts(run))) {
      return;
    }
    List<TargetSpot> spots = new ArrayList<>();
    rule.places().forEach(place -> at.select(place, run, spots::add));
    TargetCriterion test = rule.test();
    if (test instanceof TargetCriterion.Missing) {
      if (spots.isEmpty()) {
        supply(rule, at);
      }
    } else if (test instanceof TargetCriterion.AtMost most) {
      spots.stream().skip(most.number()).forEach(spot -> take(spot, rule));
    } else if (test instanceof TargetCriterion.Exactly exactly) {
      if (spots.size() < exactly.number()) {
        missing(rule, at);
      }
      spots.stream().skip(exactly.number()).forEach(spot -> take(spot, rule));
    } else if (test instanceof TargetCriterion.MixedFamilies mixed) {
      if (rule.places().isEmpty()) {
        concepts(at, spots);
      }
      spots.forEach(spot -> families(spot, mixed, rule));
    } else if (test instanceof TargetCriterion.OtherSystems other) {
      spots.forEach(spot -> systems(spot, other, rule));
    } else {
      spots.forEach(spot -> value(spot, rule));
    }
  }

  private void value(TargetSpot spot, TargetRule rule) {
    String text = spot.json().asText();
    TargetCriterion test = rule.test();
    if (test instanceof TargetCriterion.Longer longer) {
      if (text.length() > longer.characters()) {
        longer(spot, longer.characters(), rule);
      }
      return;
    }
    boolean finds =
        test instanceof TargetCriterion.NoneOf none
            ? !none.values().contains(text)
            : !(test instanceof TargetCriterion.NotLike like)
                || !like.pattern().matcher(text).matches();
    if (finds) {
      take(spot, rule);
    }
  }

  private void longer(TargetSpot spot, int characters, TargetRule rule) {
    if (rule.outcome().refuses()) {
      take(spot, rule);
      return;
    }
    String text = spot.json().asText();
    boolean splits = Character.isHighSurrogate(text.charAt(characters - 1));
    TextNode cut = TextNode.valueOf(text.substring(0, splits ? characters - 1 : characters));
    JsonNode owner = spot.up().orElse(spot).json();
    if (owner.path(spot.name()) instanceof ArrayNode list) {
      list.set(spot.index(), cut);
    } else if (owner instanceof ObjectNode object) {
      object.set(spot.name(), cut);
    }
    add(Kind.SHORTENED, spot, rule.test().takes(), rule.outcome());
  }

  /** Every concept below an element. */
  private static void concepts(TargetSpot at, List<TargetSpot> into) {
    if (at.json().path("coding").isArray()) {
      into.add(at);
    }
    for (Map.Entry<String, JsonNode> member : at.json().properties()) {
      if (member.getValue().isContainerNode()) {
        at.children(member.getKey(), child -> concepts(child, into));
      }
    }
  }

  /** The coding that stands first says which family it is to be. */
  private void families(TargetSpot concept, TargetCriterion.MixedFamilies mixed, TargetRule rule) {
    List<TargetSpot> codings = new ArrayList<>();
    concept.children("coding", codings::add);
    if (codings.size() < 2) {
      return;
    }
    boolean own = isOwn(codings.get(0), mixed);
    for (TargetSpot coding : codings.subList(1, codings.size())) {
      if (own || isOwn(coding, mixed)) {
        take(coding, rule);
      }
    }
  }

  private static boolean isOwn(TargetSpot coding, TargetCriterion.MixedFamilies mixed) {
    return coding.json().path("system").asText().startsWith(mixed.own());
  }

  /** Codings of other systems go; a concept that then says nothing is what the rule finds. */
  private void systems(TargetSpot concept, TargetCriterion.OtherSystems other, TargetRule rule) {
    if (concept.json().has("code")) {
      if (!other.isTaken(concept.json().path("system").asText())) {
        take(concept, rule);
      }
      return;
    }
    List<TargetSpot> strange = new ArrayList<>();
    int codings = concept.json().path("coding").size();
    concept.children(
        "coding",
        coding -> {
          if (!other.isTaken(coding.json().path("system").asText())) {
            strange.add(coding);
          }
        });
    boolean enough = other.orText() && concept.json().has("text");
    if (strange.size() == codings && !enough) {
      take(concept, rule);
      return;
    }
    TargetRule.Outcome ignored =
        new TargetRule.Outcome(false, rule.outcome().why(), rule.outcome().remedy());
    strange.forEach(coding -> take(coding, rule.test().takes(), ignored));
  }

  private void supply(TargetRule rule, TargetSpot at) {
    String text = rule.supplied().isEmpty() ? "" : run.given(rule.supplied());
    if (text.isEmpty()) {
      missing(rule, at);
    } else {
      supplies.add(rule.places().get(0), text);
    }
  }

  private void missing(TargetRule rule, TargetSpot at) {
    String places =
        rule.places().stream()
            .map(place -> at.said() + "." + place.text())
            .collect(Collectors.joining(" or "));
    found.add(new Found(Kind.MISSING, at.path(), places, rule.test().takes(), rule.outcome()));
  }

  private void take(TargetSpot spot, TargetRule rule) {
    take(spot, rule.test().takes(), rule.outcome());
  }

  private void take(TargetSpot spot, String takes, TargetRule.Outcome outcome) {
    add(Kind.THERE, spot, takes, outcome);
    if (!outcome.refuses()) {
      cuts.remove(spot);
    }
  }

  private void add(Kind kind, TargetSpot spot, String takes, TargetRule.Outcome outcome) {
    found.add(new Found(kind, spot.path(), spot.said(), takes, outcome));
  }
}

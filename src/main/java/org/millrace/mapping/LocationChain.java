package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A location of PL and what it is part of: a bed in a room in a ward of a facility, each a
 * resource.
 *
 * <p>Source: HL7 v2.5.1 ch. 2A (PL); v2-to-FHIR IG 1.0.0, Data Type PL to Location; FHIR R4,
 * Location.
 *
 * @param levels the components of PL and their physical types, from the innermost outwards
 */
record LocationChain(CodeTable levels) implements Conversion {
  private static final int DEEPEST = 8;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The innermost level that holds anything; those around it become resources of their own. */
  @Override
  public Made toFhir(V2Node from, Trip trip) {
    List<CodeTable.Row> valued = new ArrayList<>();
    for (CodeTable.Entry level : levels.entries()) {
      if (level.forward() && !name(from, level.row()).isEmpty()) {
        valued.add(0, level.row());
      }
    }
    Optional<SharedResources> shared = trip.run().shared();
    Optional<SharedResources.Shared> around = Optional.empty();
    Set<Integer> components = new HashSet<>();
    for (int i = 0; i < valued.size(); i++) {
      CodeTable.Row level = valued.get(i);
      components.add(component(level));
      Made made = level(from, level, around, trip);
      if (i == valued.size() - 1 || shared.isEmpty()) {
        return made;
      }
      number(made, from, components, trip);
      String partOf = around.map(SharedResources.Shared::reference).orElse("");
      List<String> identity = List.of(name(from, level), level.fhirCode(), partOf);
      String path = from.child(component(level)).path();
      around = Optional.of(shared.get().share("Location", identity, made, path, Optional.empty()));
    }
    return Made.nothing();
  }

  private static int component(CodeTable.Row level) {
    return Integer.parseInt(level.v2Code());
  }

  /** What the level is called: senders of later versions put an HD where 2.5.1 has a name. */
  private static String name(V2Node from, CodeTable.Row level) {
    return named(from, level).map(node -> node.peek().strip()).orElse("");
  }

  private static Optional<V2Node> named(V2Node from, CodeTable.Row level) {
    V2Node part = from.child(component(level));
    for (int i = 1; i <= 2; i++) {
      V2Node sub = part.child(i);
      if (!sub.isNull() && !CopyConversion.json("string", sub.peek()).isMissingNode()) {
        return Optional.of(sub);
      }
    }
    return Optional.empty();
  }

  private Made level(
      V2Node from, CodeTable.Row level, Optional<SharedResources.Shared> around, Trip trip) {
    V2Node name = named(from, level).orElseThrow();
    String through = levels.name() + ":" + level.line();
    List<Made.Leaf> leaves = new ArrayList<>();
    ObjectNode json = JSON.objectNode();
    json.put("name", name.text().strip());
    leaves.add(new Made.Leaf(".name", name.path(), trip.rule(), "location-chain"));
    json.put("mode", "instance");
    leaves.add(new Made.Leaf(".mode", "fixed", trip.rule(), ""));
    ObjectNode coding = json.putObject("physicalType").putArray("coding").addObject();
    coding.put("system", level.fhirSystem()).put("code", level.fhirCode());
    if (!level.fhirDisplay().isEmpty()) {
      coding.put("display", level.fhirDisplay());
    }
    coding
        .fieldNames()
        .forEachRemaining(
            each ->
                leaves.add(
                    new Made.Leaf(
                        ".physicalType.coding[0]." + each, name.path(), trip.rule(), through)));
    around.ifPresent(
        whole -> {
          Made reference = whole.reference(trip.rule());
          json.putObject("partOf").set("reference", reference.json());
          reference.leaves().forEach(leaf -> leaves.add(leaf.below(".partOf.reference")));
        });
    return Made.of(json, leaves);
  }

  /** Its number: the levels from the outermost to this one, as a PL of that place would hold. */
  private static void number(Made made, V2Node from, Set<Integer> components, Trip trip) {
    Made number = LocationParts.of(from, components, trip);
    if (!number.isNothing()) {
      ((ObjectNode) made.json()).putArray("identifier").add(number.json());
      number.leaves().forEach(leaf -> made.leaves().add(leaf.below(".identifier[0]")));
    }
  }

  /** Walks up from a location that a reference names. */
  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    boolean wrote = false;
    FhirNode at = from;
    List<FhirNode> walked = new ArrayList<>();
    for (int i = 0; i < DEEPEST; i++) {
      Optional<FhirNode> found = trip.run().named(at, "Location");
      if (found.isEmpty()) {
        break;
      }
      trip.run().resolved(found.get());
      at.markRead(trip.run());
      wrote |= level(found.get(), to, trip);
      walked.add(found.get());
      at = FhirNode.root(found.get().json().path("partOf"), found.get().path() + ".partOf");
    }
    // The reference's own number is what the field held; a shared place may know more by now.
    if (!LocationParts.isNumber(from.json().path("identifier"))) {
      for (FhirNode each : walked) {
        wrote |= parts(each, to, trip);
      }
    }
    return wrote;
  }

  private boolean level(FhirNode location, V2Slot to, Trip trip) {
    for (JsonNode coding : location.json().path("physicalType").path("coding")) {
      Optional<CodeTable.Row> level = levels.reverse(coding.path("code").asText());
      if (level.isPresent()) {
        V2Slot part = to.child(component(level.get()));
        String name = location.json().path("name").asText();
        return !part.isTaken()
            && part.write(name, location.path() + ".name", trip.rule(), levels.name());
      }
    }
    return false;
  }

  /** What the number of one of ours says besides the levels. */
  private static boolean parts(FhirNode location, V2Slot to, Trip trip) {
    boolean wrote = false;
    JsonNode identifiers = location.json().path("identifier");
    for (int i = 0; i < identifiers.size(); i++) {
      String path = location.path() + ".identifier[" + i + "]";
      wrote |= new LocationParts().toV2(FhirNode.root(identifiers.get(i), path), to, trip);
    }
    return wrote;
  }
}

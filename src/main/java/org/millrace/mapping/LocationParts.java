package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A location of PL as one identifier of the sender's own: ward, room, bed and the rest in one text,
 * as v2 writes them, {@code ICU^12^2^GENERAL}. A location that no server knows has no other name
 * that brings its parts back.
 *
 * <p>Source: HL7 v2.5.1 ch. 2A (PL); the identifier is ours.
 */
record LocationParts() implements Conversion {
  private static final String NAME = "PL";
  private static final int COMPONENTS = 11;
  private static final int SUBCOMPONENTS = 4;
  private static final int DESCRIPTION = 9;
  private static final Set<Integer> ALL =
      IntStream.rangeClosed(1, COMPONENTS).boxed().collect(Collectors.toUnmodifiableSet());

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    return of(from, ALL, trip);
  }

  /** The same of some components only. */
  static Made of(V2Node from, Set<Integer> kept, Trip trip) {
    List<String> components = new ArrayList<>();
    boolean any = false;
    for (int i = 1; i <= COMPONENTS; i++) {
      List<String> parts = new ArrayList<>();
      for (int j = 1; j <= SUBCOMPONENTS; j++) {
        parts.add(kept.contains(i) ? escape(from.child(i).child(j).text()) : "");
      }
      String component = joined(parts, "&");
      any |= !component.isBlank() && i != DESCRIPTION;
      components.add(component);
    }
    String text = joined(components, "^");
    if (!any) {
      return Made.nothing();
    }
    if (CopyConversion.json("string", text).isMissingNode()) {
      return Functions.unreadable(from, trip, "text that FHIR can hold");
    }
    ObjectNode identifier = JsonNodeFactory.instance.objectNode();
    identifier.put("system", Namespaces.local(trip.run().context().sender(), NAME));
    identifier.put("value", text);
    return Made.of(
        identifier,
        List.of(
            new Made.Leaf(".system", from.path(), trip.rule(), "location-parts"),
            new Made.Leaf(".value", from.path(), trip.rule(), "location-parts")));
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    if (!isNumber(from.json())) {
      return false;
    }
    from.markRead(trip.run());
    String[] components = from.json().path("value").asText().split("\\^", -1);
    boolean wrote = false;
    for (int i = 0; i < Math.min(components.length, COMPONENTS); i++) {
      String[] parts = components[i].split("&", -1);
      for (int j = 0; j < Math.min(parts.length, SUBCOMPONENTS); j++) {
        V2Slot slot = to.child(i + 1).child(j + 1);
        String source = from.path() + ".value";
        wrote |=
            !slot.isTaken()
                && slot.write(unescape(parts[j]), source, trip.rule(), "location-parts");
      }
    }
    return wrote;
  }

  /** Whether an identifier is one of ours. */
  static boolean isNumber(JsonNode identifier) {
    Optional<String> name = Namespaces.localName(identifier.path("system").asText());
    return name.filter(NAME::equals).isPresent();
  }

  /** Without what is empty at the end. */
  private static String joined(List<String> parts, String separator) {
    int last = parts.size();
    while (last > 0 && parts.get(last - 1).isEmpty()) {
      last--;
    }
    return String.join(separator, parts.subList(0, last));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\E\\").replace("^", "\\S\\").replace("&", "\\T\\");
  }

  private static String unescape(String text) {
    return text.replace("\\S\\", "^").replace("\\T\\", "&").replace("\\E\\", "\\");
  }
}

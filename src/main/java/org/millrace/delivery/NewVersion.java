package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * The version of a resource that was created and not changed since. Versions say nothing else and
 * are not counted; a type that is not here has none that tells. Source: Cerner Millennium R4,
 * Create of Patient, Encounter, Appointment and Observation (ETag); a blood pressure has a version
 * of two halves.
 */
final class NewVersion {
  private static final Map<String, Set<String>> BY_TYPE =
      Map.of(
          "Patient", Set.of("0"),
          "Encounter", Set.of("0"),
          "Appointment", Set.of("0"),
          "Observation", Set.of("1", "1-", "1-1"));

  private NewVersion() {}

  /** Whether versions of this type tell it. */
  static boolean tells(String type) {
    return BY_TYPE.containsKey(type);
  }

  static boolean is(String type, JsonNode resource) {
    return BY_TYPE
        .getOrDefault(type, Set.of())
        .contains(resource.path("meta").path("versionId").asText());
  }
}

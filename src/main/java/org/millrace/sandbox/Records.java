package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything charted: resources by type and id in the order they came.
 *
 * <p>Not safe for several threads; the one event loop of the server owns it.
 */
final class Records {
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Where ids of new resources begin, above those of the seed. */
  private static final Map<String, Long> FIRST_IDS =
      Map.of(
          "Patient", 12_991_000L,
          "Encounter", 97_991_000L,
          "Appointment", 4_891_000L,
          "DocumentReference", 209_991_000L,
          "Organization", 675_900L,
          "Practitioner", 12_743_000L);

  private final Map<String, Map<String, ObjectNode>> byType = new HashMap<>();
  private final Map<String, Long> nextIds = new HashMap<>();
  private final Map<String, Set<String>> unshownNumbers = new HashMap<>();
  private final Clock clock;

  Records(Clock clock) {
    this.clock = clock;
  }

  void clear() {
    byType.clear();
    nextIds.clear();
    unshownNumbers.clear();
  }

  List<ObjectNode> all(String type) {
    return List.copyOf(byType.getOrDefault(type, Map.of()).values());
  }

  Optional<ObjectNode> find(String type, String id) {
    return Optional.ofNullable(byType.getOrDefault(type, Map.of()).get(id));
  }

  /** What a reference such as {@code Patient/1} points at, if it is of that type and charted. */
  Optional<ObjectNode> find(String type, JsonNode reference) {
    String text = reference.path("reference").asText("");
    return text.startsWith(type + "/")
        ? find(type, text.substring(type.length() + 1))
        : Optional.empty();
  }

  /** Stores a resource as it is, in the place of one with the same type and id. */
  void put(ObjectNode resource) {
    byType
        .computeIfAbsent(resource.path("resourceType").asText(), type -> new LinkedHashMap<>())
        .put(resource.path("id").asText(), resource);
  }

  /** The id the next created resource of a type gets: the next number that nothing seeded has. */
  String newId(String type) {
    long id = nextIds.getOrDefault(type, FIRST_IDS.getOrDefault(type, 1_000_000L));
    while (find(type, Long.toString(id)).isPresent()) {
      id++;
    }
    nextIds.put(type, id + 1);
    return Long.toString(id);
  }

  /** Stores a new resource under its id as the given version. */
  void add(ObjectNode resource, String version) {
    stamp(resource, version);
    put(resource);
  }

  /** Stores a changed resource as its next version. */
  void revise(ObjectNode resource) {
    stamp(resource, nextVersion(resource.path("meta").path("versionId").asText("0")));
    put(resource);
  }

  /** The present, as FHIR instant with milliseconds. */
  String instant() {
    return INSTANT.format(clock.instant());
  }

  /** The present, as FHIR dateTime with seconds. */
  String second() {
    return SECOND.format(clock.instant());
  }

  /**
   * Keeps a number that can be searched but is never returned, such as a social security number.
   */
  void keepUnshown(String patientId, String number) {
    unshownNumbers.computeIfAbsent(patientId, id -> new HashSet<>()).add(number);
  }

  void forgetUnshown(String patientId) {
    unshownNumbers.remove(patientId);
  }

  boolean hasUnshown(String patientId, String number) {
    return unshownNumbers.getOrDefault(patientId, Set.of()).contains(number);
  }

  private void stamp(ObjectNode resource, String version) {
    ObjectNode meta = resource.withObject("/meta");
    meta.put("versionId", version);
    meta.put("lastUpdated", instant());
  }

  /**
   * Counts up the digits the version begins with or, as in {@code 410v795030969834}, leads with.
   */
  private static String nextVersion(String version) {
    int digits = 0;
    while (digits < version.length() && digits < 15 && Character.isDigit(version.charAt(digits))) {
      digits++;
    }
    return digits == 0
        ? version + "1"
        : Long.parseLong(version.substring(0, digits)) + 1 + version.substring(digits);
  }
}

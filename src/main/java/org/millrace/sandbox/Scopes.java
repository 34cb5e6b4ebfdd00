package org.millrace.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scopes a system account is registered for, of the v1 or the v2 kind, and what they allow.
 *
 * <p>Source: Cerner Millennium R4, authorization framework; SMART App Launch 2, scopes.
 */
final class Scopes {
  private static final Pattern V1 = Pattern.compile("system/([A-Za-z]+)\\.(read|write)");
  private static final Pattern V2 = Pattern.compile("system/([A-Za-z]+)\\.(c?r?u?d?s?)");

  /** Interactions per resource in SMART v2 letters, for {@code system/}. */
  private static final Map<String, String> REGISTERED =
      Map.ofEntries(
          Map.entry("Patient", "crus"),
          Map.entry("Encounter", "crus"),
          Map.entry("Appointment", "crus"),
          Map.entry("DocumentReference", "crus"),
          Map.entry("Organization", "crs"),
          Map.entry("Practitioner", "crus"),
          Map.entry("Location", "rs"),
          Map.entry("Binary", "r"),
          Map.entry("Slot", "rus"),
          Map.entry("Schedule", "rs"),
          Map.entry("Observation", "crus"),
          Map.entry("DiagnosticReport", "crs"),
          Map.entry("MedicationRequest", "crus"),
          Map.entry("AllergyIntolerance", "crus"),
          Map.entry("Condition", "crus"),
          Map.entry("Immunization", "crus"),
          Map.entry("Coverage", "cruds"),
          Map.entry("RelatedPerson", "crus"),
          Map.entry("Provenance", "crs"));

  /** The resources that have a v1 write scope. */
  private static final Set<String> WRITABLE =
      Set.of(
          "Patient",
          "Encounter",
          "Appointment",
          "DocumentReference",
          "Organization",
          "Practitioner",
          "Slot",
          "Observation",
          "DiagnosticReport",
          "MedicationRequest",
          "AllergyIntolerance",
          "Condition",
          "Immunization",
          "Coverage",
          "RelatedPerson",
          "Provenance");

  private final boolean v2;

  Scopes(boolean v2) {
    this.v2 = v2;
  }

  /** Those of the requested scopes that the account may have, in the order requested. */
  List<String> grant(String requested) {
    List<String> granted = new ArrayList<>();
    for (String scope : requested.split(" ", -1)) {
      if (isRegistered(scope) && !granted.contains(scope)) {
        granted.add(scope);
      }
    }
    return granted;
  }

  /**
   * Whether a token with these scopes covers an interaction.
   *
   * @param letter c, r, u, d or s
   */
  boolean allows(List<String> granted, String type, char letter) {
    for (String scope : granted) {
      Matcher matcher = (v2 ? V2 : V1).matcher(scope);
      if (matcher.matches() && matcher.group(1).equals(type)) {
        String right = matcher.group(2);
        boolean covered =
            v2
                ? right.indexOf(letter) >= 0
                : right.equals(letter == 'r' || letter == 's' ? "read" : "write");
        if (covered) {
          return true;
        }
      }
    }
    return false;
  }

  /** What would have to be granted, in words of this registration. */
  String needed(String type, char letter) {
    String right = v2 ? String.valueOf(letter) : letter == 'r' || letter == 's' ? "read" : "write";
    return "system/" + type + "." + right;
  }

  private boolean isRegistered(String scope) {
    Matcher matcher = (v2 ? V2 : V1).matcher(scope);
    if (!matcher.matches() || !REGISTERED.containsKey(matcher.group(1))) {
      return false;
    }
    String type = matcher.group(1);
    String right = matcher.group(2);
    if (!v2) {
      return right.equals("read") || WRITABLE.contains(type);
    }
    String letters = REGISTERED.getOrDefault(type, "");
    return !right.isEmpty() && right.chars().allMatch(letter -> letters.indexOf(letter) >= 0);
  }

  /** Every scope that can be asked for, of both kinds, as smart-configuration lists them. */
  static List<String> supported() {
    List<String> all = new ArrayList<>();
    REGISTERED.keySet().stream()
        .sorted()
        .forEach(
            type -> {
              all.add("system/" + type + ".read");
              if (WRITABLE.contains(type)) {
                all.add("system/" + type + ".write");
              }
              all.add("system/" + type + "." + REGISTERED.get(type));
            });
    return all;
  }
}

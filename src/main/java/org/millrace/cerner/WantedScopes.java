package org.millrace.cerner;

import java.util.ArrayList;
import java.util.List;

/**
 * The scopes that everything the engine can do takes together, in words of either kind. An
 * application is registered at Cerner for one kind, and asking for the other is refused. Source:
 * SMART App Launch 1 and 2, scopes; Cerner Millennium R4, Authorization.
 */
public final class WantedScopes {

  /** What is done with a type, as letters of SMART v2. */
  private record Wanted(String type, String reading, String writing) {}

  private static final List<Wanted> ALL =
      List.of(
          new Wanted("Patient", "rs", "cu"),
          new Wanted("Encounter", "rs", "cu"),
          new Wanted("Appointment", "rs", "cu"),
          new Wanted("Slot", "rs", "u"),
          new Wanted("Schedule", "rs", ""),
          new Wanted("DocumentReference", "rs", "cu"),
          new Wanted("Binary", "r", ""),
          new Wanted("Observation", "rs", "cu"),
          new Wanted("DiagnosticReport", "rs", ""),
          new Wanted("MedicationRequest", "rs", ""),
          new Wanted("AllergyIntolerance", "rs", "cu"),
          new Wanted("Condition", "rs", "cu"),
          new Wanted("Immunization", "rs", ""),
          new Wanted("Coverage", "rs", ""),
          new Wanted("RelatedPerson", "rs", ""),
          new Wanted("Practitioner", "rs", ""),
          new Wanted("Organization", "rs", ""),
          new Wanted("Location", "rs", ""),
          new Wanted("Provenance", "rs", ""));

  private WantedScopes() {}

  /** {@code system/Patient.read system/Patient.write …}, one space between. */
  public static String v1() {
    List<String> scopes = new ArrayList<>();
    for (Wanted each : ALL) {
      scopes.add("system/" + each.type() + ".read");
      if (!each.writing().isEmpty()) {
        scopes.add("system/" + each.type() + ".write");
      }
    }
    return String.join(" ", scopes);
  }

  /**
   * {@code system/Patient.rs system/Patient.c …}: reading and writing apart, since Cerner grants a
   * scope as a whole or not at all.
   */
  public static String v2() {
    List<String> scopes = new ArrayList<>();
    for (Wanted each : ALL) {
      scopes.add("system/" + each.type() + "." + each.reading());
      if (!each.writing().isEmpty()) {
        scopes.add("system/" + each.type() + "." + each.writing());
      }
    }
    return String.join(" ", scopes);
  }
}

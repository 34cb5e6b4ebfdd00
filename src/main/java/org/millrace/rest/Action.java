package org.millrace.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.guard.Interaction;
import org.millrace.guard.Need;

/**
 * One JSON action, as callers see it; the handler is made from {@link #TABLE}, whose fields are
 * those of {@code mappings/actions/}.
 *
 * @param summary one sentence for documents
 * @param resourceType the FHIR type it reads or makes
 * @param creates answers 201 with Location instead of 200
 * @param fields what it takes
 * @param answers what it answers with
 */
record Action(
    String name,
    String summary,
    String resourceType,
    boolean creates,
    List<Field> fields,
    List<Answer> answers) {

  /**
   * One input field; all are JSON strings.
   *
   * @param form what the text must match; any if it is {@link #ANY}
   * @param description the form in words, and the default where there is one
   */
  record Field(String name, boolean required, Pattern form, String description) {}

  /**
   * One member of the answer.
   *
   * @param jsonType the type of JSON Schema
   */
  record Answer(String name, String jsonType, boolean always, String description) {}

  /** At least one character that is no space. */
  static final Pattern ANY = Pattern.compile("(?s).*\\S.*");

  private static final Pattern ID = Pattern.compile(FhirId.FORM);
  private static final Answer RESOURCE_ID =
      new Answer("resourceId", "string", true, "the resource's FHIR id");
  private static final Answer NOT_TAKEN =
      new Answer("notTaken", "string", false, "what Cerner ignores, so that it was not sent");

  static final List<Action> TABLE =
      List.of(
          new Action(
              "get-patient",
              "Reads a patient by FHIR id.",
              "Patient",
              false,
              List.of(id("resourceId", true, "the patient's FHIR id")),
              List.of(new Answer("patient", "object", true, "the Patient resource"))),
          new Action(
              "create-patient",
              "Registers a patient.",
              "Patient",
              true,
              List.of(
                  id("assigningOrganizationId", true, "FHIR id of the assigning organization"),
                  any("givenName", true, "given name"),
                  any("familyName", true, "family name"),
                  form("ssn", "\\d{3}-\\d{2}-\\d{4}", "ddd-dd-dddd"),
                  form("birthDate", "\\d{4}-\\d{2}-\\d{2}", "YYYY-MM-DD"),
                  form("gender", "male|female|other|unknown", "male, female, other or unknown"),
                  form("email", "[^@\\s]+@[^@\\s]+", "an e-mail address")),
              List.of(RESOURCE_ID, NOT_TAKEN)),
          new Action(
              "find-patient-by-mrn",
              "Finds the one patient that has a medical record number.",
              "Patient",
              false,
              List.of(
                  any("mrn", true, "the medical record number as the chart has it"),
                  any("system", false, "URI of the numbering system; default: the MRN system")),
              List.of(RESOURCE_ID)),
          new Action(
              "get-appointment",
              "Reads an appointment, and draws out what schedulers ask for.",
              "Appointment",
              false,
              List.of(id("resourceId", true, "the appointment's FHIR id")),
              List.of(
                  new Answer("appointment", "object", true, "the Appointment resource"),
                  new Answer("patientId", "string", false, "FHIR id of its patient"),
                  new Answer("appointmentStatus", "string", false, "its status"),
                  new Answer("appointmentStartDateTime", "string", false, "its start, with offset"),
                  new Answer("appointmentTypeCode", "string", false, "code of its type"))),
          new Action(
              "get-patient-encounters",
              "Lists the encounters of a patient, all pages.",
              "Encounter",
              false,
              List.of(id("patientResourceId", true, "the patient's FHIR id")),
              List.of(
                  new Answer("encounters", "array", true, "Encounter resources, oldest first"))),
          new Action(
              "create-document",
              "Files a clinical note in a patient's chart.",
              "DocumentReference",
              true,
              List.of(
                  id("patientResourceId", true, "the patient's FHIR id"),
                  any("note", true, "the note as text; a PDF as base64"),
                  id("encounterResourceId", false, "the encounter's FHIR id"),
                  any(
                      "type",
                      false,
                      "LOINC code or a name of the document types; default: Progress note,"
                          + " 11506-3"),
                  any(
                      "contentType",
                      false,
                      "media type of the note; default: text/plain;charset=utf-8"),
                  any("title", false, "title in the chart; the engine adds a mark in brackets")),
              List.of(RESOURCE_ID, NOT_TAKEN)),
          new Action(
              "get-encounter",
              "Reads an encounter by FHIR id.",
              "Encounter",
              false,
              List.of(id("resourceId", true, "the encounter's FHIR id")),
              List.of(new Answer("encounter", "object", true, "the Encounter resource"))));

  private static Field id(String name, boolean required, String description) {
    return new Field(name, required, ID, description);
  }

  private static Field any(String name, boolean required, String description) {
    return new Field(name, required, ANY, description);
  }

  private static Field form(String name, String form, String description) {
    return new Field(name, false, Pattern.compile(form), description);
  }

  static Optional<Action> named(String name) {
    return TABLE.stream().filter(action -> action.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return TABLE.stream().map(Action::name).toList();
  }

  /** What its caller must be allowed: what it asks of Cerner. */
  Need need() {
    boolean byId = fields.stream().anyMatch(field -> field.name().equals("resourceId"));
    return Need.of(
        resourceType, creates ? Interaction.CREATE : byId ? Interaction.READ : Interaction.SEARCH);
  }

  /** Statuses besides success that it answers for reasons of its own, with their meaning. */
  Map<Integer, String> ownStatuses() {
    if (name.equals("find-patient-by-mrn")) {
      return Map.of(404, "patient-not-found", 409, "several-patients");
    }
    return creates ? Map.of() : Map.of(404, "not-found");
  }
}

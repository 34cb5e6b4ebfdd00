package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Correcting a patient. Source: Cerner Millennium R4, Patient, Patch. */
final class PatientPatch {
  private static final Pattern ADD =
      Pattern.compile("/(identifier|telecom|address|generalPractitioner|extension)/-");
  private static final Pattern REMOVE =
      Pattern.compile("(/(identifier|telecom|address|generalPractitioner|extension)/\\d{1,4})");
  private static final Pattern REPLACE_IN_LIST =
      Pattern.compile(
          "(/identifier/\\d{1,4})/(system|value|period)"
              + "|(/name/0)/(family|given|prefix|suffix|period)"
              + "|(/telecom/\\d{1,4})/(value|rank|extension|period)"
              + "|(/address/\\d{1,4})/(line|city|district|state|postalCode|country|period)"
              + "|(/extension/\\d{1,4})()");
  private static final Set<String> REPLACE =
      Set.of("/gender", "/birthDate", "/maritalStatus", "/communication", "/extension");

  private final Records records;
  private final CernerShape shape;

  PatientPatch(Records records, CernerShape shape) {
    this.records = records;
    this.shape = shape;
  }

  void apply(ObjectNode stored, ArrayNode sent) {
    Rule.require(!PatientRules.isCombined(stored), "the patient was combined into another patient");
    Codes.requireOneFamily(sent);
    ObjectNode patient = stored.deepCopy();
    Set<String> tested = new HashSet<>();
    for (JsonPatch.Operation operation : JsonPatch.read(sent)) {
      if (operation.op().equals("test")) {
        tested.add(operation.path());
      } else {
        requireAllowed(operation, tested);
        requireGoodValue(operation);
      }
      JsonPatch.apply(patient, operation);
      forgetDerived(patient, operation.path());
    }
    removeEmptied(patient);
    shape.asRead(patient);
    records.revise(patient);
  }

  private static void requireAllowed(JsonPatch.Operation operation, Set<String> tested) {
    String path = operation.path();
    Matcher replaced = REPLACE_IN_LIST.matcher(path);
    boolean allowed =
        switch (operation.op()) {
          case "add" -> ADD.matcher(path).matches();
          case "remove" -> REMOVE.matcher(path).matches();
          default -> REPLACE.contains(path) || replaced.matches();
        };
    Rule.require(allowed, "the operation is not supported on this path");
    boolean inList = operation.op().equals("remove") || replaced.matches();
    if (operation.op().equals("add") || !inList) {
      return;
    }
    // Lists shift when somebody else adds to them: the element must be named by its id.
    String[] parts = path.split("/", -1);
    Rule.require(
        tested.contains("/" + parts[1] + "/" + parts[2] + "/id"),
        "a test of the element's id must precede the operation");
  }

  private void requireGoodValue(JsonPatch.Operation operation) {
    String path = operation.path();
    JsonNode value = operation.value();
    switch (path) {
      case "/identifier/-" -> PatientCreate.checkIdentifier(value);
      case "/telecom/-" -> PatientCreate.checkTelecom(value);
      case "/address/-" -> PatientCreate.checkAddress(value);
      case "/generalPractitioner/-" ->
          Rule.require(
              records.find("Practitioner", value).isPresent(),
              "generalPractitioner is no practitioner known here");
      case "/gender" ->
          Rule.require(PatientRules.GENDERS.contains(value.asText()), "gender is not allowed");
      case "/birthDate" ->
          Rule.require(FhirTime.parse(value.asText()).isPresent(), "birthDate is no date");
      case "/communication" ->
          Rule.require(value.isArray() && value.size() == 1, "communication takes one element");
      default -> {
        if (path.endsWith("/period")) {
          Rule.requireTimes(value);
          Rule.require(
              !path.startsWith("/name") || !value.has("end"), "a name's period has no end");
        }
      }
    }
  }

  /** What is derived from a changed element is derived anew. */
  private static void forgetDerived(ObjectNode patient, String path) {
    String[] parts = path.split("/", -1);
    if (parts.length < 4) {
      return;
    }
    if (patient.path(parts[1]).path(Integer.parseInt(parts[2])) instanceof ObjectNode element) {
      switch (parts[3]) {
        case "family", "given", "line", "city", "state", "postalCode", "country" ->
            element.remove("text");
        case "value" -> element.remove(List.of("_value", "extension"));
        default -> {
          // Nothing is derived from the rest.
        }
      }
    }
  }

  /** An empty value unsets the element. */
  private static void removeEmptied(ObjectNode patient) {
    for (String list : List.of("identifier", "name", "telecom", "address")) {
      for (JsonNode element : patient.path(list)) {
        if (element instanceof ObjectNode object) {
          List<String> emptied =
              object.properties().stream()
                  .filter(f -> f.getValue().isTextual() && f.getValue().asText().isEmpty())
                  .map(Map.Entry::getKey)
                  .toList();
          object.remove(emptied);
        }
      }
      if (patient.has(list) && patient.path(list).isEmpty()) {
        patient.remove(list);
      }
    }
  }
}

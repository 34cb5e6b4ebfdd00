package org.millrace.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.healtheintent.PatientKey;
import org.millrace.healtheintent.RecordList;
import org.millrace.rest.Refusal.Finding;

/** The actions that look up at HealtheIntent; there where it is set up. Thread-safe. */
final class HealtheIntentActions {
  private static final String PREFIX = "healtheintent-";
  private static final String LIST = PREFIX + "list-";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Action.Field PATIENT =
      new Action.Field(
          "patientResourceId", false, Pattern.compile(FhirId.FORM), "the patient's FHIR id");
  private static final Action.Field MRN =
      new Action.Field("mrn", false, Action.ANY, "the medical record number");
  private static final Action.Field SYSTEM =
      new Action.Field("system", false, Action.ANY, "URI of the numbering system");
  private static final List<Action.Field> WHO = List.of(PATIENT, MRN, SYSTEM);

  static final List<Action> TABLE = table();

  private final HealtheIntent intent;
  private final RestSettings settings;

  HealtheIntentActions(HealtheIntent intent, RestSettings settings) {
    this.intent = intent;
    this.settings = settings;
  }

  private static List<Action> table() {
    List<Action> table = new ArrayList<>();
    table.add(
        action(
            "find-patient",
            "Patient",
            "Finds a patient at HealtheIntent.",
            WHO,
            new Action.Answer("healtheIntentId", "string", true, "good for this moment only")));
    for (RecordList list : RecordList.values()) {
      table.add(
          action(
              "list-" + list.path(),
              like(list),
              "Reads the " + list.path() + " of a patient at HealtheIntent, all pages.",
              WHO,
              new Action.Answer(list.path(), "array", true, "entries of HealtheIntent")));
    }
    List<Action.Field> document = new ArrayList<>(WHO);
    document.add(new Action.Field("documentId", true, Action.ANY, "the document's id there"));
    table.add(
        action(
            "get-document",
            "DocumentReference",
            "Reads what HealtheIntent knows of a document of a patient.",
            document,
            new Action.Answer("document", "object", true, "the document reference")));
    table.add(
        action(
            "find-personnel",
            "Practitioner",
            "Finds personnel by their national provider identifier.",
            List.of(new Action.Field("npi", true, Action.ANY, "ten digits")),
            new Action.Answer("personnel", "array", true, "entries of HealtheIntent")));
    return List.copyOf(table);
  }

  private static Action action(
      String name, String like, String summary, List<Action.Field> fields, Action.Answer answer) {
    return new Action(PREFIX + name, summary, like, false, fields, List.of(answer));
  }

  /** Whoever may read this type of Cerner may read its like at HealtheIntent. */
  private static String like(RecordList list) {
    return switch (list) {
      case DEMOGRAPHICS -> "Patient";
      case ALLERGIES -> "AllergyIntolerance";
      case CONDITIONS -> "Condition";
      case OBSERVATIONS -> "Observation";
      case ENCOUNTERS -> "Encounter";
    };
  }

  static boolean isOne(Action action) {
    return action.name().startsWith(PREFIX);
  }

  static Optional<Action> named(String name) {
    return TABLE.stream().filter(action -> action.name().equals(name)).findFirst();
  }

  /** What is wrong with the fields together: a patient is named in one way. */
  static List<Finding> faults(Action action, ObjectNode fields) {
    if (!action.fields().contains(PATIENT)) {
      return List.of();
    }
    List<Finding> faults = new ArrayList<>();
    if (fields.has(PATIENT.name()) == fields.has(MRN.name())) {
      faults.add(new Finding(PATIENT.name(), "is needed, or mrn; one of the two"));
    }
    if (fields.has(SYSTEM.name()) && !fields.has(MRN.name())) {
      faults.add(new Finding(SYSTEM.name(), "goes with mrn only"));
    }
    return faults;
  }

  /** Carries out an action whose fields were found good. */
  RestAnswer act(Action action, ObjectNode fields) {
    Call call = Call.within(settings.answerWithin());
    String member = action.answers().get(0).name();
    if (action.name().startsWith(LIST)) {
      return lists(
          member, intent.list(list(action.name().substring(LIST.length())), key(fields), call));
    }
    return switch (action.name().substring(PREFIX.length())) {
      case "find-patient" ->
          answered(intent.findPatient(key(fields), call).then(id -> done(member, id)));
      case "get-document" ->
          answered(
              intent
                  .document(key(fields), fields.path("documentId").asText(), call)
                  .then(document -> Reply.done(NODES.objectNode().set(member, document))));
      case "find-personnel" ->
          lists(member, intent.personnelByNpi(fields.path("npi").asText(), call));
      default -> throw new IllegalStateException("nothing carries out " + action.name());
    };
  }

  private static Reply<ObjectNode> done(String member, String value) {
    return Reply.done(NODES.objectNode().put(member, value));
  }

  private static RecordList list(String path) {
    for (RecordList list : RecordList.values()) {
      if (list.path().equals(path)) {
        return list;
      }
    }
    throw new IllegalStateException("there is no list " + path);
  }

  private static PatientKey key(ObjectNode fields) {
    if (fields.has(PATIENT.name())) {
      return new PatientKey.PersonId(fields.path(PATIENT.name()).asText());
    }
    Optional<String> system =
        Optional.of(fields.path(SYSTEM.name()).asText("")).filter(text -> !text.isEmpty());
    return new PatientKey.RecordNumber(fields.path(MRN.name()).asText(), system);
  }

  private static RestAnswer lists(String member, Reply<List<ObjectNode>> reply) {
    return answered(
        reply.then(
            entries -> {
              ObjectNode answer = NODES.objectNode();
              answer.putArray(member).addAll(entries);
              return Reply.done(answer);
            }));
  }

  private static RestAnswer answered(Reply<ObjectNode> reply) {
    if (reply instanceof Reply.Done<ObjectNode> done) {
      return new RestAnswer(
          200, Map.of("Content-Type", MediaTypes.JSON), JsonText.bytes(done.value()));
    }
    Fault fault = ((Reply.Failed<ObjectNode>) reply).fault();
    Refusal refusal = Refusal.of(fault);
    if (fault.code() == FaultCode.SEVERAL_FOUND) {
      refusal = refusal.because(RefusalReason.SEVERAL_PATIENTS, fault.sentence());
    }
    return Problems.answer(refusal);
  }
}

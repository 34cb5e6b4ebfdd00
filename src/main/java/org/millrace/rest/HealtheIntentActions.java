package org.millrace.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.healtheintent.PatientKey;
import org.millrace.healtheintent.RecordList;
import org.millrace.mapping.ActionShape;
import org.millrace.rest.Refusal.Finding;

/** The actions that look up at HealtheIntent; there where it is set up. Thread-safe. */
final class HealtheIntentActions {
  private static final String PREFIX = "healtheintent-";
  private static final String LIST = PREFIX + "list-";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String PATIENT = "patientResourceId";
  private static final String MRN = "mrn";
  private static final String SYSTEM = "system";

  private final HealtheIntent intent;
  private final RestSettings settings;

  HealtheIntentActions(HealtheIntent intent, RestSettings settings) {
    this.intent = intent;
    this.settings = settings;
  }

  static boolean isOne(String name) {
    return name.startsWith(PREFIX);
  }

  /** What is wrong with the fields together: a patient is named in one way. */
  static List<Finding> faults(ActionShape action, ObjectNode fields) {
    if (action.input().stream().noneMatch(field -> field.name().equals(PATIENT))) {
      return List.of();
    }
    List<Finding> faults = new ArrayList<>();
    if (fields.has(PATIENT) == fields.has(MRN)) {
      faults.add(new Finding(PATIENT, "is needed, or mrn; one of the two"));
    }
    if (fields.has(SYSTEM) && !fields.has(MRN)) {
      faults.add(new Finding(SYSTEM, "goes with mrn only"));
    }
    return faults;
  }

  /** Carries out an action whose fields were found good. */
  RestAnswer act(ActionShape action, ObjectNode fields) {
    Call call = Call.within(settings.answerWithin());
    String member = action.answer().get(0).name();
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
    if (fields.has(PATIENT)) {
      return new PatientKey.PersonId(fields.path(PATIENT).asText());
    }
    Optional<String> system =
        Optional.of(fields.path(SYSTEM).asText("")).filter(text -> !text.isEmpty());
    return new PatientKey.RecordNumber(fields.path(MRN).asText(), system);
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

package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.cerner.Call;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.WhoActs;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Finds the patient that a message is about: by the numbers of PID-3, and never by a guess. A note
 * in the wrong chart is worse than a note that waits.
 */
final class PatientFinder {
  private final ChartActions chart;
  private final MessageMapping mapping;
  private final DeliverySettings settings;

  PatientFinder(ChartActions chart, MessageMapping mapping, DeliverySettings settings) {
    this.chart = chart;
    this.mapping = mapping;
    this.settings = settings;
  }

  /** The surviving patient, checked against PID; or why the message waits or is held. */
  Step<ObjectNode> find(Attempt attempt) {
    V2Message message = attempt.message();
    V2Segment pid = message.first("PID").orElse(null);
    List<String> numbers = pid == null ? List.of() : numbers(pid);
    if (pid == null || numbers.isEmpty()) {
      return held(
          "no-patient-number",
          "PID-3 holds no number of the MRN system: none names its authority, or none that is"
              + " without authority is of type MR or untyped.",
          "Add the sender's name for the authority (PID-3.4) to mappings/tables/namespaces.csv, or"
              + " have the sender send the MRN; then retry.",
          WhoActs.SENDER);
    }
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    for (String number : numbers) {
      Step<List<ObjectNode>> step = byNumber(number, attempt);
      if (step instanceof Step.Stop<List<ObjectNode>> stop) {
        return Step.stop(stop.outcome());
      }
      for (ObjectNode patient : ((Step.Go<List<ObjectNode>>) step).value()) {
        found.put(patient.path("id").asText(), patient);
      }
    }
    return one(found, numbers.size(), pid);
  }

  private Step<ObjectNode> one(Map<String, ObjectNode> found, int numbers, V2Segment pid) {
    if (found.isEmpty()) {
      return held(
          "no-such-patient",
          "No patient in Cerner has the number of PID-3.",
          "Register the patient or correct the number at its source, then retry.",
          WhoActs.SENDER);
    }
    if (found.size() > 1) {
      return held(
          "two-patients",
          "The " + numbers + " numbers of PID-3 find " + found.size() + " different patients.",
          "Find out which patient is meant; the sender corrects PID-3.",
          WhoActs.SENDER);
    }
    ObjectNode patient = found.values().iterator().next();
    if (settings.patientCheck() == DeliverySettings.PatientCheck.NONE) {
      return Step.go(patient);
    }
    PatientAgreement agreement = PatientAgreement.of(pid, patient);
    if (agreement.agrees()) {
      return Step.go(patient);
    }
    return held(
        "patient-does-not-agree",
        agreement.sentence(),
        "Compare PID with the chart; correct whichever is wrong, then retry.",
        WhoActs.ANALYST);
  }

  /** None or one; combined patients are followed to the survivor. */
  private Step<List<ObjectNode>> byNumber(String number, Attempt attempt) {
    Call call = attempt.call();
    Reply<FhirResource> reply = chart.findPatientByMrn(number, call);
    if (reply instanceof Reply.Done<FhirResource> done && isCombined(done.value().json())) {
      attempt.note(
          "combined-patient", "The patient of PID-3 was combined; filed for the survivor.");
      reply = chart.getSurvivingPatient(done.value().id(), attempt.call());
    }
    if (reply instanceof Reply.Failed<FhirResource> failed) {
      FaultCode code = failed.fault().code();
      if (code == FaultCode.NOT_FOUND) {
        return Step.go(List.of());
      }
      return Step.stop(
          code == FaultCode.SEVERAL_FOUND
              ? ambiguous()
              : Outcome.ofRead(failed.fault(), "the patient"));
    }
    return Step.go(List.of(((Reply.Done<FhirResource>) reply).value().json()));
  }

  private static boolean isCombined(ObjectNode patient) {
    for (var link : patient.path("link")) {
      if ("replaced-by".equals(link.path("type").asText())) {
        return true;
      }
    }
    return patient.path("active").isBoolean() && !patient.path("active").asBoolean();
  }

  private static Outcome ambiguous() {
    return Outcome.held(
        "ambiguous-patient",
        "Several patients in Cerner have the number of PID-3.",
        "Have the duplicates combined in Cerner, then retry.",
        WhoActs.ANALYST);
  }

  /**
   * The numbers that count: those of the MRN system. Where none names it, the first that names no
   * authority at all and is of type MR or untyped; a number of another authority may be somebody
   * else's here.
   */
  private List<String> numbers(V2Segment pid) {
    List<String> ours = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    for (V2Value repetition : pid.repetitions(3)) {
      V2Value number = repetition.component(1);
      if (number.isEmpty() || number.isNull()) {
        continue;
      }
      V2Value authority = repetition.component(4);
      String type = repetition.component(5).text();
      if (authority.isEmpty() || authority.isNull()) {
        if (type.isEmpty() || type.equals("MR")) {
          unnamed.add(number.text());
        }
      } else if (isMrnSystem(authority) && !ours.contains(number.text())) {
        ours.add(number.text());
      }
    }
    return ours.isEmpty() ? unnamed.stream().limit(1).toList() : ours;
  }

  private boolean isMrnSystem(V2Value authority) {
    return mapping
        .authority(
            authority.subcomponent(1).text(),
            authority.subcomponent(2).text(),
            authority.subcomponent(3).text())
        .filter(settings.mrnSystem()::equals)
        .isPresent();
  }

  private static Step<ObjectNode> held(String code, String sentence, String remedy, WhoActs who) {
    return Step.stop(Outcome.held(code, sentence, remedy, who));
  }
}

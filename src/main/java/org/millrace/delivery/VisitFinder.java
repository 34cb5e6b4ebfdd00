package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.cerner.WhoActs;
import org.millrace.hl7.V2Value;

/** Finds the encounter that PV1-19 (visit number) names. */
final class VisitFinder {
  private final ChartActions chart;
  private final MessageMapping mapping;
  private final DeliverySettings settings;

  VisitFinder(ChartActions chart, MessageMapping mapping, DeliverySettings settings) {
    this.chart = chart;
    this.mapping = mapping;
    this.settings = settings;
  }

  /** The encounter's id; empty if PV1-19 is, or if it names none and such are filed without. */
  Step<Optional<String>> find(Attempt attempt, String patientId) {
    Optional<V2Value> visit =
        attempt
            .message()
            .first("PV1")
            .map(pv1 -> pv1.field(19).repetition(1))
            .filter(value -> !value.component(1).isEmpty() && !value.component(1).isNull());
    if (visit.isEmpty()) {
      return Step.go(Optional.empty());
    }
    return settings
        .visitSystem()
        .map(system -> bySystem(attempt, patientId, system, visit.get().component(1).text()))
        .orElseGet(() -> amongEncounters(attempt, patientId, visit.get()));
  }

  private Step<Optional<String>> bySystem(
      Attempt attempt, String patientId, String system, String number) {
    Reply<SearchPage> reply =
        chart.searchEncounters(
            List.of(Parameter.token("identifier", system, number)), attempt.call());
    if (reply instanceof Reply.Failed<SearchPage> failed) {
      return Step.stop(Outcome.ofRead(failed.fault(), "the visit"));
    }
    List<ObjectNode> found = ((Reply.Done<SearchPage>) reply).value().matches();
    List<ObjectNode> own =
        found.stream().filter(encounter -> subject(encounter).equals(patientId)).toList();
    if (!found.isEmpty() && own.isEmpty()) {
      return ofCombined(attempt, patientId, found);
    }
    return one(attempt, own);
  }

  /** An encounter may still stand under the number that was combined into our patient. */
  private Step<Optional<String>> ofCombined(
      Attempt attempt, String patientId, List<ObjectNode> found) {
    Reply<FhirResource> survivor = chart.getSurvivingPatient(subject(found.get(0)), attempt.call());
    if (survivor instanceof Reply.Failed<FhirResource> failed) {
      return Step.stop(Outcome.ofRead(failed.fault(), "the visit's patient"));
    }
    if (((Reply.Done<FhirResource>) survivor).value().id().equals(patientId)) {
      return one(attempt, found);
    }
    return Step.stop(
        Outcome.held(
            "visit-of-another-patient",
            "The visit of PV1-19 is another patient's than that of PID-3.",
            "Find out which of PID-3 and PV1-19 is wrong; the sender corrects it.",
            WhoActs.SENDER));
  }

  private Step<Optional<String>> amongEncounters(Attempt attempt, String patientId, V2Value visit) {
    Reply<List<ObjectNode>> reply = chart.getPatientEncounters(patientId, attempt.call());
    if (reply instanceof Reply.Failed<List<ObjectNode>> failed) {
      return Step.stop(Outcome.ofRead(failed.fault(), "the patient's encounters"));
    }
    V2Value authority = visit.component(4);
    Optional<String> system =
        mapping.authority(
            authority.subcomponent(1).text(),
            authority.subcomponent(2).text(),
            authority.subcomponent(3).text());
    String number = visit.component(1).text();
    List<ObjectNode> own =
        ((Reply.Done<List<ObjectNode>>) reply)
            .value().stream().filter(encounter -> has(encounter, system, number)).toList();
    if (own.isEmpty() && system.isPresent()) {
      // Not the patient's; with a system Cerner can tell whether it is somebody else's.
      return bySystem(attempt, patientId, system.get(), number);
    }
    return one(attempt, own);
  }

  private Step<Optional<String>> one(Attempt attempt, List<ObjectNode> found) {
    List<String> ids = found.stream().map(e -> e.path("id").asText()).distinct().toList();
    if (ids.size() == 1) {
      return Step.go(Optional.of(ids.get(0)));
    }
    if (ids.size() > 1) {
      return Step.stop(
          Outcome.held(
              "ambiguous-visit",
              "Several encounters of the patient have the number of PV1-19.",
              "Set MILLRACE_VISIT_SYSTEM, or have the sender name the authority in PV1-19.4.",
              WhoActs.ANALYST));
    }
    if (settings.visitMissing() == DeliverySettings.VisitMissing.HOLD) {
      return Step.stop(
          Outcome.held(
              "no-such-visit",
              "The patient has no encounter with the number of PV1-19.",
              "Retry once the visit is registered, or let MILLRACE_VISIT_MISSING=file file without.",
              WhoActs.ANALYST));
    }
    attempt.note(
        "no-such-visit",
        "The patient has no encounter with the number of PV1-19; filed without an encounter.");
    return Step.go(Optional.empty());
  }

  private static boolean has(JsonNode encounter, Optional<String> system, String number) {
    for (JsonNode identifier : encounter.path("identifier")) {
      String theirs = identifier.path("system").asText();
      boolean sameSystem = system.isEmpty() || theirs.isEmpty() || theirs.equals(system.get());
      if (sameSystem && number.equals(identifier.path("value").asText())) {
        return true;
      }
    }
    return false;
  }

  private static String subject(JsonNode encounter) {
    String reference = encounter.path("subject").path("reference").asText();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}

package org.millrace.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;

/**
 * Asks Cerner for the patients of a question: each repetition of QRD-8 in turn, each patient once.
 * Thread-safe.
 */
final class PatientFinder {
  /** FHIR R4, data type id. Text of another form is the id of no patient. */
  private static final Pattern FHIR_ID = Pattern.compile("(?!\\.+$)[A-Za-z0-9.-]{1,64}");

  private static final String PAGE_SIZE = "100";

  private final CernerActions actions;
  private final Troubles troubles;
  private final int mostMatches;
  private final RecentPatients recent;

  PatientFinder(CernerActions actions, Troubles troubles, int mostMatches, RecentPatients recent) {
    this.actions = actions;
    this.troubles = troubles;
    this.mostMatches = mostMatches;
    this.recent = recent;
  }

  /**
   * The patients in the order of the repetitions; empty if there is none.
   *
   * @param remarks takes sentences about results that Cerner left out
   */
  Finding<List<Match>> find(List<Asked> asked, Call call, List<String> remarks) {
    Map<String, Match> matches = new LinkedHashMap<>();
    for (Asked one : asked) {
      Finding<List<Match>> found = findOne(one, call, remarks);
      if (found instanceof Finding.Refused<List<Match>>) {
        return found;
      }
      for (Match match : ((Finding.Found<List<Match>>) found).value()) {
        matches.merge(match.id(), match, Match::and);
      }
    }
    return matches.size() > mostMatches
        ? Finding.refused(Troubles.tooMany())
        : Finding.found(List.copyOf(matches.values()));
  }

  /** A patient whom an earlier reply held back for this page. */
  Finding<Match> reread(OpenAnswers.Waiting waiting, Call call) {
    Reply<FhirResource> reply = actions.getSurvivingPatient(waiting.patientId(), call);
    if (reply instanceof Reply.Done<FhirResource> done) {
      return Finding.found(new Match(done.value().json(), waiting.oldNumbers()));
    }
    return Finding.refused(troubles.told("read a patient of this list", fault(reply)));
  }

  private Finding<List<Match>> findOne(Asked asked, Call call, List<String> remarks) {
    if (asked instanceof Asked.ById byId) {
      return findById(byId, call);
    }
    if (asked instanceof Asked.ByNumber byNumber) {
      return findByNumber(byNumber, call);
    }
    return searchByName((Asked.ByName) asked, call, remarks);
  }

  private Finding<List<Match>> findById(Asked.ById asked, Call call) {
    if (!FHIR_ID.matcher(asked.id()).matches()) {
      return Finding.found(List.of());
    }
    Match.OldNumber old = new Match.OldNumber(Match.OldNumber.CERNER_IDS, asked.id());
    return settle(
        asked,
        old,
        recent.get("id " + asked.id(), call.deadline(), () -> actions.getPatient(asked.id(), call)),
        call);
  }

  private Finding<List<Match>> findByNumber(Asked.ByNumber asked, Call call) {
    Match.OldNumber old = new Match.OldNumber(asked.system(), asked.number());
    return settle(
        asked,
        old,
        recent.get(
            "number " + asked.system() + "|" + asked.number(),
            call.deadline(),
            () -> actions.findPatientByMrn(asked.number(), Optional.of(asked.system()), call)),
        call);
  }

  /** One patient or none; a combined one gives way to the survivor, and the name must agree. */
  private Finding<List<Match>> settle(
      Asked asked, Match.OldNumber number, Reply<FhirResource> reply, Call call) {
    if (!(reply instanceof Reply.Done<FhirResource> done)) {
      return nobody(fault(reply));
    }
    ObjectNode patient = done.value().json();
    Match match = new Match(patient, List.of());
    if (isCombined(patient)) {
      Reply<FhirResource> survivor = actions.getSurvivingPatient(patient.path("id").asText(), call);
      if (!(survivor instanceof Reply.Done<FhirResource> survived)) {
        return Finding.refused(troubles.told("read the surviving patient", fault(survivor)));
      }
      match = new Match(survived.value().json(), List.of(number));
    }
    if (!asked.family().isEmpty() && !FamilyNames.agree(match.patient(), asked.family())) {
      return Finding.refused(
          V2Fault.at(
              V2Location.component("QRD", 1, 8, asked.repetition(), 2),
              ErrorCode.UNKNOWN_KEY,
              "The number in QRD-8.1 belongs to a patient with another family name"));
    }
    return Finding.found(List.of(match));
  }

  private Finding<List<Match>> nobody(Fault fault) {
    if (fault.code() == FaultCode.NOT_FOUND) {
      return Finding.found(List.of());
    }
    if (fault.code() == FaultCode.SEVERAL_FOUND) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("QRD", 1, 8),
              ErrorCode.UNKNOWN_KEY,
              "This number names several patients; none is shown. An analyst must look at it"));
    }
    return Finding.refused(troubles.told("find the patient", fault));
  }

  private static boolean isCombined(JsonNode patient) {
    for (JsonNode link : patient.path("link")) {
      if (link.path("type").asText().equals("replaced-by")) {
        return true;
      }
    }
    return false;
  }

  /** Every page, as long as the limit is not passed; Cerner compares from the start of a name. */
  private Finding<List<Match>> searchByName(Asked.ByName asked, Call call, List<String> remarks) {
    List<Parameter> parameters = new ArrayList<>();
    addName(parameters, "family", asked.family());
    addName(parameters, "given", asked.given());
    parameters.add(new Parameter("_count", PAGE_SIZE));
    Reply<SearchPage> reply = actions.searchPatients(parameters, call);
    List<Match> matches = new ArrayList<>();
    while (reply instanceof Reply.Done<SearchPage> page) {
      page.value().matches().forEach(patient -> matches.add(new Match(patient, List.of())));
      if (!page.value().warnings().isEmpty()) {
        remarks.add("Cerner left out patients it could not express");
      }
      if (matches.size() > mostMatches) {
        return Finding.refused(Troubles.tooMany());
      }
      if (page.value().next().isEmpty()) {
        return Finding.found(matches);
      }
      reply = actions.nextPage(page.value().next().get(), call);
    }
    return Finding.refused(troubles.toldOfSearch(fault(reply)));
  }

  private static void addName(List<Parameter> parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.add(new Parameter(name, Parameter.literal(value)));
    }
  }

  private static <T> Fault fault(Reply<T> reply) {
    return ((Reply.Failed<T>) reply).fault();
  }
}

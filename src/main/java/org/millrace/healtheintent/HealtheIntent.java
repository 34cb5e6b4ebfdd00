package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.millrace.cerner.Call;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;

/**
 * What HealtheIntent is asked: a patient's longitudinal record, and personnel. Read-only.
 * Thread-safe.
 *
 * <p>Entries are JSON as HealtheIntent wrote them, filtered there by its rules for sensitive data,
 * so that a list without an entry does not say that there is none.
 *
 * <p>Source: HealtheIntent documentation, APIs patient, allergy, condition, observation, encounter,
 * longitudinal-record and personnel, version 1.
 */
public final class HealtheIntent implements AutoCloseable {
  private static final String OID = "urn:oid:";

  private final HealtheIntentSettings settings;
  private final IntentCalls calls;
  private final IntentPages pages;

  /**
   * @param clock when tokens expire and how long HealtheIntent is left alone
   */
  public HealtheIntent(HealtheIntentSettings settings, Clock clock) {
    this.settings = settings;
    calls = new IntentCalls(settings, clock);
    pages = new IntentPages(calls, settings);
  }

  /** Calls are counted here from now on. */
  public HealtheIntent measuredBy(MeterRegistry registry) {
    calls.register(registry);
    return this;
  }

  /**
   * HealtheIntent's id of a patient: good for this moment only.
   *
   * @return {@link FaultCode#NOT_FOUND} if it knows nobody, {@link FaultCode#SEVERAL_FOUND} if it
   *     knows several
   */
  public Reply<String> findPatient(PatientKey key, Call call) {
    return resolve(key, limited(call));
  }

  /** Every entry of one list of a patient, all pages. */
  public Reply<List<ObjectNode>> list(RecordList list, PatientKey key, Call call) {
    Call limited = limited(call);
    return ofPatient(
        key,
        limited,
        patient -> {
          String path = list.api() + "/v1/populations/" + population() + "/patients/";
          URI uri = uri(path + encode(patient) + "/" + list.path() + limit("?"));
          Asked asked = Asked.get(uri, list.api() + "/…/" + list.path(), list.path());
          return pages.all(asked, limited);
        });
  }

  /** What is known of allergies, in the shape of AllergyIntolerance. */
  public Reply<KnownAllergies> allergies(PatientKey key, Call call) {
    return list(RecordList.ALLERGIES, key, call)
        .then(entries -> Reply.done(AllergyShape.known(entries)));
  }

  /** One document of a patient's longitudinal record: what it is and where, not its content. */
  public Reply<ObjectNode> document(PatientKey key, String documentId, Call call) {
    Call limited = limited(call);
    return ofPatient(
        key,
        limited,
        patient -> {
          String path = "longitudinal-record/v1/populations/" + population() + "/patients/";
          URI uri = uri(path + encode(patient) + "/document-references/" + encode(documentId));
          return calls.send(
              Asked.get(uri, "longitudinal-record/…/document-references/{id}", "document"),
              limited);
        });
  }

  /** The personnel with a national provider identifier; none is an answer. */
  public Reply<List<ObjectNode>> personnelByNpi(String npi, Call call) {
    URI uri = uri("personnel/v1/personnel?aliasType=NPI&aliasValue=" + encode(npi) + limit("&"));
    return pages.all(Asked.get(uri, "personnel?aliasValue", "personnel"), limited(call));
  }

  /** Asks with the patient's id, and once more with a new one if records were matched meanwhile. */
  private <T> Reply<T> ofPatient(PatientKey key, Call call, Function<String, Reply<T>> ask) {
    Reply<String> found = resolve(key, call);
    if (!(found instanceof Reply.Done<String> patient)) {
      return ((Reply.Failed<String>) found).as();
    }
    Reply<T> reply = ask.apply(patient.value());
    boolean gone =
        reply instanceof Reply.Failed<T> failed && failed.fault().code() == FaultCode.NOT_FOUND;
    if (!gone) {
      return reply;
    }
    Reply<String> anew = resolve(key, call);
    boolean other =
        anew instanceof Reply.Done<String> done && !done.value().equals(patient.value());
    return other ? ask.apply(((Reply.Done<String>) anew).value()) : reply;
  }

  private Reply<String> resolve(PatientKey key, Call call) {
    if (key instanceof PatientKey.PersonId person) {
      URI uri =
          uri(
              "patient/v1/populations/"
                  + population()
                  + "/patient-id-lookup?dataPartitionId="
                  + encode(settings.dataPartition())
                  + "&sourcePersonId="
                  + encode(person.id()));
      Asked asked = Asked.get(uri, "patient/…/patient-id-lookup", "patient");
      return pages.all(asked, call).then(items -> one(items, item -> item.at("/patient/id")));
    }
    PatientKey.RecordNumber number = (PatientKey.RecordNumber) key;
    ObjectNode body = IntentJson.object();
    body.putObject("alias")
        .put("system", bare(number.system().orElse(settings.mrnSystem())))
        .put("value", number.number());
    Asked asked =
        new Asked(
            "POST",
            uri("patient/v1/populations/" + population() + "/patient-search"),
            "patient/…/patient-search",
            "patient",
            Map.of("Accept", "application/json", "Content-Type", "application/json"),
            IntentJson.bytes(body));
    return pages.all(asked, call).then(items -> one(items, item -> item.at("/id/id")));
  }

  private static Reply<String> one(List<ObjectNode> items, Function<JsonNode, JsonNode> idOf) {
    Set<String> ids = new LinkedHashSet<>();
    for (ObjectNode item : items) {
      String id = idOf.apply(item).asText("");
      if (id.isBlank()) {
        return Reply.failed(
            IntentFaults.of(
                FaultCode.UNREADABLE_ANSWER, "HealtheIntent found a patient without an id."));
      }
      ids.add(id);
    }
    if (ids.isEmpty()) {
      return Reply.failed(
          IntentFaults.of(
              FaultCode.NOT_FOUND, "HealtheIntent knows no such patient in this population."));
    }
    return ids.size() == 1
        ? Reply.done(ids.iterator().next())
        : Reply.failed(
            IntentFaults.of(
                FaultCode.SEVERAL_FOUND, "HealtheIntent knows several patients by this number."));
  }

  private Call limited(Call call) {
    Duration left = call.deadline().left();
    Duration most = settings.limits().lookUpWithin();
    return left.compareTo(most) <= 0
        ? call
        : new Call(Deadline.in(most), call.observer(), call.urgency());
  }

  /** HealtheIntent writes OIDs bare. */
  private static String bare(String system) {
    return system.startsWith(OID) ? system.substring(OID.length()) : system;
  }

  private String population() {
    return encode(settings.population());
  }

  private String limit(String before) {
    return before + "limit=" + settings.limits().pageSize();
  }

  private URI uri(String below) {
    return URI.create(settings.baseUrl() + "/" + below);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    calls.close();
  }
}

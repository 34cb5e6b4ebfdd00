package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.cerner.Call;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.hl7.V2Fault;

/**
 * Reads the allergies of the patients of one query. Thread-safe.
 *
 * <p>Where they cannot be read the patients are given all the same, and the reply warns: a device
 * that asks who lies in the bed must not go without an answer because another system is down, and
 * must not take the silence for health.
 */
final class AllergyReading {
  private static final String TOO_LITTLE = "too little is recorded";

  /** What failed for one patient and says nothing of the next. */
  private static final Set<FaultCode> OF_ONE_PATIENT =
      EnumSet.of(
          FaultCode.NOT_FOUND,
          FaultCode.SEVERAL_FOUND,
          FaultCode.REFUSED,
          FaultCode.CONFLICT,
          FaultCode.LOCKED,
          FaultCode.RECORD_DEFECT,
          FaultCode.TOO_MANY);

  private final Optional<AllergySource> source;
  private final Troubles troubles;
  private volatile Optional<Fault> down = Optional.empty();

  /**
   * @param source empty if no allergies are wanted
   */
  AllergyReading(Optional<AllergySource> source, Troubles troubles) {
    this.source = source;
    this.troubles = troubles;
  }

  /** The patient with what is known. */
  Page.Shown add(Page.Shown shown, Call call) {
    if (source.isEmpty()) {
      return shown;
    }
    Optional<Fault> before = down;
    Reply<AllergySource.Known> reply =
        before.isPresent()
            ? Reply.failed(before.get())
            : source.get().of(shown.match().id(), leaving(call));
    if (reply instanceof Reply.Done<AllergySource.Known> done) {
      Optional<String> lack =
          done.value().leftOut() == 0 ? Optional.empty() : Optional.of(TOO_LITTLE);
      return shown.with(
          ofPatient(done.value().allergies(), shown.match().id()),
          done.value().contradicted(),
          lack);
    }
    Fault fault = ((Reply.Failed<AllergySource.Known>) reply).fault();
    if (!OF_ONE_PATIENT.contains(fault.code()) && before.isEmpty()) {
      // It is asked once in vain, not once for each of fifty patients: a closed account least of
      // all, which would be shown its refused secret as often.
      down = Optional.of(fault);
    }
    return shown.with(List.of(), 0, Optional.of(fault.code().label()));
  }

  /** What the sender is told of the patients of a page. */
  List<V2Fault> warnings(List<Page.Shown> patients) {
    Map<String, Integer> lacks = new TreeMap<>();
    patients.forEach(shown -> shown.lack().ifPresent(lack -> lacks.merge(lack, 1, Integer::sum)));
    List<V2Fault> warnings = new ArrayList<>();
    lacks.forEach(
        (lack, count) -> {
          String whose = patients.size() == 1 ? "" : " of " + count + " patients";
          String sentence =
              lack.equals(TOO_LITTLE)
                  ? "AL1 is incomplete" + whose + ": an allergy is recorded without a substance"
                  : "Allergies" + whose + " could not be read (" + lack + "), AL1 is missing";
          warnings.add(troubles.warned(sentence));
        });
    return warnings;
  }

  /** What people may want to know of the patients of a page, though nothing is lacking. */
  static List<String> remarks(List<Page.Shown> patients) {
    long count = patients.stream().filter(shown -> shown.contradicted() > 0).count();
    if (count == 0) {
      return List.of();
    }
    String whose = patients.size() == 1 ? "" : " for " + count + " patients";
    return List.of(
        "A record of no known allergies was left out"
            + whose
            + ": another record holds an allergy");
  }

  /** A fifth of what is left is kept for the reply and for the patients that follow. */
  private static Call leaving(Call call) {
    Duration most = call.deadline().left().multipliedBy(4).dividedBy(5);
    return new Call(Deadline.in(most), call.observer(), call.urgency());
  }

  private static List<ObjectNode> ofPatient(List<ObjectNode> allergies, String patientId) {
    List<ObjectNode> all = new ArrayList<>();
    for (ObjectNode allergy : allergies) {
      ObjectNode copy = allergy.deepCopy();
      copy.putObject("patient").put("reference", "Patient/" + patientId);
      all.add(copy);
    }
    return all;
  }
}

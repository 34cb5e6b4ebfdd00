package org.millrace.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Permission.Interaction;
import org.millrace.cerner.Reply;

/**
 * An action tried with what cannot exist, so that no chart is opened: that nothing is found shows
 * that the action works.
 *
 * @param action as it is called, or the type that is read
 */
record Probe(String action, Permission permission, BiFunction<CernerActions, Call, Reply<?>> ask) {
  private static final String NOBODY = "0";
  private static final String NO_NUMBER = "millrace-doctor";

  /** A moment after which no document was changed. */
  private static final Instant NEVER = Instant.parse("2090-01-01T00:00:00Z");

  /** The server understood what was asked, and let us ask it. */
  private static final Set<FaultCode> ANSWERED =
      Set.of(FaultCode.NOT_FOUND, FaultCode.REFUSED, FaultCode.TOO_MANY, FaultCode.RECORD_DEFECT);

  private static final List<Probe> ALL =
      List.of(
          of("get-patient", "Patient", Interaction.READ, (to, call) -> to.getPatient(NOBODY, call)),
          of(
              "find-patient-by-mrn",
              "Patient",
              Interaction.SEARCH,
              (to, call) -> to.findPatientByMrn(NO_NUMBER, Optional.empty(), call)),
          of(
              "get-encounter",
              "Encounter",
              Interaction.READ,
              (to, call) -> to.getEncounter(NOBODY, call)),
          of(
              "get-patient-encounters",
              "Encounter",
              Interaction.SEARCH,
              (to, call) -> to.searchEncounters(List.of(new Parameter("patient", NOBODY)), call)),
          of(
              "get-appointment",
              "Appointment",
              Interaction.READ,
              (to, call) -> to.getAppointment(NOBODY, call)),
          of(
              "get-document",
              "DocumentReference",
              Interaction.READ,
              (to, call) -> to.getDocument(NOBODY, call)),
          of(
              "find-documents",
              "DocumentReference",
              Interaction.SEARCH,
              (to, call) -> to.findDocuments(NOBODY, NEVER, call)));

  /**
   * Those that need what is needed. A type that no action of these reads is read as it is: that its
   * scope was granted is no promise that the site lets us.
   *
   * @param needed what callers and feeds need
   */
  static List<Probe> of(Set<Permission> needed) {
    Stream<Probe> actions = ALL.stream().filter(probe -> needed.contains(probe.permission()));
    Stream<Probe> others =
        needed.stream()
            .filter(each -> each.interaction() == Interaction.READ)
            .filter(each -> ALL.stream().noneMatch(probe -> probe.permission().equals(each)))
            .sorted()
            .map(Probe::reading);
    return Stream.concat(actions, others).toList();
  }

  private static Probe reading(Permission read) {
    String type = read.type();
    return new Probe("read " + type, read, (to, call) -> to.fhir().read(type, NOBODY, call));
  }

  private static Probe of(
      String action,
      String type,
      Interaction interaction,
      BiFunction<CernerActions, Call, Reply<?>> ask) {
    return new Probe(action, new Permission(type, interaction), ask);
  }

  Finding ask(CernerActions actions, Call call) {
    if (!(ask.apply(actions, call) instanceof Reply.Failed<?> failed)) {
      return Finding.good(action, "The server answered.");
    }
    Fault fault = failed.fault();
    if (!ANSWERED.contains(fault.code())) {
      return Finding.bad(action, fault);
    }
    return Finding.good(
        action,
        fault.code() == FaultCode.REFUSED
            ? "The server let us ask, and refused what cannot exist."
            : "The server answered that there is no such record, as it should.");
  }
}

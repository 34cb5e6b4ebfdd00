package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Source: Cerner Millennium R4, Appointment. */
final class AppointmentRules implements ResourceRules {
  private static final int PAGE = 20;
  private static final int LIMIT = 200;
  private static final List<String> ANCHORS = List.of("_id", "patient", "practitioner", "location");
  private static final Set<String> KEPT =
      Set.of("patient", "practitioner", "location", "date", "-date-or-req-period", "status");

  private final Records records;
  private final AppointmentCreate create;
  private final AppointmentPatch patch;

  AppointmentRules(Site site, Records records, CernerShape shape) {
    this.records = records;
    Bookings bookings = new Bookings(site, records);
    this.create = new AppointmentCreate(site, records, shape, bookings);
    this.patch = new AppointmentPatch(records, shape, bookings);
  }

  @Override
  public String type() {
    return "Appointment";
  }

  @Override
  public String interactions() {
    return "rscp";
  }

  @Override
  public Found search(SearchParameters query) {
    List<String> anchors = ANCHORS.stream().filter(query::has).toList();
    if (anchors.size() != 1) {
      throw Refusal.badSearch(
          "exactly one of _id, patient, practitioner, location, or -pageContext must be provided");
    }
    String anchor = anchors.get(0);
    List<String> values = query.choices(anchor);
    if (anchor.equals("_id")) {
      return Found.onOnePage(
          records.all("Appointment").stream()
              .filter(appointment -> values.contains(appointment.path("id").asText()))
              .toList());
    }
    if (query.has("date") == query.has("-date-or-req-period")) {
      throw Refusal.badSearch("either date or -date-or-req-period must be provided");
    }
    List<DateCriterion> dates = times(query, "date");
    List<DateCriterion> either = times(query, "-date-or-req-period");
    List<String> statuses = query.choices("status");
    String actorType = anchor.substring(0, 1).toUpperCase(Locale.ROOT) + anchor.substring(1);
    List<ObjectNode> matches =
        records.all("Appointment").stream()
            .filter(a -> values.stream().anyMatch(value -> takesPart(a, actorType, value)))
            .filter(a -> dates.isEmpty() || startsWithin(a, dates))
            .filter(a -> either.isEmpty() || startsWithin(a, either) || isAskedFor(a, either))
            .filter(a -> statuses.isEmpty() || statuses.contains(a.path("status").asText()))
            .sorted(Comparator.comparing((ObjectNode a) -> a.path("start").asText("9999")))
            .toList();
    return new Found(matches, query.count(PAGE, LIMIT), KEPT);
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    return create.store(sent);
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    patch.apply(stored, operations);
  }

  private static List<DateCriterion> times(SearchParameters query, String name) {
    List<DateCriterion> times = DateCriterion.all(query, name);
    boolean pair = DateCriterion.isPair(times, Set.of("ge"), Set.of("lt"));
    if (times.size() > 1 && !pair) {
      throw Refusal.badSearch(name + " may be provided once, or twice with ge and lt");
    }
    DateCriterion.requireTime(times, name);
    return times;
  }

  private static boolean startsWithin(ObjectNode appointment, List<DateCriterion> dates) {
    return !appointment.path("status").asText().equals("proposed")
        && DateCriterion.matches(dates, appointment.path("start"));
  }

  private static boolean isAskedFor(ObjectNode appointment, List<DateCriterion> dates) {
    return appointment.path("status").asText().equals("proposed")
        && DateCriterion.matchesPeriod(dates, appointment.path("requestedPeriod").path(0));
  }

  private static boolean takesPart(ObjectNode appointment, String type, String id) {
    return Json.list(appointment, "participant").stream()
        .map(participant -> participant.path("actor"))
        .anyMatch((JsonNode actor) -> EncounterRules.isOf(actor, type, id));
  }
}

package org.millrace.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How messages are delivered.
 *
 * @param mrnSystem the system that PID-3's authority must be for a number to count
 * @param patientCheck what must agree between PID and the chart
 * @param visitSystem identifier system that PV1-19 is searched with; without it the visit is looked
 *     for among the patient's encounters
 * @param visitMissing what becomes of a message whose visit is not found
 * @param given values that mapping files name as {@code given}: {@code document-type}, {@code
 *     preliminary}, {@code status-missing}
 */
public record DeliverySettings(
    String mrnSystem,
    PatientCheck patientCheck,
    Optional<String> visitSystem,
    VisitMissing visitMissing,
    Map<String, String> given,
    Pace pace) {
  public DeliverySettings {
    given = Map.copyOf(given);
  }

  /** The same for a tenant whose numbers are of another system. */
  DeliverySettings withMrnSystem(String system) {
    return new DeliverySettings(system, patientCheck, visitSystem, visitMissing, given, pace);
  }

  /** What must agree between PID and the chart. */
  public enum PatientCheck {
    /** Birth date or family name must be confirmed, and the birth date must not contradict. */
    BIRTHDATE_OR_NAME,
    NONE
  }

  /** What becomes of a message whose visit is not found. */
  public enum VisitMissing {
    /** Filed without an encounter, and reported. */
    FILE,
    HOLD
  }

  /**
   * How fast, and how patiently.
   *
   * @param workers messages delivered at the same time, each of another lane
   * @param callWithin limit of one action at Cerner, everything included
   * @param firstRetry about how long the first retry of a transient fault waits
   * @param longestRetry what the wait grows to; longer only if Cerner asks for it
   * @param lookFor over how long a create with a lost answer is looked for before it is repeated
   * @param looks how often it is looked for in that time, at least 1
   * @param clockMargin how far Cerner's clock and ours may be apart
   * @param poll how often the journal is asked for an operator's requests
   */
  public record Pace(
      int workers,
      Duration callWithin,
      Duration firstRetry,
      Duration longestRetry,
      Duration lookFor,
      int looks,
      Duration clockMargin,
      Duration poll) {

    /** What holds unless settings say otherwise. */
    public static final Pace DEFAULT =
        new Pace(
            16,
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            3,
            Duration.ofMinutes(5),
            Duration.ofSeconds(1));

    /** The same, with creates looked for over another time. */
    public Pace lookingFor(Duration time) {
      return new Pace(
          workers, callWithin, firstRetry, longestRetry, time, looks, clockMargin, poll);
    }

    /** The same, with so many messages delivered at the same time. */
    public Pace delivering(int atOnce) {
      return new Pace(
          atOnce, callWithin, firstRetry, longestRetry, lookFor, looks, clockMargin, poll);
    }

    /** How long to wait between two looks. */
    Duration betweenLooks() {
      return looks < 2 ? lookFor : lookFor.dividedBy(looks - 1L);
    }
  }
}

package org.millrace.journal;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Something that somebody asked, saw or changed.
 *
 * @param what {@code read}, {@code search}, {@code create}, {@code send} and so on, or the verb of
 *     an operator
 * @param status of HTTP; 0 if it was none
 * @param subject the type of resource, or what else it was about
 * @param requestId as the caller named it; empty if it did not
 * @param patients the FHIR ids of whose record it was about, as far as they are known
 * @param details what else there is, by name; may be of a patient
 */
public record AuditEvent(
    Instant at,
    String what,
    Outcome outcome,
    int status,
    Actor actor,
    String subject,
    String requestId,
    List<String> patients,
    Map<String, String> details) {

  /** What came of it. */
  public enum Outcome {
    DONE,
    /** It was not allowed. */
    DENIED,
    FAILED;

    /** By its name; what is none, since somebody changed it, counts as failed. */
    static Outcome read(String name) {
      return Arrays.stream(values())
          .filter(each -> each.name().equals(name))
          .findFirst()
          .orElse(FAILED);
    }
  }

  /**
   * Who it was.
   *
   * @param name of the caller or user; empty if nobody was asked
   * @param proof by what they are known: {@code key abc}, {@code token}, {@code user}, {@code none}
   * @param address they asked from; empty if from the machine itself
   */
  public record Actor(String name, String proof, String address) {
    public Actor {
      name = Printable.of(name);
      proof = Printable.of(proof);
      address = Printable.of(address);
    }

    /** Somebody at the command line, as the system knows them. */
    public static Actor user(String name) {
      return new Actor(name, "user", "");
    }
  }

  public AuditEvent {
    subject = Printable.of(subject);
    requestId = Printable.of(requestId);
    patients = List.copyOf(patients);
    details = Map.copyOf(details);
  }

  /** What somebody did at the command line. */
  public static AuditEvent ofUser(
      Instant at, String what, String user, String subject, Map<String, String> details) {
    return of(at, what, Actor.user(user), subject, details);
  }

  /** What somebody did who is known otherwise. */
  public static AuditEvent of(
      Instant at, String what, Actor actor, String subject, Map<String, String> details) {
    return new AuditEvent(at, what, Outcome.DONE, 0, actor, subject, "", List.of(), details);
  }

  /** Without what may be of a patient. */
  @Override
  public String toString() {
    return what + " " + subject + " " + outcome;
  }
}

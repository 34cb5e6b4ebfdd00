package org.millrace.query;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.millrace.hl7.QueryHabits;

/**
 * How queries are answered.
 *
 * @param visit {@code MILLRACE_QUERY_VISIT}: which visits of a patient stand in the reply
 * @param tooMany {@code MILLRACE_QUERY_TOO_MANY}: what is answered when more patients match than
 *     QRD-7 allows
 * @param deferred {@code MILLRACE_QUERY_DEFERRED}: what is answered when QRD-3 asks for a later
 *     answer
 * @param answerWithin {@code MILLRACE_ANSWER_WITHIN}: how long the whole answer may take, every
 *     request to Cerner included
 * @param zone of times in the reply
 * @param mrnSystem system URI of medical record numbers: what a number without an assigning
 *     authority belongs to
 * @param limits how much is given at once, and in all
 * @param remember {@code MILLRACE_QUERY_REMEMBER}: for how long a patient who was read is given
 *     again without asking Cerner; zero: not at all
 */
public record QuerySettings(
    Visit visit,
    TooMany tooMany,
    Deferred deferred,
    Duration answerWithin,
    ZoneId zone,
    String mrnSystem,
    Limits limits,
    Duration remember) {

  /** Refuses limits that would answer nothing. */
  public QuerySettings {
    if (answerWithin.isNegative() || answerWithin.isZero()) {
      throw new IllegalArgumentException("answerWithin must be longer than nothing");
    }
    if (mrnSystem.isEmpty()) {
      throw new IllegalArgumentException("mrnSystem must name a system");
    }
  }

  /**
   * How much is given.
   *
   * @param atOnce how many patients where QRD-7 is empty
   * @param matches how many patients one query may match at all; more is answered AE
   * @param pointerLife how long a continuation pointer (DSC-1) is good for
   * @param pointers how many pointers are kept in the journal; the oldest goes first
   */
  public record Limits(int atOnce, int matches, Duration pointerLife, int pointers) {
    /** Cerner's own limit of a search is 1000 matches. */
    static final Limits STANDARD = new Limits(50, 1000, Duration.ofMinutes(10), 1000);

    /** Refuses limits that would answer nothing. */
    public Limits {
      if (atOnce < 1 || matches < atOnce || pointers < 1) {
        throw new IllegalArgumentException(
            "limits must be at least 1, and matches no less than atOnce");
      }
    }
  }

  /**
   * What holds unless a setting says otherwise: the latest active visit, pages, deferred queries
   * answered at once, 10 s.
   */
  public static QuerySettings standard(ZoneId zone, String mrnSystem) {
    return new QuerySettings(
        Visit.LATEST_ACTIVE,
        TooMany.PAGES,
        Deferred.AT_ONCE,
        Duration.ofSeconds(10),
        zone,
        mrnSystem,
        Limits.STANDARD,
        Duration.ZERO);
  }

  /** The same with another choice of visits. */
  public QuerySettings with(Visit other) {
    return new QuerySettings(
        other, tooMany, deferred, answerWithin, zone, mrnSystem, limits, remember);
  }

  /** The same with another answer to too many matches. */
  public QuerySettings with(TooMany other) {
    return new QuerySettings(
        visit, other, deferred, answerWithin, zone, mrnSystem, limits, remember);
  }

  /** The same with another answer to deferred queries. */
  public QuerySettings with(Deferred other) {
    return new QuerySettings(
        visit, tooMany, other, answerWithin, zone, mrnSystem, limits, remember);
  }

  /** The same with another deadline for the whole answer. */
  public QuerySettings with(Duration otherAnswerWithin) {
    return new QuerySettings(
        visit, tooMany, deferred, otherAnswerWithin, zone, mrnSystem, limits, remember);
  }

  /** The same with other limits. */
  public QuerySettings with(Limits other) {
    return new QuerySettings(
        visit, tooMany, deferred, answerWithin, zone, mrnSystem, other, remember);
  }

  /** The same, remembering patients for another time. */
  public QuerySettings remembering(Duration other) {
    return new QuerySettings(
        visit, tooMany, deferred, answerWithin, zone, mrnSystem, limits, other);
  }

  /** As one sender wants it. */
  QuerySettings as(QueryHabits habits) {
    QuerySettings own = this;
    if (habits.answerWithin().isPresent()) {
      own = own.with(habits.answerWithin().get());
    }
    if (habits.refuseTooMany().isPresent()) {
      own = own.with(habits.refuseTooMany().get() ? TooMany.REFUSE : TooMany.PAGES);
    }
    if (habits.refuseDeferred().isPresent()) {
      own = own.with(habits.refuseDeferred().get() ? Deferred.REFUSE : Deferred.AT_ONCE);
    }
    return own;
  }

  /**
   * Which visits of a patient are given. HL7 leaves that to the implementer (v2.5.1 ch. 3.3.19).
   */
  public enum Visit {
    /** The newest among those going on: arrived, triaged, in progress, on leave. */
    LATEST_ACTIVE,
    /** The newest that has begun, going on or ended. */
    LATEST,
    /** One group for each, newest first; cancelled and mistaken ones left out. */
    ALL,
    /** None; Cerner is not asked for encounters. */
    NONE;

    /** As the setting writes it, for example {@code latest-active}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The choice a setting names; empty if it names none. */
    public static Optional<Visit> named(String label) {
      for (Visit visit : values()) {
        if (visit.label().equals(label)) {
          return Optional.of(visit);
        }
      }
      return Optional.empty();
    }
  }

  /** What is answered when more patients match than QRD-7 allows. */
  public enum TooMany {
    /** The first QRD-7 patients and a pointer (DSC-1) to the rest. */
    PAGES,
    /** AE and no patient: for devices that would take the first one for the right one. */
    REFUSE;

    /** As the setting writes it: {@code pages}, {@code refuse}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The choice a setting names; empty if it names none. */
    public static Optional<TooMany> named(String label) {
      for (TooMany tooMany : values()) {
        if (tooMany.label().equals(label)) {
          return Optional.of(tooMany);
        }
      }
      return Optional.empty();
    }
  }

  /** What is answered to a query that asks for a later answer. */
  public enum Deferred {
    /** The answer, at once; MSA-3 says so. */
    AT_ONCE,
    /** AE: for senders that would not look for the answer on this connection. */
    REFUSE;
  }
}

package org.millrace.hl7;

/**
 * How one sender wants to be acknowledged, where its messages do not say it themselves.
 *
 * @param mode which acknowledgments it gets
 * @param swapped it takes AE for what may be sent again, and AR for what may not
 * @param notFoundIsError a query that finds nobody is answered AE
 * @param applicationReplyTo where its application acknowledgments are sent, as {@code host:port};
 *     empty if its feed decides
 * @param sequence its sequence numbers (MSH-13) are checked
 */
public record AcknowledgmentHabits(
    Mode mode,
    boolean swapped,
    boolean notFoundIsError,
    String applicationReplyTo,
    boolean sequence) {

  /** Of a sender of whom nothing is said. */
  public static final AcknowledgmentHabits STANDARD =
      new AcknowledgmentHabits(Mode.AS_ASKED, false, false, "", false);

  /** Which acknowledgments a sender gets. */
  public enum Mode {
    /** Those that MSH-15 and MSH-16 ask for. */
    AS_ASKED,
    /** One, whatever they say: many senders with NE in both wait for AA all the same. */
    ORIGINAL,
    /** None: it does not read what is sent to it. */
    NONE
  }
}

package org.millrace.journal;

/**
 * Why a message is in its state. Without patient data: it is shown, logged and sent to webhooks.
 *
 * @param code a published word: {@code no-such-patient}, {@code throttled}; empty for none
 * @param sentence what is the matter, and where in HL7 notation
 * @param remedy what a person does about it; empty if nobody has to
 * @param whoActs {@code sender}, {@code us}, {@code cerner} or {@code analyst}; empty for none
 */
public record Reason(String code, String sentence, String remedy, String whoActs) {

  /** Nothing to say: all is well. */
  public static final Reason NONE = new Reason("", "", "", "");

  /** One that asks nobody to do anything. */
  public static Reason of(String code, String sentence) {
    return new Reason(code, sentence, "", "");
  }
}

package org.millrace.journal;

/**
 * Why a message is in its state. Without patient data: it is shown, logged and sent to webhooks.
 *
 * @param code a published word: {@code no-such-patient}, {@code throttled}; empty for none
 * @param sentence what is the matter, and where in HL7 notation
 * @param remedy what a person does about it; empty if nobody has to
 * @param whoActs {@code sender}, {@code us}, {@code cerner} or {@code analyst}; empty for none
 * @param place where in the message it lies: {@code OBR[2]-25}, {@code OBR[2]}; empty if nowhere
 */
public record Reason(String code, String sentence, String remedy, String whoActs, String place) {

  /** Nothing to say: all is well. */
  public static final Reason NONE = new Reason("", "", "", "");

  /** One that lies nowhere in the message. */
  public Reason(String code, String sentence, String remedy, String whoActs) {
    this(code, sentence, remedy, whoActs, "");
  }

  /** One that asks nobody to do anything. */
  public static Reason of(String code, String sentence) {
    return new Reason(code, sentence, "", "");
  }

  /** The same, at a place in the message. */
  public Reason at(String where) {
    return new Reason(code, sentence, remedy, whoActs, where);
  }
}

package org.millrace.hl7;

/**
 * MSH as the engine needs it before anything else is read: text of each field, the empty string
 * where absent.
 *
 * <p>Hierarchic designators (MSH-3 to MSH-6) and MSH-9, -11, -12 are kept raw, with all components,
 * since replies swap and echo them whole.
 *
 * @param messageCode MSH-9.1, for example {@code ORU}
 * @param triggerEvent MSH-9.2, for example {@code R01}
 * @param structure MSH-9.3, often empty
 * @param processingId MSH-11.1: P, T or D
 * @param version MSH-12.1, for example {@code 2.5.1}
 */
public record V2Header(
    Separators separators,
    String sendingApplication,
    String sendingFacility,
    String receivingApplication,
    String receivingFacility,
    String time,
    String messageCode,
    String triggerEvent,
    String structure,
    String controlId,
    String rawProcessingId,
    String processingId,
    String rawVersion,
    String version,
    String acceptAcknowledgment,
    String applicationAcknowledgment,
    String rawCharacterSet) {

  /** {@code ORU^R01}: what feeds and mappings are named by. */
  public String type() {
    return messageCode + "^" + triggerEvent;
  }

  /**
   * MSH-3.1 {@code @} MSH-4.1, decoded: how senders are named in settings, folders and the journal.
   */
  public String sender() {
    throw new UnsupportedOperationException("not built yet");
  }
}

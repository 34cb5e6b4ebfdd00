package org.millrace.hl7;

import java.util.Optional;

/**
 * What is wrong with a message, as its sender is told: one ERR segment.
 *
 * @param location where, or empty when the fault is not in the message
 * @param sentence for people (ERR-8, MSA-3); holds no patient data, quotes coded values only
 * @param diagnostic for support (ERR-7): an id to find the matter in our journal or at Cerner;
 *     empty string if none
 * @param warning the message was carried out all the same (ERR-4 {@code W})
 */
public record V2Fault(
    ErrorCode code,
    Optional<V2Location> location,
    String sentence,
    String diagnostic,
    boolean warning) {

  /** An error, which kept the message from being carried out. */
  public V2Fault(
      ErrorCode code, Optional<V2Location> location, String sentence, String diagnostic) {
    this(code, location, sentence, diagnostic, false);
  }

  /** A fault at a place. */
  public static V2Fault at(V2Location location, ErrorCode code, String sentence) {
    return new V2Fault(code, Optional.of(location), sentence, "");
  }

  /** A fault that is not in the message: an upstream that fails, our own state. */
  public static V2Fault of(ErrorCode code, String sentence) {
    return new V2Fault(code, Optional.empty(), sentence, "");
  }

  /** The same with an id for support. */
  public V2Fault withDiagnostic(String id) {
    return new V2Fault(code, location, sentence, id, warning);
  }

  /** The same, of a message that was carried out all the same. */
  public V2Fault asWarning() {
    return new V2Fault(code, location, sentence, diagnostic, true);
  }
}

package org.millrace.delivery;

import java.util.Optional;
import org.millrace.journal.NewRequest;

/**
 * What requests of operators say beyond verb, message and reason: written here by whoever asks,
 * read by the verb that carries it out.
 */
public final class VerbDetails {
  private static final String REFERENCE = "DocumentReference/";

  private VerbDetails() {}

  /**
   * What somebody saw in the chart.
   *
   * @param document which one, if several are open: {@code OBR[2]}; empty for the only one
   * @param filed the id of the document it is stored as, or its reference; empty if it is not
   *     stored
   * @param evenSo believe it, though Cerner shows no marker of ours in it
   */
  public static NewRequest settle(
      NewRequest request, String document, Optional<String> filed, boolean evenSo) {
    String id = filed.orElse("");
    return request
        .with(OutcomeSettlement.DOCUMENT, document)
        .with(
            OutcomeSettlement.FILED,
            id.startsWith(REFERENCE) ? id.substring(REFERENCE.length()) : id)
        .with(OutcomeSettlement.EVEN_SO, evenSo ? "yes" : "");
  }

  /**
   * What is to be filed again.
   *
   * @param document only this one; empty for all that are lost
   * @param evenIfThere file it a second time though it is there
   */
  public static NewRequest resend(NewRequest request, String document, boolean evenIfThere) {
    return request
        .with(MessageResend.DOCUMENT, document)
        .with(MessageResend.EVEN_IF_THERE, evenIfThere ? "yes" : "");
  }
}

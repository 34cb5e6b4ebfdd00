package org.millrace.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What operators can ask of the engine. */
public enum OperatorVerb {
  /** Back into the queue, now. */
  RETRY(false),
  /** The same, if the tables know by now what the message waits for. */
  RETRY_MENDED(false),
  /** Its documents are mapped again, and corrected at Cerner where they differ. */
  CORRECT(false),
  /** It is not to be filed. */
  DISCARD(true),
  /** Whether a document of it is stored at Cerner is as the operator says. */
  SETTLE(true),
  /** An edited message takes its place. */
  EDIT(true),
  /** What Cerner has lost of it is filed again. */
  RESEND(true);

  private final boolean needsWhy;

  OperatorVerb(boolean needsWhy) {
    this.needsWhy = needsWhy;
  }

  /** As requests and commands have it: {@code retry-mended}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it decides what becomes of a patient's data, and is not done without a reason. */
  public boolean needsWhy() {
    return needsWhy;
  }

  /** The verb of this word; empty if this engine has none. */
  public static Optional<OperatorVerb> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}

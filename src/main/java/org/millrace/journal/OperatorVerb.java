package org.millrace.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What operators can ask of the engine. */
public enum OperatorVerb {
  /** Back into the queue, now. */
  RETRY(false, MessageState.HELD, MessageState.REFUSED, MessageState.RETRYING),
  /** The same, if the tables know by now what the message waits for. */
  RETRY_MENDED(false, MessageState.HELD),
  /** Its documents are mapped again, and corrected at Cerner where they differ. */
  CORRECT(false, MessageState.DELIVERED),
  /** It is not to be filed. */
  DISCARD(
      true, MessageState.HELD, MessageState.REFUSED, MessageState.RETRYING, MessageState.QUEUED),
  /** Whether a document of it is stored at Cerner is as the operator says. */
  SETTLE(true, MessageState.HELD),
  /** An edited message takes its place. */
  EDIT(true, MessageState.HELD, MessageState.REFUSED, MessageState.RETRYING, MessageState.QUEUED),
  /** What Cerner has lost of it is filed again. */
  RESEND(true, MessageState.DELIVERED);

  private final boolean needsWhy;
  private final Set<MessageState> from;

  OperatorVerb(boolean needsWhy, MessageState... from) {
    this.needsWhy = needsWhy;
    this.from = Set.of(from);
  }

  /** In which states of a message it can be asked for with success. */
  public Set<MessageState> from() {
    return from;
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

package org.millrace.hl7;

import java.util.List;

/** A repetition, a component or a subcomponent: text that may be split once more. Immutable. */
public final class V2Value {

  V2Value() {}

  /** As received, escapes untouched. */
  public String raw() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Nothing stands here, not even the HL7 null. */
  public boolean isEmpty() {
    return raw().isEmpty();
  }

  /** The HL7 null, {@code ""}: the sender deletes the value. */
  public boolean isNull() {
    return raw().equals("\"\"");
  }

  /**
   * Decoded text of the first component's first subcomponent; escapes decoded in one pass, in the
   * message's charset. Formatting escapes ({@code \.br\}) become line feeds, highlighting is
   * dropped. Use {@link #whole()} where a delimiter may be text.
   */
  public String text() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Decoded text of everything here, delimiters of lower levels kept as characters. */
  public String whole() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The components of a repetition (or the one value itself), in order. */
  public List<V2Value> components() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** A component of a repetition, 1-based; empty past the end. */
  public V2Value component(int number) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** A subcomponent of a component, 1-based; empty past the end. */
  public V2Value subcomponent(int number) {
    throw new UnsupportedOperationException("not built yet");
  }
}

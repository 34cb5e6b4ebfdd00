package org.millrace.hl7;

import java.util.List;

/** One field: its repetitions. Immutable. */
public final class V2Field {

  V2Field() {}

  /** The field as received, escapes untouched. */
  public String raw() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** True when nothing at all stands in the field. */
  public boolean isEmpty() {
    return raw().isEmpty();
  }

  /** All repetitions in order, empty ones included; an empty field has none. */
  public List<V2Value> repetitions() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** One repetition, 1-based; an empty value (never null) past the end. */
  public V2Value repetition(int number) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Decoded text of the first repetition as {@link V2Value#text()}. */
  public String text() {
    return repetition(1).text();
  }
}

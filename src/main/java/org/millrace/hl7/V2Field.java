package org.millrace.hl7;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One field: its repetitions. Immutable and safe for several threads. */
public final class V2Field {
  private static final int WALKED = 8;

  private final String source;
  private final int start;
  private final int end;
  private final boolean delimiters;
  private final Dialect dialect;
  private @Nullable List<V2Value> repetitions;

  V2Field(String source, int start, int end, boolean delimiters, Dialect dialect) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.delimiters = delimiters;
    this.dialect = dialect;
  }

  static V2Field empty(Dialect dialect) {
    return new V2Field("", 0, 0, false, dialect);
  }

  /** The field as received, escapes untouched. */
  public String raw() {
    return source.substring(start, end);
  }

  /** True when nothing at all stands in the field. */
  public boolean isEmpty() {
    return start == end;
  }

  /** All repetitions in order, empty ones included; an empty field has none. */
  public List<V2Value> repetitions() {
    List<V2Value> known = repetitions;
    if (known == null) {
      known = isEmpty() ? List.of() : split();
      repetitions = known;
    }
    return known;
  }

  private List<V2Value> split() {
    if (delimiters) {
      return List.of(value(start, end));
    }
    char repetition = dialect.separators().repetition();
    return V2Value.split(source, start, end, repetition, V2Value.Level.REPETITION, dialect);
  }

  /** One repetition, 1-based; an empty value (never null) past the end. */
  public V2Value repetition(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("repetitions are counted from 1, not " + number);
    }
    if (repetitions != null || number > WALKED || delimiters) {
      List<V2Value> all = repetitions();
      return number <= all.size() ? all.get(number - 1) : value(end, end);
    }
    char delimiter = dialect.separators().repetition();
    int from = start;
    for (int skipped = 1; skipped < number; skipped++) {
      int next = Escapes.find(source, delimiter, from, end);
      if (next < 0) {
        return value(end, end);
      }
      from = next + 1;
    }
    int to = Escapes.find(source, delimiter, from, end);
    return value(from, to < 0 ? end : to);
  }

  /** Decoded text of the first repetition as {@link V2Value#text()}. */
  public String text() {
    return repetition(1).text();
  }

  private V2Value value(int from, int to) {
    V2Value.Level level = delimiters ? V2Value.Level.DELIMITERS : V2Value.Level.REPETITION;
    return new V2Value(source, from, to, level, dialect);
  }
}

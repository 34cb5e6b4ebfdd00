package org.millrace.hl7;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One segment of a {@link V2Message}, split when asked. Immutable and safe for several threads. */
public final class V2Segment {
  private static final int NAME_LENGTH = 3;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final String name;
  private final int position;
  private final int sequence;
  private final Dialect dialect;

  /** MSH and the batch headers count their field separator as field 1. */
  private final boolean declaresDelimiters;

  private @Nullable Split split;

  V2Segment(Line line, String name, int position, int sequence, Dialect dialect) {
    this.bytes = line.bytes;
    this.start = line.start;
    this.end = line.end;
    this.name = name;
    this.position = position;
    this.sequence = sequence;
    this.dialect = dialect;
    this.declaresDelimiters = Msh.declaresDelimiters(name);
  }

  /** Where a segment stands in the message's bytes, {@code [start, end)}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared: a view that lives for one call
  record Line(byte[] bytes, int start, int end) {

    /**
     * The segment's name, the empty string if the line does not start like a segment.
     *
     * @param before the name of the segment before, which most have too
     */
    String name(char fieldSeparator, String before) {
      int length = end - start;
      if (length < NAME_LENGTH
          || (length > NAME_LENGTH && bytes[start + NAME_LENGTH] != fieldSeparator)) {
        return "";
      }
      if (before.length() == NAME_LENGTH
          && before.charAt(0) == bytes[start]
          && before.charAt(1) == bytes[start + 1]
          && before.charAt(2) == bytes[start + 2]) {
        return before;
      }
      char[] name = new char[NAME_LENGTH];
      for (int i = 0; i < NAME_LENGTH; i++) {
        if (!Msh.letterOrDigit(bytes[start + i])) {
          return "";
        }
        name[i] = (char) bytes[start + i];
      }
      return new String(name);
    }
  }

  /** The decoded text and where its fields begin; published safely by its final fields. */
  private static final class Split {
    final String text;
    final int[] starts;

    /** Those that were asked for; each keeps its repetitions, so that they are split once. */
    final @Nullable V2Field[] fields;

    Split(String text, char fieldSeparator) {
      this.text = text;
      int[] found = new int[32];
      int count = 0;
      int at = text.indexOf(fieldSeparator);
      while (at >= 0) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = at + 1;
        at = text.indexOf(fieldSeparator, at + 1);
      }
      this.starts = Arrays.copyOf(found, count);
      this.fields = new V2Field[count];
    }

    int endOf(int index) {
      return index + 1 < starts.length ? starts[index + 1] - 1 : text.length();
    }
  }

  private Split split() {
    Split known = split;
    if (known == null) {
      String text = new String(bytes, start, end - start, dialect.charset());
      known = new Split(text, dialect.separators().field());
      split = known;
    }
    return known;
  }

  /**
   * Three characters as received, for example {@code PID}; the empty string for a line that does
   * not begin like a segment, as when a sender breaks text over lines.
   */
  public String name() {
    return name;
  }

  /** 0-based place among all segments of the message. */
  public int position() {
    return position;
  }

  /** 1-based place among the segments of this name: the sequence of ERR-2. */
  public int sequence() {
    return sequence;
  }

  /** The highest field number present. */
  public int fieldCount() {
    return split().starts.length + (declaresDelimiters ? 1 : 0);
  }

  /** The segment as received, charset decoded, escapes untouched, without its end. */
  public String raw() {
    return split().text;
  }

  /** The segment's bytes as received, without its end. */
  public byte[] rawBytes() {
    return Arrays.copyOfRange(bytes, start, end);
  }

  /** Whether anything stands in a field, 1-based. */
  public boolean has(int number) {
    Split known = split();
    int index = number - (declaresDelimiters ? 2 : 1);
    if (index < 0) {
      return declaresDelimiters && number == 1 && known.starts.length > 0;
    }
    return index < known.starts.length && known.starts[index] < known.endOf(index);
  }

  /** Nothing need be made to tell that; 0 is a mistake, which {@link #field} tells. */
  private boolean isAbsent(int number) {
    return number > 0 && !has(number);
  }

  /**
   * One field, 1-based; empty (never null) past the end. MSH-1 and MSH-2 are the delimiters
   * themselves.
   */
  public V2Field field(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("fields are counted from 1, not " + number);
    }
    Split known = split();
    int index = number - 1;
    if (declaresDelimiters) {
      if (number == 1 && known.starts.length > 0) {
        return new V2Field(known.text, NAME_LENGTH, NAME_LENGTH + 1, true, dialect);
      }
      index--;
    }
    if (index < 0 || index >= known.starts.length) {
      return V2Field.empty(dialect);
    }
    V2Field field = known.fields[index];
    if (field == null) {
      boolean delimiters = declaresDelimiters && number == 2;
      field = new V2Field(known.text, known.starts[index], known.endOf(index), delimiters, dialect);
      known.fields[index] = field;
    }
    return field;
  }

  /**
   * Decoded text of the first repetition, whole field if it has one component: shorthand for {@code
   * field(n).text()}.
   */
  public String text(int field) {
    return isAbsent(field) ? "" : field(field).text();
  }

  /** Decoded text of a component of the first repetition; empty string if absent. */
  public String text(int field, int component) {
    return isAbsent(field) ? "" : field(field).repetition(1).component(component).text();
  }

  /** The repetitions of a field that hold anything. */
  public List<V2Value> repetitions(int field) {
    List<V2Value> all = field(field).repetitions();
    for (V2Value each : all) {
      if (each.isEmpty()) {
        return all.stream().filter(value -> !value.isEmpty()).toList();
      }
    }
    return all;
  }
}

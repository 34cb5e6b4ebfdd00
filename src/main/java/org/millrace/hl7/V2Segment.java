package org.millrace.hl7;

import java.util.List;

/** One segment of a {@link V2Message}, split when asked. Immutable and safe for several threads. */
public final class V2Segment {

  private V2Segment() {}

  /** Three characters as received, for example {@code PID}. */
  public String name() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** 0-based place among all segments of the message. */
  public int position() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** 1-based place among the segments of this name: the sequence of ERR-2. */
  public int sequence() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The highest field number present. */
  public int fieldCount() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The segment as received, charset decoded, escapes untouched, without its end. */
  public String raw() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The segment's bytes as received, without its end. */
  public byte[] rawBytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * One field, 1-based; empty (never null) past the end. MSH-1 and MSH-2 are the delimiters
   * themselves.
   */
  public V2Field field(int number) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Decoded text of the first repetition, whole field if it has one component: shorthand for {@code
   * field(n).text()}.
   */
  public String text(int field) {
    return field(field).text();
  }

  /** Decoded text of a component of the first repetition; empty string if absent. */
  public String text(int field, int component) {
    return field(field).repetition(1).component(component).text();
  }

  /** The repetitions of a field that hold anything. */
  public List<V2Value> repetitions(int field) {
    return field(field).repetitions();
  }
}

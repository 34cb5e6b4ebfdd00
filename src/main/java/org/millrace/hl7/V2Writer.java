package org.millrace.hl7;

import java.nio.charset.Charset;

/**
 * Builds a message of ours, segment by segment, escaping each value on the way; nothing raw leaves
 * inside a field. Not thread-safe.
 */
public final class V2Writer {

  /**
   * @param charset what {@link #bytes()} encodes with; a character it cannot hold is written as an
   *     escape, and never as {@code ?}
   */
  public V2Writer(Separators separators, Charset charset) {}

  /** Starts a segment; fields set from now on are its own. */
  public V2Writer segment(String name) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Sets a whole field's first repetition, component and subcomponent to this text, escaped here.
   * Empty text sets nothing.
   */
  public V2Writer set(int field, String text) {
    return set(field, 1, 1, 1, text);
  }

  public V2Writer set(int field, int component, String text) {
    return set(field, 1, component, 1, text);
  }

  /** Sets one place, all 1-based. */
  public V2Writer set(int field, int repetition, int component, int subcomponent, String text) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Sets a whole field to text that is already encoded with these separators (an echo of what was
   * received).
   */
  public V2Writer setRaw(int field, String encoded) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Adds a segment byte for byte as received (QRD, QRF). */
  public V2Writer echo(byte[] segment) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The message, each segment ended by CR; trailing empty fields and components left out. */
  public byte[] bytes() {
    throw new UnsupportedOperationException("not built yet");
  }
}

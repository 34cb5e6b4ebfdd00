package org.millrace.hl7;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/**
 * One message, read lazily from the bytes as received; it keeps everything, in linear time, and
 * never changes.
 *
 * <p>Segments may be ended by CR, LF or CRLF; delimiters are those of its MSH. Any segment may
 * stand anywhere: this class knows no structure. Immutable and safe for several threads.
 */
public final class V2Message {

  private V2Message() {}

  /**
   * Reads a message; its charset is found by {@link V2Charset#choose}.
   *
   * @param bytes the message as received, without MLLP framing
   * @throws V2FormatException if there is no usable MSH
   */
  public static V2Message read(byte[] bytes) throws V2FormatException {
    return read(bytes, Optional.empty());
  }

  /**
   * Reads a message of a sender whose charset is set.
   *
   * @param charset decides instead of MSH-18, when present
   */
  public static V2Message read(byte[] bytes, Optional<Charset> charset) throws V2FormatException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The bytes as received; not to be changed. */
  public byte[] bytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  public V2Header header() {
    throw new UnsupportedOperationException("not built yet");
  }

  public V2Charset charset() {
    throw new UnsupportedOperationException("not built yet");
  }

  public Separators separators() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** All segments in message order, MSH first; blank lines left out. */
  public List<V2Segment> segments() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The segments of one name in message order; empty if there is none. */
  public List<V2Segment> all(String segment) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The first segment of that name. */
  public Optional<V2Segment> first(String segment) {
    return all(segment).stream().findFirst();
  }

  /**
   * The decoded text at a path, the empty string if nothing is there. {@code ""} (the HL7 null)
   * stays two quotes.
   */
  public String value(V2Path path) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The same for a path as text; for tests and assertions, mappings parse their paths once. */
  public String value(String path) {
    return value(V2Path.parse(path));
  }
}

package org.millrace.hl7;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One message, read lazily from the bytes as received; it keeps everything, in linear time, and
 * never changes.
 *
 * <p>Segments may be ended by CR, LF or CRLF; delimiters are those of its MSH. Any segment may
 * stand anywhere: this class knows no structure. Immutable and safe for several threads.
 */
public final class V2Message {
  private final byte[] bytes;
  private final V2Charset charset;
  private final Separators separators;
  private final List<V2Segment> segments;
  private final Map<String, List<V2Segment>> byName;

  /** Whether a segment ends with LF or CRLF; known once the message is cut. */
  private boolean lineFeeds;

  private final V2Header header;
  private final AsRead asRead;

  private V2Message(byte[] bytes, int msh, V2Charset charset, Separators separators) {
    this.bytes = bytes;
    this.charset = charset;
    this.separators = separators;
    this.byName = new HashMap<>();
    this.segments = Collections.unmodifiableList(cut(msh));
    this.header = V2Header.of(segments.get(0), separators);
    this.asRead = new AsRead(charset, departures(msh));
  }

  private Set<Tolerance> departures(int msh) {
    Set<Tolerance> found = EnumSet.noneOf(Tolerance.class);
    if (lineFeeds) {
      found.add(Tolerance.LINE_ENDS);
    }
    if (msh > 0) {
      found.add(Tolerance.BEFORE_HEADER);
    }
    if (Msh.doublesEscape(bytes, msh)) {
      found.add(Tolerance.ESCAPE_DOUBLED);
    }
    if (charset.doubtful()) {
      found.add(Tolerance.CHARSET_GUESSED);
    }
    if (byName.containsKey("")) {
      found.add(Tolerance.BROKEN_LINES);
    }
    if (!header.knownVersion()) {
      found.add(Tolerance.UNKNOWN_VERSION);
    }
    if (header.processingId().isEmpty()) {
      found.add(Tolerance.NO_PROCESSING_ID);
    }
    return found;
  }

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
   * @param bytes as received; blanks and a byte order mark before MSH are passed over, so are
   *     framing characters left at either end. The array is kept, not copied
   * @param charset decides instead of MSH-18, when present
   * @throws V2FormatException if there is no usable MSH
   */
  public static V2Message read(byte[] bytes, Optional<Charset> charset) throws V2FormatException {
    int msh = Msh.find(bytes);
    if (msh < 0) {
      throw new V2FormatException(Msh.insteadOf(bytes));
    }
    Separators separators = Msh.separators(bytes, msh);
    return new V2Message(bytes, msh, V2Charset.choose(bytes, charset), separators);
  }

  /**
   * Reads the MSH segment alone, and no more of it than a message may have, for replies to what is
   * not read any further.
   *
   * @param bytes as received
   * @throws V2FormatException if there is no usable MSH
   */
  public static V2Message readHeader(byte[] bytes) throws V2FormatException {
    int start = Math.max(0, Msh.find(bytes));
    int most = (int) Math.min(bytes.length, (long) start + Msh.LONGEST);
    int end = Msh.lineEnd(bytes, start, most);
    return read(Arrays.copyOf(bytes, end));
  }

  private List<V2Segment> cut(int msh) {
    Dialect dialect = new Dialect(separators, charset.charset());
    List<V2Segment> found = new ArrayList<>();
    int end = withoutTail();
    int start = msh;
    String name = "";
    List<V2Segment> same = new ArrayList<>();
    while (start <= end) {
      int at = Msh.lineEnd(bytes, start, end);
      lineFeeds |= at < end && bytes[at] == '\n';
      V2Segment.Line line = new V2Segment.Line(bytes, start, at);
      if (!blank(line)) {
        String before = name;
        name = line.name(separators.field(), before);
        if (same.isEmpty() || !name.equals(before)) {
          same = byName.computeIfAbsent(name, each -> new ArrayList<>());
        }
        V2Segment segment = new V2Segment(line, name, found.size(), same.size() + 1, dialect);
        same.add(segment);
        found.add(segment);
      }
      start = at + 1;
    }
    return found;
  }

  /** Framing characters, NUL padding and DOS end-of-file marks are no part of the last segment. */
  private int withoutTail() {
    int end = bytes.length;
    while (end > 0 && tail(bytes[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean tail(byte each) {
    return Msh.lineEnd(each) || each == 0x1C || each == 0x1A || each == 0;
  }

  private static boolean blank(V2Segment.Line line) {
    for (int at = line.start(); at < line.end(); at++) {
      byte each = line.bytes()[at];
      if (each < 0 || each > ' ') {
        return false;
      }
    }
    return true;
  }

  /** The bytes as received; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** MSH, read once. */
  public V2Header header() {
    return header;
  }

  /** By which charset, and what departs from the standard. */
  public AsRead asRead() {
    return asRead;
  }

  /** What the bytes were decoded with, and why. */
  public V2Charset charset() {
    return charset;
  }

  /**
   * Whether the message changes its charset on the way (ISO 2022, by the alternates in MSH-18), so
   * that parts of it would be read as other characters than were meant.
   */
  public boolean switchesCharset() {
    return CharacterSets.switches(bytes, charset.charset(), separators.escape());
  }

  /** The delimiters that MSH declares. */
  public Separators separators() {
    return separators;
  }

  /** All segments in message order, MSH first; blank lines left out. */
  public List<V2Segment> segments() {
    return segments;
  }

  /** The segments of one name in message order; empty if there is none. */
  public List<V2Segment> all(String segment) {
    return Collections.unmodifiableList(byName.getOrDefault(segment, List.of()));
  }

  /** The first segment of that name. */
  public Optional<V2Segment> first(String segment) {
    List<V2Segment> all = byName.getOrDefault(segment, List.of());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /**
   * The value at a path; empty (never null) if nothing is there. Of a path without component it is
   * the repetition.
   */
  public V2Value at(V2Path path) {
    List<V2Segment> all = byName.getOrDefault(path.segment(), List.of());
    int occurrence = Math.max(path.occurrence(), 1);
    if (occurrence > all.size()) {
      return V2Field.empty(new Dialect(separators, charset.charset())).repetition(1);
    }
    V2Field field = all.get(occurrence - 1).field(path.field());
    V2Value value = field.repetition(Math.max(path.repetition(), 1));
    if (path.component() > 0) {
      value = value.component(path.component());
    }
    return path.subcomponent() > 0 ? value.subcomponent(path.subcomponent()) : value;
  }

  /**
   * The decoded text at a path, the empty string if nothing is there. {@code ""} (the HL7 null)
   * stays two quotes.
   */
  public String value(V2Path path) {
    return at(path).text();
  }

  /** The same for a path as text; for tests and assertions, mappings parse their paths once. */
  public String value(String path) {
    return value(V2Path.parse(path));
  }
}

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
import org.jspecify.annotations.Nullable;

/**
 * One message, read lazily from the bytes as received; it keeps everything, in linear time, and
 * never changes.
 *
 * <p>Segments may be ended by CR, LF or CRLF; delimiters are those of its MSH. Any segment may
 * stand anywhere: this class knows no structure. Immutable and safe for several threads.
 */
public final class V2Message {
  private final byte[] bytes;
  private final int start;
  private final V2Charset charset;
  private final Separators separators;
  private final V2Segment msh;
  private final V2Header header;
  private @Nullable Cut cut;

  private V2Message(byte[] bytes, int start, V2Charset charset, Separators separators) {
    this.bytes = bytes;
    this.start = start;
    this.charset = charset;
    this.separators = separators;
    V2Segment.Line line = new V2Segment.Line(bytes, start, Msh.lineEnd(bytes, start, end()));
    this.msh = new V2Segment(line, "MSH", 0, 1, new Dialect(separators, charset.charset()));
    this.header = V2Header.of(msh, separators);
  }

  /** All of it, cut when more than MSH is asked for; published safely by its final fields. */
  private static final class Cut {
    final List<V2Segment> segments;
    final Map<String, List<V2Segment>> byName;
    final AsRead asRead;

    Cut(List<V2Segment> segments, Map<String, List<V2Segment>> byName, AsRead asRead) {
      this.segments = Collections.unmodifiableList(segments);
      this.byName = byName;
      this.asRead = asRead;
    }

    List<V2Segment> all(String name) {
      return byName.getOrDefault(name, List.of());
    }
  }

  private Cut cut() {
    Cut known = cut;
    if (known == null) {
      known = cutAll();
      cut = known;
    }
    return known;
  }

  private Set<Tolerance> departures(boolean lineFeeds, boolean brokenLines) {
    Set<Tolerance> found = EnumSet.noneOf(Tolerance.class);
    if (lineFeeds) {
      found.add(Tolerance.LINE_ENDS);
    }
    if (start > 0) {
      found.add(Tolerance.BEFORE_HEADER);
    }
    if (Msh.doublesEscape(bytes, start)) {
      found.add(Tolerance.ESCAPE_DOUBLED);
    }
    if (charset.doubtful()) {
      found.add(Tolerance.CHARSET_GUESSED);
    }
    if (brokenLines) {
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

  private Cut cutAll() {
    Dialect dialect = new Dialect(separators, charset.charset());
    List<V2Segment> found = new ArrayList<>();
    Map<String, List<V2Segment>> byName = new HashMap<>();
    boolean lineFeeds = false;
    int end = end();
    int from = start;
    String name = "";
    List<V2Segment> same = new ArrayList<>();
    while (from <= end) {
      int at = Msh.lineEnd(bytes, from, end);
      lineFeeds |= at < end && bytes[at] == '\n';
      V2Segment.Line line = new V2Segment.Line(bytes, from, at);
      if (!blank(line)) {
        String before = name;
        name = line.name(separators.field(), before);
        if (same.isEmpty() || !name.equals(before)) {
          same = byName.computeIfAbsent(name, each -> new ArrayList<>());
        }
        V2Segment segment =
            found.isEmpty()
                ? msh
                : new V2Segment(line, name, found.size(), same.size() + 1, dialect);
        same.add(segment);
        found.add(segment);
      }
      from = at + 1;
    }
    AsRead asRead = new AsRead(charset, departures(lineFeeds, byName.containsKey("")));
    return new Cut(found, byName, asRead);
  }

  /** Framing characters, NUL padding and DOS end-of-file marks are no part of the last segment. */
  private int end() {
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

  /** The first segment; nothing behind it is looked at for this. */
  V2Segment msh() {
    return msh;
  }

  /** By which charset, and what departs from the standard. */
  public AsRead asRead() {
    return cut().asRead;
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
    return cut().segments;
  }

  /** The segments of one name in message order; empty if there is none. */
  public List<V2Segment> all(String segment) {
    return Collections.unmodifiableList(cut().all(segment));
  }

  /** The first segment of that name. */
  public Optional<V2Segment> first(String segment) {
    List<V2Segment> all = cut().all(segment);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /**
   * The value at a path; empty (never null) if nothing is there. Of a path without component it is
   * the repetition.
   */
  public V2Value at(V2Path path) {
    List<V2Segment> all = cut().all(path.segment());
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

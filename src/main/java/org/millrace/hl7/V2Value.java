package org.millrace.hl7;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A repetition, a component or a subcomponent: text that may be split once more. Immutable and safe
 * for several threads. It is a window on the segment's text, so that a document of many megabytes
 * is not copied before someone asks for its text.
 */
public final class V2Value {

  /** What a value may be split by. */
  enum Level {
    REPETITION,
    COMPONENT,
    SUBCOMPONENT,
    /** MSH-1 and MSH-2: the delimiters themselves, neither split nor decoded. */
    DELIMITERS
  }

  /**
   * Few are found by walking; from here on a list is kept, or a loop over all would be quadratic.
   */
  private static final int WALKED = 32;

  /** Characters of a value whose parts are kept once one behind the first was asked for. */
  private static final int SHORT = 500;

  private final String source;
  private final int start;
  private final int end;
  private final Level level;
  private final Dialect dialect;
  private @Nullable List<V2Value> parts;

  V2Value(String source, int start, int end, Level level, Dialect dialect) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.level = level;
    this.dialect = dialect;
  }

  /** As received, escapes untouched. */
  public String raw() {
    return source.substring(start, end);
  }

  /** As {@link #raw()}, without copying it: for embedded documents. */
  public CharSequence rawView() {
    return CharBuffer.wrap(source, start, end);
  }

  /** Characters in {@link #raw()}. */
  public int length() {
    return end - start;
  }

  /** Nothing stands here, not even the HL7 null. */
  public boolean isEmpty() {
    return start == end;
  }

  /** The HL7 null, {@code ""}: the sender deletes the value. */
  public boolean isNull() {
    return end - start == 2 && source.charAt(start) == '"' && source.charAt(start + 1) == '"';
  }

  /**
   * Decoded text of the first component's first subcomponent; escapes decoded in one pass, in the
   * message's charset. Formatting escapes ({@code \.br\}) become line feeds, highlighting is
   * dropped. Use {@link #whole()} where a delimiter may be text.
   */
  public String text() {
    Separators separators = dialect.separators();
    int to = level == Level.REPETITION ? endOfFirst(separators.component(), end) : end;
    boolean split = level == Level.REPETITION || level == Level.COMPONENT;
    return decoded(split ? endOfFirst(separators.subcomponent(), to) : to);
  }

  private int endOfFirst(char delimiter, int before) {
    int found = Escapes.find(source, delimiter, start, before);
    return found < 0 ? before : found;
  }

  /** Decoded text of everything here, delimiters of lower levels kept as characters. */
  public String whole() {
    return decoded(end);
  }

  private String decoded(int to) {
    boolean plain =
        level == Level.DELIMITERS
            || Escapes.find(source, dialect.separators().escape(), start, to) < 0;
    return plain
        ? source.substring(start, to)
        : Escapes.decode(source, start, to, dialect, new ArrayList<>());
  }

  /**
   * Escape sequences in here that have no text, without their escape characters: local ones ({@code
   * Zxx}) and charset switches. Decoding leaves them out.
   */
  public List<String> unreadEscapes() {
    if (level == Level.DELIMITERS
        || Escapes.find(source, dialect.separators().escape(), start, end) < 0) {
      return List.of();
    }
    List<String> lost = new ArrayList<>();
    Escapes.decode(source, start, end, dialect, lost);
    return List.copyOf(lost);
  }

  /** The components of a repetition (or the one value itself), in order. */
  public List<V2Value> components() {
    return level == Level.REPETITION ? parts() : List.of(this);
  }

  /** A component of a repetition, 1-based; empty past the end. */
  public V2Value component(int number) {
    return level == Level.REPETITION ? part(number) : number == 1 ? this : nothing(level);
  }

  /** The subcomponents of a component (of a repetition's first component), in order. */
  public List<V2Value> subcomponents() {
    return switch (level) {
      case REPETITION -> component(1).subcomponents();
      case COMPONENT -> parts();
      default -> List.of(this);
    };
  }

  /** A subcomponent of a component, 1-based; empty past the end. */
  public V2Value subcomponent(int number) {
    return switch (level) {
      case REPETITION -> component(1).subcomponent(number);
      case COMPONENT -> part(number);
      default -> number == 1 ? this : nothing(level);
    };
  }

  private char delimiter() {
    Separators separators = dialect.separators();
    return level == Level.REPETITION ? separators.component() : separators.subcomponent();
  }

  private Level below() {
    return level == Level.REPETITION ? Level.COMPONENT : Level.SUBCOMPONENT;
  }

  private V2Value part(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("components are counted from 1, not " + number);
    }
    // Who asks for one component of a name asks for others; a document is asked for one.
    if (parts != null || number > WALKED || (number > 1 && end - start < SHORT)) {
      List<V2Value> all = parts();
      return number <= all.size() ? all.get(number - 1) : nothing(below());
    }
    int from = start;
    for (int skipped = 1; skipped < number; skipped++) {
      int next = Escapes.find(source, delimiter(), from, end);
      if (next < 0) {
        return nothing(below());
      }
      from = next + 1;
    }
    int to = Escapes.find(source, delimiter(), from, end);
    return new V2Value(source, from, to < 0 ? end : to, below(), dialect);
  }

  private List<V2Value> parts() {
    List<V2Value> known = parts;
    if (known == null) {
      known = split(source, start, end, delimiter(), below(), dialect);
      parts = known;
    }
    return known;
  }

  private V2Value nothing(Level of) {
    return new V2Value("", 0, 0, of, dialect);
  }

  static List<V2Value> split(
      String source, int start, int end, char delimiter, Level into, Dialect dialect) {
    int from = start;
    int to = Escapes.find(source, delimiter, from, end);
    if (to < 0) {
      return List.of(new V2Value(source, start, end, into, dialect));
    }
    List<V2Value> parts = new ArrayList<>();
    while (to >= 0) {
      parts.add(new V2Value(source, from, to, into, dialect));
      from = to + 1;
      to = Escapes.find(source, delimiter, from, end);
    }
    parts.add(new V2Value(source, from, end, into, dialect));
    return Collections.unmodifiableList(parts);
  }
}

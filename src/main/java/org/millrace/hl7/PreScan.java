package org.millrace.hl7;

import java.util.Optional;

/**
 * Counts what a message holds in one pass over its bytes, before anything is made of it: whoever
 * reads it afterwards, our own reader or HAPI's rules, has a bounded number of parts before it.
 * Immutable and thread-safe.
 */
public final class PreScan {
  /**
   * Lines without a segment name, as when a sender wraps a document in lines of 76 characters; 1.5
   * million of them hold the longest message taken by default.
   */
  private static final int MOST_LINES = 1_500_000;

  private final MessageLimits limits;

  public PreScan(MessageLimits limits) {
    this.limits = limits;
  }

  /**
   * The first limit that is passed, with its place; empty if there is none, or no MSH to count
   * from.
   *
   * @param bytes the message as received, without MLLP framing
   */
  public Optional<V2Fault> check(byte[] bytes) {
    int msh = Msh.find(bytes);
    if (msh < 0) {
      return Optional.empty();
    }
    try {
      return new Counting(bytes, Msh.separators(bytes, msh)).from(msh);
    } catch (V2FormatException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Whether too many messages came as one: each has a reply, which must find room in memory.
   *
   * @param bytes as received, without MLLP framing
   */
  public Optional<V2Fault> checkBatch(byte[] bytes) {
    return Batch.isBatch(bytes) && Batch.heads(bytes) > limits.messages()
        ? Optional.of(
            V2Fault.at(
                V2Location.segment("MSH", 1),
                ErrorCode.SEGMENT_SEQUENCE,
                "More than "
                    + limits.messages()
                    + " messages, headers and trailers came as one; none was taken."))
        : Optional.empty();
  }

  /** One message being counted. */
  private final class Counting {
    private final byte[] bytes;
    private final Separators separators;

    /** What each byte ends, by its value; 0 for nothing. */
    private final byte[] ends = new byte[256];

    private int segments;
    private int lines;
    private int segmentAt;
    private int fields;
    private int repetitions;
    private int components;
    private int subcomponents;

    Counting(byte[] bytes, Separators separators) {
      this.bytes = bytes;
      this.separators = separators;
      ends[separators.field()] = 'F';
      ends[separators.repetition()] = 'R';
      ends[separators.component()] = 'S';
      if (separators.subcomponent() != Separators.NONE) {
        ends[separators.subcomponent()] = 'T';
      }
      ends['\r'] = 'L';
      ends['\n'] = 'L';
    }

    Optional<V2Fault> from(int msh) {
      begin(msh);
      if (headerTooLong(msh)) {
        return Optional.of(
            V2Fault.at(
                V2Location.segment("MSH", 1),
                ErrorCode.DATA_TYPE,
                "MSH is longer than " + Msh.LONGEST + " bytes."));
      }
      for (int at = msh; at < bytes.length; at++) {
        byte end = ends[bytes[at] & 0xFF];
        if (end != 0 && passes(end, at)) {
          return Optional.of(fault(end));
        }
      }
      return Optional.empty();
    }

    private boolean headerTooLong(int msh) {
      int most = (int) Math.min(bytes.length, (long) msh + Msh.LONGEST + 1);
      return Msh.lineEnd(bytes, msh, most) - msh > Msh.LONGEST;
    }

    /** Counts one delimiter; true if that is one too many. */
    private boolean passes(byte end, int at) {
      switch (end) {
        case 'F' -> {
          repetitions = 0;
          components = 0;
          subcomponents = 0;
          return ++fields > limits.fields();
        }
        case 'R' -> {
          components = 0;
          subcomponents = 0;
          return ++repetitions >= limits.repetitions();
        }
        case 'S' -> {
          subcomponents = 0;
          return ++components >= limits.components();
        }
        case 'T' -> {
          return ++subcomponents >= limits.components();
        }
        default -> {
          return begin(at + 1);
        }
      }
    }

    /** Begins a line; true if it is one too many. Blank ones, as after CR of CRLF, do not count. */
    private boolean begin(int at) {
      segmentAt = at;
      fields = 0;
      repetitions = 0;
      components = 0;
      subcomponents = 0;
      if (at >= bytes.length || Msh.lineEnd(bytes[at])) {
        return false;
      }
      boolean named = at + 3 < bytes.length && bytes[at + 3] == (byte) separators.field();
      return named ? ++segments > limits.segments() : ++lines > MOST_LINES;
    }

    private V2Fault fault(byte end) {
      if (end == 'L') {
        return V2Fault.at(
            V2Location.segment("MSH", 1),
            ErrorCode.SEGMENT_SEQUENCE,
            segments > limits.segments()
                ? "The message has more than " + limits.segments() + " segments."
                : "The message has more than " + MOST_LINES + " lines that are no segments.");
      }
      String name = name(segmentAt);
      V2Location segment = V2Location.segment(name.isEmpty() ? "MSH" : name, sequence(name));
      int field = name.equals("MSH") ? fields + 1 : fields;
      if (end == 'F') {
        return V2Fault.at(
            segment,
            ErrorCode.DATA_TYPE,
            "The segment has more than " + limits.fields() + " fields.");
      }
      V2Location place =
          field == 0 ? segment : V2Location.field(segment.segment(), segment.sequence(), field);
      String what =
          switch (end) {
            case 'R' -> "The field has more than " + limits.repetitions() + " repetitions.";
            case 'S' -> "A repetition has more than " + limits.components() + " components.";
            default -> "A component has more than " + limits.components() + " subcomponents.";
          };
      return V2Fault.at(place, ErrorCode.DATA_TYPE, what);
    }

    private String name(int at) {
      V2Segment.Line line = new V2Segment.Line(bytes, at, Math.min(bytes.length, at + 4));
      return line.name(separators.field(), "");
    }

    /**
     * Which one of its name the segment at hand is; counted anew, since there is one fault only.
     */
    private int sequence(String name) {
      int sequence = 1;
      int start = Msh.find(bytes);
      for (int at = start; at < segmentAt; at++) {
        if (Msh.lineEnd(bytes[at])) {
          start = at + 1;
        } else if (at == start && name.equals(name(at))) {
          sequence++;
        }
      }
      return sequence;
    }
  }
}

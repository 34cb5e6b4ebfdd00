package org.millrace.mllp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a stream of bytes into MLLP frames, however the stream arrives. Not thread-safe: one for
 * each connection.
 *
 * <p>A frame begins with VT (0B) and ends with FS CR (1C 0D), with FS LF (a sender that writes line
 * feeds throughout), or with FS directly before the VT of the next frame. A FS before anything else
 * is taken for content. A VT inside a frame begins a new one, and the torn part before it is
 * dropped and counted: it is never joined with what follows, which may be about another patient.
 * Bytes between frames are skipped and, but for line ends, counted.
 *
 * <p>Source: HL7 Transport Specification, MLLP Release 1.
 */
final class MllpFrames {
  private static final byte VT = 0x0B;
  private static final byte FS = 0x1C;
  private static final byte CR = '\r';
  private static final byte LF = '\n';
  private static final int SMALL = 4 * 1024;
  private static final int WORTH_KEEPING = 1024 * 1024;

  private final int largest;
  private byte[] content = new byte[SMALL];
  private int length;
  private boolean inside;
  private boolean endBegun;
  private boolean overflowed;
  private long junk;
  private long torn;

  /**
   * @param largest bytes a frame may hold; what is longer sets {@link #overflowed()}
   */
  MllpFrames(int largest) {
    this.largest = largest;
  }

  /** VT, the message, FS CR. */
  static byte[] wrap(byte[] message) {
    byte[] frame = new byte[message.length + 3];
    frame[0] = VT;
    System.arraycopy(message, 0, frame, 1, message.length);
    frame[message.length + 1] = FS;
    frame[message.length + 2] = CR;
    return frame;
  }

  /** False if the message holds a character that would begin or end a frame. */
  static boolean wrappable(byte[] message) {
    for (byte each : message) {
      if (each == VT || each == FS) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @return the contents of the frames that end in them, in order; an empty frame is an empty array
   */
  List<byte[]> take(byte[] chunk, int offset, int count) {
    List<byte[]> ended = new ArrayList<>();
    int end = offset + count;
    int at = offset;
    while (at < end && !overflowed) {
      if (!inside) {
        at = skipToStart(chunk, at, end);
      } else if (endBegun) {
        afterFs(chunk[at++], ended);
      } else {
        at = content(chunk, at, end);
      }
    }
    return ended;
  }

  private int skipToStart(byte[] chunk, int from, int end) {
    int at = from;
    while (at < end && chunk[at] != VT) {
      junk += chunk[at] == CR || chunk[at] == LF ? 0 : 1;
      at++;
    }
    if (at < end) {
      begin();
      at++;
    }
    return at;
  }

  private void begin() {
    inside = true;
    endBegun = false;
    length = 0;
  }

  private int content(byte[] chunk, int from, int end) {
    int at = from;
    while (at < end && chunk[at] != VT && chunk[at] != FS) {
      at++;
    }
    append(chunk, from, at - from);
    if (at == end) {
      return at;
    }
    if (chunk[at] == FS) {
      endBegun = true;
    } else {
      torn++;
      begin();
    }
    return at + 1;
  }

  private void afterFs(byte next, List<byte[]> ended) {
    endBegun = false;
    if (next == CR || next == LF || next == VT) {
      ended.add(Arrays.copyOf(content, length));
      inside = false;
      length = 0;
      if (content.length > WORTH_KEEPING) {
        content = new byte[SMALL];
      }
      if (next == VT) {
        begin();
      }
      return;
    }
    append(new byte[] {FS}, 0, 1);
    if (next == FS) {
      endBegun = true;
    } else {
      append(new byte[] {next}, 0, 1);
    }
  }

  private void append(byte[] chunk, int from, int count) {
    if (count > largest - length) {
      overflowed = true;
      return;
    }
    if (length + count > content.length) {
      int doubled = (int) Math.min((long) content.length * 2, Math.max(largest, 1));
      content = Arrays.copyOf(content, Math.max(doubled, length + count));
    }
    System.arraycopy(chunk, from, content, length, count);
    length += count;
  }

  /** True once a frame was too long; nothing is taken from then on. */
  boolean overflowed() {
    return overflowed;
  }

  /** The first bytes of the frame that has not ended yet, at most so many. */
  byte[] beginning(int most) {
    return Arrays.copyOf(content, Math.min(length, most));
  }

  /** True while a frame has begun and not ended. */
  boolean insideFrame() {
    return inside;
  }

  /** Bytes skipped between frames, line ends not counted. */
  long junk() {
    return junk;
  }

  /** Frames dropped because another began before they ended. */
  long torn() {
    return torn;
  }
}

package org.millrace.mllp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millrace.hl7.ByteScan;

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

  /** What each connection may have without asking; more is taken from the room of all. */
  private static final int OWN = 64 * 1024;

  /** Who sends so much without a frame does not speak MLLP. */
  private static final int MOST_JUNK = 64 * 1024;

  private final int largest;
  private final FrameRoom room;
  private final LastBytes skipped = new LastBytes(WireFault.MOST_BYTES);
  private final List<Skipped> faults = new ArrayList<>();
  private byte[] content = new byte[SMALL];

  /** Of the room of all: for the frame that is received, and for those that are being answered. */
  private long taken;

  private long answering;
  private int length;
  private boolean inside;
  private boolean endBegun;
  private boolean overflowed;
  private boolean withoutRoom;
  private long begun;
  private long junk;
  private long junkOfRun;
  private long torn;

  /**
   * Bytes that are no part of a whole frame.
   *
   * @param count of bytes between frames, else 1
   * @param last the last of them
   */
  record Skipped(WireFault.Kind kind, long count, byte[] last) {}

  /** For whoever has its memory to itself. */
  MllpFrames(int largest) {
    this(largest, new FrameRoom(Long.MAX_VALUE));
  }

  /**
   * @param largest bytes a frame may hold; what is longer sets {@link #overflowed()}
   * @param room that frames longer than 64 KB take their memory from; where there is none is told
   *     by {@link #withoutRoom()}
   */
  MllpFrames(int largest, FrameRoom room) {
    this.largest = largest;
    this.room = room;
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

  /** The contents of several frames, with what ends one and starts the next between them. */
  static byte[] join(List<byte[]> messages) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] each : messages) {
      if (joined.size() > 0) {
        joined.write(FS);
        joined.write(CR);
        joined.write(VT);
      }
      joined.writeBytes(each);
    }
    return joined.toByteArray();
  }

  /** False if the message holds a character that would begin or end a frame. */
  static boolean wrappable(byte[] message) {
    return ByteScan.either(message, 0, message.length, VT, FS) == message.length;
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
    while (at < end && !overflowed && !withoutRoom && !drowned()) {
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
      if (chunk[at] != CR && chunk[at] != LF) {
        junk++;
        junkOfRun++;
        skipped.add(chunk[at]);
      }
      at++;
    }
    if (at < end) {
      tellOfJunk();
      begin();
      at++;
    }
    return at;
  }

  private void tellOfJunk() {
    if (junkOfRun > 0) {
      faults.add(new Skipped(WireFault.Kind.BETWEEN_FRAMES, junkOfRun, skipped.take()));
      junkOfRun = 0;
    }
  }

  private void begin() {
    inside = true;
    endBegun = false;
    length = 0;
    begun++;
  }

  private void tellOfTorn() {
    torn++;
    faults.add(new Skipped(WireFault.Kind.TORN, 1, last()));
  }

  /** The end of the frame that is being received. */
  byte[] last() {
    return Arrays.copyOfRange(content, Math.max(0, length - WireFault.MOST_BYTES), length);
  }

  /** Nothing more comes: what is unfinished is told too. */
  void ended() {
    tellOfJunk();
    if (inside) {
      tellOfTorn();
    }
  }

  /** The frame that is being received is refused, and that is told already. */
  void refused() {
    inside = false;
  }

  /** What was skipped since this was last asked. */
  List<Skipped> skipped() {
    if (faults.isEmpty()) {
      return List.of();
    }
    List<Skipped> told = List.copyOf(faults);
    faults.clear();
    return told;
  }

  private int content(byte[] chunk, int from, int end) {
    int at = ByteScan.either(chunk, from, end, VT, FS);
    append(chunk, from, at - from);
    if (at == end) {
      return at;
    }
    if (chunk[at] == FS) {
      endBegun = true;
    } else {
      tellOfTorn();
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
      if (content.length > OWN) {
        content = new byte[SMALL];
        answering += taken;
        taken = 0;
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
    if (length + count > content.length && !grow(length + count)) {
      withoutRoom = true;
      return;
    }
    System.arraycopy(chunk, from, content, length, count);
    length += count;
  }

  private boolean grow(int needed) {
    int doubled = (int) Math.min((long) content.length * 2, Math.max(largest, 1));
    int capacity = Math.max(doubled, needed);
    long more = Math.max(0, capacity - OWN) - taken;
    if (more > 0) {
      if (!room.take(more)) {
        return false;
      }
      taken += more;
    }
    content = Arrays.copyOf(content, capacity);
    return true;
  }

  /** All frames that were handed out are done with: their room is free. */
  void answered() {
    room.give(answering);
    answering = 0;
  }

  /** Gives all room back; nothing is taken from then on. */
  void close() {
    room.give(answering + taken);
    answering = 0;
    taken = 0;
    content = new byte[0];
    length = 0;
  }

  /** True once there was no room for a frame; nothing is taken from then on. */
  boolean withoutRoom() {
    return withoutRoom;
  }

  /** True once too many bytes came without a frame; nothing is taken from then on. */
  boolean drowned() {
    return junkOfRun > MOST_JUNK;
  }

  /** How many frames have begun. */
  long begun() {
    return begun;
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

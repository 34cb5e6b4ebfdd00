package org.millrace.hl7;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Several messages that came as one: a file (FHS … FTS), batches (BHS … BTS), or messages one after
 * the other. Immutable.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.10.3.
 *
 * @param file the FHS segment as received, without its end; empty if there is none
 * @param groups what stands between BHS and BTS, in order; one without BHS if there is none
 * @param fault what is wrong with the frame around the messages, which are taken all the same
 */
public record Batch(Optional<byte[]> file, List<Group> groups, Optional<V2Fault> fault) {

  /**
   * The messages of one batch.
   *
   * @param header the BHS segment as received, without its end; empty if there is none
   * @param messages each as received
   */
  public record Group(Optional<byte[]> header, List<byte[]> messages) {}

  /** Reads what holds a file header, a batch header or more than one MSH; empty for all else. */
  public static Optional<Batch> read(byte[] bytes) {
    return isBatch(bytes) ? Optional.of(new Reading(bytes).batch()) : Optional.empty();
  }

  /** How many segments of it begin a message, or begin or end a batch or a file. */
  static int heads(byte[] bytes) {
    int heads = 0;
    int at = start(bytes, 0);
    while (at < bytes.length) {
      int end = end(bytes, at);
      heads += isHead(bytes, at, end) ? 1 : 0;
      at = start(bytes, Math.max(end, at + 1));
    }
    return heads;
  }

  private static boolean isHead(byte[] bytes, int at, int end) {
    return named(bytes, at, "MSH")
        || named(bytes, at, "FHS")
        || named(bytes, at, "BHS")
        || trailer(bytes, at, end, "BTS")
        || trailer(bytes, at, end, "FTS");
  }

  /** Whether there is a file header, a batch header or more than one MSH. */
  static boolean isBatch(byte[] bytes) {
    int headers = 0;
    int at = start(bytes, 0);
    if (named(bytes, at, "FHS") || named(bytes, at, "BHS")) {
      return true;
    }
    while (at < bytes.length && headers < 2) {
      headers += named(bytes, at, "MSH") ? 1 : 0;
      at = start(bytes, end(bytes, at));
    }
    return headers > 1;
  }

  private static int end(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && !Msh.lineEnd(bytes[at])) {
      at++;
    }
    return at;
  }

  /** Behind blanks, line ends and a byte order mark. */
  private static int start(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && (Msh.lineEnd(bytes[at]) || (from == 0 && passedOver(bytes[at])))) {
      at++;
    }
    return at;
  }

  private static boolean passedOver(byte each) {
    return (each >= 0 && each <= ' ')
        || each == (byte) 0xEF
        || each == (byte) 0xBB
        || each == (byte) 0xBF;
  }

  /** A segment of that name; its delimiter is no letter and no digit. */
  private static boolean named(byte[] bytes, int at, String name) {
    return bytes.length > at + 3
        && bytes[at] == name.charAt(0)
        && bytes[at + 1] == name.charAt(1)
        && bytes[at + 2] == name.charAt(2)
        && bytes[at + 3] > ' '
        && !Msh.letterOrDigit(bytes[at + 3]);
  }

  /** The same, which may have no field at all. */
  private static boolean trailer(byte[] bytes, int at, int end, String name) {
    boolean bare =
        end == at + 3 && new String(bytes, at, 3, StandardCharsets.ISO_8859_1).equals(name);
    return bare || named(bytes, at, name);
  }

  /** One walk through the lines. */
  private static final class Reading {
    private final byte[] bytes;
    private final List<Group> groups = new ArrayList<>();
    private Optional<byte[]> file = Optional.empty();
    private Optional<byte[]> header = Optional.empty();
    private List<byte[]> messages = new ArrayList<>();
    private Optional<V2Fault> fault = Optional.empty();
    private int message = -1;
    private boolean open;
    private boolean fileEnded;

    Reading(byte[] bytes) {
      this.bytes = bytes;
    }

    Batch batch() {
      int at = start(bytes, 0);
      while (at < bytes.length) {
        int end = end(bytes, at);
        line(at, end);
        at = start(bytes, Math.max(end, at + 1));
      }
      endMessage(bytes.length);
      if (open) {
        missing("BTS");
      }
      endGroup();
      if (file.isPresent() && !fileEnded) {
        missing("FTS");
      }
      return new Batch(file, List.copyOf(groups), fault);
    }

    private void line(int at, int end) {
      if (named(bytes, at, "MSH")) {
        endMessage(at);
        message = at;
      } else if (named(bytes, at, "FHS")) {
        endMessage(at);
        file = Optional.of(Arrays.copyOfRange(bytes, at, end));
      } else if (named(bytes, at, "BHS")) {
        endMessage(at);
        if (open) {
          missing("BTS");
        }
        endGroup();
        header = Optional.of(Arrays.copyOfRange(bytes, at, end));
        open = true;
      } else if (trailer(bytes, at, end, "BTS")) {
        endMessage(at);
        count("BTS", at, end, messages.size());
        open = false;
        endGroup();
      } else if (trailer(bytes, at, end, "FTS")) {
        endMessage(at);
        endGroup();
        count("FTS", at, end, groups.size());
        fileEnded = true;
      } else if (message < 0) {
        // Answered as what it is: bytes that are no message.
        message = at;
      }
    }

    private void endMessage(int end) {
      if (message >= 0) {
        messages.add(Arrays.copyOfRange(bytes, message, end));
        message = -1;
      }
    }

    private void endGroup() {
      if (header.isPresent() || !messages.isEmpty()) {
        groups.add(new Group(header, List.copyOf(messages)));
      }
      header = Optional.empty();
      messages = new ArrayList<>();
    }

    /** The first field of a trailer says how many there are; it may be empty. */
    private void count(String trailer, int at, int end, int found) {
      String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
      String[] fields = line.length() > 3 ? line.split(quoted(line.charAt(3)), -1) : new String[0];
      String said = fields.length > 1 ? fields[1].strip() : "";
      if (!said.isEmpty() && !said.equals(Integer.toString(found))) {
        boolean number = said.matches("[0-9]{1,9}");
        fault =
            Optional.of(
                V2Fault.at(
                    V2Location.field(trailer, 1, 1),
                    ErrorCode.SEGMENT_SEQUENCE,
                    trailer
                        + "-1 says "
                        + (number ? Integer.toString(Integer.parseInt(said)) : "something else")
                        + ", and "
                        + found
                        + " came"));
      }
    }

    private static String quoted(char delimiter) {
      return Pattern.quote(String.valueOf(delimiter));
    }

    private void missing(String trailer) {
      fault =
          Optional.of(
              V2Fault.at(
                  V2Location.segment(trailer, 1),
                  ErrorCode.SEGMENT_SEQUENCE,
                  trailer + " is missing: the end may have been cut off"));
    }
  }
}

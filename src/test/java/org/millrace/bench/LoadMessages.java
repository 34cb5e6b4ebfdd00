package org.millrace.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Results of one sender, each with a number of its own that is its control id and its filler
 * number, so that acknowledgment and document tell which message they are of. Not thread-safe.
 */
final class LoadMessages {
  /** What an ordinary report of a laboratory has, in bytes. */
  static final int SIZE = 2400;

  /** Of each sender; they take turns. */
  static final int PATIENTS = 50;

  private static final int DIGITS = 9;
  private static final String NUMBER = "000000000";
  private static final String MRN = "9900000";
  private static final int PATIENT_DIGITS = 3;
  private static final String LINE =
      "|TX|11506-3^Progress note^LN|1|Seen on the ward, 5 mg.||||||F\r";

  private final byte[] frame;
  private final int[] numbersAt;
  private final int[] patientsAt;

  /**
   * @param sender MSH-3
   * @param visits whether they name the patient's visit (PV1-19), which costs a call more
   */
  LoadMessages(String sender, boolean visits) {
    StringBuilder text = new StringBuilder(SIZE + 100);
    text.append("\u000bMSH|^~\\&|").append(sender).append("|NORTH|MILLRACE|HUB|20261120101500||");
    text.append("ORU^R01^ORU_R01|B").append(NUMBER).append("|D|2.5.1\r");
    text.append("PID|1||" + MRN + "^^^MRN^MR||ZZTESTMILLER^ANNA^B||19610314|F\r");
    if (visits) {
      text.append("PV1|1|I|4N^412^A|||||||||||||||||87" + MRN + "\r");
    }
    text.append("OBR|1||B").append(NUMBER).append("|11506-3^Progress note^LN|||20261119143000");
    text.append("|||||||||1234^ADLER^GRETE^^^DR||||||20261119151500||LAB|F\r");
    for (int line = 1; text.length() < SIZE; line++) {
      text.append("OBX|").append(line).append(LINE);
    }
    text.append("\u001c\r");
    frame = text.toString().getBytes(StandardCharsets.US_ASCII);
    numbersAt = places(text, "B" + NUMBER, 1);
    patientsAt = places(text, MRN, MRN.length() - PATIENT_DIGITS);
  }

  private static int[] places(CharSequence text, String what, int offset) {
    return Pattern.compile(what)
        .matcher(text)
        .results()
        .mapToInt(at -> at.start() + offset)
        .toArray();
  }

  /** The frame of the message of this number; the same array each time. */
  byte[] frame(int number) {
    for (int at : numbersAt) {
      write(number, at, DIGITS);
    }
    for (int at : patientsAt) {
      write(number % PATIENTS, at, PATIENT_DIGITS);
    }
    return frame;
  }

  /** The message without its framing, in an array of its own. */
  byte[] message(int number) {
    byte[] framed = frame(number);
    return Arrays.copyOfRange(framed, 1, framed.length - 2);
  }

  private void write(int number, int at, int digits) {
    int left = number;
    for (int i = at + digits - 1; i >= at; i--) {
      frame[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /**
   * The first number behind a {@code B} in these bytes; -1 if there is none.
   *
   * @param before what stands right before the B
   */
  static int numberIn(byte[] bytes, int from, int to, char before) {
    for (int at = from; at < to - DIGITS - 1; at++) {
      if (bytes[at] == before && bytes[at + 1] == 'B') {
        int number = read(bytes, at + 2);
        if (number >= 0) {
          return number;
        }
      }
    }
    return -1;
  }

  private static int read(byte[] bytes, int at) {
    int number = 0;
    for (int i = at; i < at + DIGITS; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return -1;
      }
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }
}

package org.millrace.replay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of messages as people keep them: any line ends, several messages one after the other, MLLP
 * framing left in or not.
 *
 * <p>Works on bytes (ISO-8859-1 keeps each byte), so that a message goes out in the charset it was
 * written in.
 */
public final class MessageFile {

  private MessageFile() {}

  /**
   * The messages of a file; each line that begins with {@code MSH} starts one.
   *
   * @param lineEnd what ends each segment in the result
   */
  public static List<byte[]> messages(byte[] file, String lineEnd) {
    List<byte[]> messages = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String line : lines(file)) {
      if (line.startsWith("MSH") && !current.isEmpty()) {
        messages.add(bytes(current));
        current.setLength(0);
      }
      if (!line.isEmpty()) {
        current.append(line).append(lineEnd);
      }
    }
    if (!current.isEmpty()) {
      messages.add(bytes(current));
    }
    return messages;
  }

  /** The whole file as one message, with this end after each line. */
  public static byte[] whole(byte[] file, String lineEnd) {
    StringBuilder all = new StringBuilder();
    for (String line : lines(file)) {
      if (!line.isEmpty()) {
        all.append(line).append(lineEnd);
      }
    }
    return bytes(all);
  }

  /** Messages as a file that is good to read and to compare: a line feed after each segment. */
  static byte[] write(List<byte[]> messages) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      file.writeBytes(whole(message, "\n"));
    }
    return file.toByteArray();
  }

  private static String[] lines(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return text.replace("\u000b", "").replace("\u001c", "").split("\r\n|\r|\n", -1);
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}

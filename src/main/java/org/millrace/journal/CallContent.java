package org.millrace.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What was asked of Cerner and what came back; patient data, and never a token.
 *
 * @param target path and query; empty if the content of this call is not to be kept
 * @param request the body that was sent; empty if there was none
 * @param response the body that came back; empty if there was none
 */
public record CallContent(String target, byte[] request, byte[] response) {

  /**
   * What was asked as it is kept: path and query, an empty line, and the body.
   *
   * @param limit so many bytes of the body, which ends with a word on what is left out
   */
  byte[] asked(int limit) {
    byte[] head = (target + "\n\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = cut(request, limit);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  byte[] answered(int limit) {
    return cut(response, limit);
  }

  private static byte[] cut(byte[] body, int limit) {
    if (body.length <= limit) {
      return body;
    }
    byte[] word = ("\n... (" + body.length + " bytes in all)").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(limit + word.length).put(body, 0, limit).put(word).array();
  }

  /** As it was kept. */
  static CallContent kept(byte[] asked, byte[] answered) {
    for (int at = 0; at + 1 < asked.length; at++) {
      if (asked[at] == '\n' && asked[at + 1] == '\n') {
        return new CallContent(
            new String(asked, 0, at, StandardCharsets.UTF_8),
            Arrays.copyOfRange(asked, at + 2, asked.length),
            answered);
      }
    }
    return new CallContent("", asked, answered);
  }

  /** How long they are only: they are a patient's. */
  @Override
  public String toString() {
    return request.length + " bytes asked, " + response.length + " answered";
  }
}

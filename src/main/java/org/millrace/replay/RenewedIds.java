package org.millrace.replay;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Gives the messages of a case new control ids, since a running engine may have seen the old ones,
 * and puts the old ones back into the replies. The same id gets the same new one throughout a case.
 * Not thread-safe.
 */
final class RenewedIds {
  private static final int MSH_10 = 9;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final boolean renew;
  private final Map<String, String> newIds = new LinkedHashMap<>();

  /**
   * @param renew false leaves every message as it is
   */
  RenewedIds(boolean renew) {
    this.renew = renew;
  }

  /** The message with a new MSH-10; as it is if it has none. */
  byte[] renewed(byte[] message) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    if (!renew || !text.startsWith("MSH") || text.length() < 5) {
      return message;
    }
    int end = text.indexOf('\r') < 0 ? text.length() : text.indexOf('\r');
    String separator = text.substring(3, 4);
    String[] fields = text.substring(0, end).split(java.util.regex.Pattern.quote(separator), -1);
    if (fields.length <= MSH_10 || fields[MSH_10].isBlank()) {
      return message;
    }
    fields[MSH_10] = newIds.computeIfAbsent(fields[MSH_10], old -> fresh());
    return (String.join(separator, fields) + text.substring(end))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String fresh() {
    return "R" + Long.toString(RANDOM.nextLong() >>> 1, 36).toUpperCase(Locale.ROOT);
  }

  /** A reply with the case's own ids. */
  byte[] restored(byte[] reply) {
    String text = new String(reply, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> each : newIds.entrySet()) {
      text = text.replace(each.getValue(), each.getKey());
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

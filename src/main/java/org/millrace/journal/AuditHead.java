package org.millrace.journal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last entry of a chain at some moment. Whoever keeps one elsewhere can tell later that nothing
 * up to it was taken away.
 */
public record AuditHead(String chain, long seq, String hash) {
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9-]{1,40}):([1-9]\\d{0,17}):([A-Za-z0-9:_-]{1,100})");

  /** One as it is written. */
  public static Optional<AuditHead> read(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new AuditHead(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
        : Optional.empty();
  }

  /** As it is written and read: {@code engine:1204:k:Xy…}. */
  @Override
  public String toString() {
    return chain + ":" + seq + ":" + hash;
  }
}

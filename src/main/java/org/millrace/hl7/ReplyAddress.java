package org.millrace.hl7;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that replies are sent to: {@code host:port}, or {@code tls://host:port}.
 *
 * @param tls whether the connection is TLS
 * @param host a name or an IP address (IPv6 in brackets)
 */
public record ReplyAddress(boolean tls, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(tls://)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([1-9][0-9]{0,4})");
  private static final int LAST_PORT = 65_535;

  /** The address that a text is; empty if it is none. */
  public static Optional<ReplyAddress> read(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > LAST_PORT) {
      return Optional.empty();
    }
    return Optional.of(
        new ReplyAddress(parts.group(1) != null, parts.group(2), Integer.parseInt(parts.group(3))));
  }

  /** Whether a text is an address. */
  public static boolean isOne(String text) {
    return read(text).isPresent();
  }
}

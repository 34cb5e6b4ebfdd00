package org.millrace.hl7;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses that replies are sent to, as {@code host:port}. */
public final class ReplyAddress {
  private static final Pattern FORM =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([1-9][0-9]{0,4})");
  private static final int LAST_PORT = 65_535;

  private ReplyAddress() {}

  /** Whether it is a host or an IP address (IPv6 in brackets), a colon and a port. */
  public static boolean isOne(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches() && Integer.parseInt(parts.group(1)) <= LAST_PORT;
  }
}

package org.millrace.mllp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads addresses that are written down. */
public final class PeerAddress {

  // Digits and colons only: a name would be looked up, and answered differently tomorrow.
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9]+(?:\\.[0-9]+){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(%[0-9A-Za-z._-]+)?");

  private PeerAddress() {}

  /**
   * Reads one.
   *
   * @param text {@code 10.1.2.3}, {@code fd00::17}; the zone of the latter ({@code %eth0}) is left
   *     out
   * @return empty if it is none, also if it is a name
   */
  public static Optional<InetAddress> read(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches() || address.group(2) != null && text.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(address.group(1)));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** As the journal has it, and pages show it. */
  public static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}

package org.millrace.console;

import java.util.List;

/**
 * Keeps a log-in that was begun in the browser until the provider sends it back. That comes from
 * another site, so this cookie is sent along with links from there, as the one of a session is not;
 * it opens nothing.
 */
final class AttemptCookie {
  private static final int SECONDS = 600;

  private final String name;

  /**
   * @param port cookies of one host are the same for all of its ports, so the name has it
   */
  AttemptCookie(int port) {
    name = "millrace-log-in-" + port;
  }

  /**
   * What the browser keeps; empty if it keeps none.
   *
   * @param secure whether the browser has come over TLS
   */
  String of(List<String> cookies, boolean secure) {
    for (String header : cookies) {
      for (String pair : header.split(";", -1)) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(name(secure))) {
          return parts[1];
        }
      }
    }
    return "";
  }

  /**
   * How the browser is told to keep it, and to forget it.
   *
   * @param value empty to forget
   */
  String setCookie(String value, boolean secure) {
    return name(secure)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + (value.isEmpty() ? 0 : SECONDS)
        + (secure ? "; Secure" : "");
  }

  /** Over TLS, one that no other host of the site's domain can set. */
  private String name(boolean secure) {
    return secure ? "__Host-" + name : name;
  }
}

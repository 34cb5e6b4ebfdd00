package org.millrace.console;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must show before anything is made of it: that it is a page of the console that
 * asks, since any site that a browser has open can send requests to this machine, too.
 *
 * <p>Over plain text the console answers to names of this machine only: one that an attacker's DNS
 * leads here would make their page one of this origin. Over TLS it answers to every name that a
 * certificate was shown for, since there people log in, and a cookie is for one name.
 *
 * @param own the names of this machine with the port, as {@code Host} may have them
 * @param tls whether requests come over TLS
 * @param tlsInFront whether they may have come over TLS to something in front
 */
record Doorway(Set<String> own, boolean tls, boolean tlsInFront) {

  static Doorway at(int port, boolean tls, boolean tlsInFront) {
    return new Doorway(
        Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port), tls, tlsInFront);
  }

  /**
   * Why a request is turned away, for whoever reads it in a browser; empty if it is not.
   *
   * @param guarded whether people must log in
   */
  Optional<Answer> refuse(String method, List<String> host, List<String> origin, boolean guarded) {
    boolean anyName = guarded && (tls || tlsInFront);
    if (host.size() != 1 || !(own.contains(host.get(0)) || anyName && isName(host.get(0)))) {
      return Optional.of(
          Answer.plain(
              421, "The console answers to localhost and to the loopback addresses only."));
    }
    if (!Set.of("GET", "HEAD", "POST").contains(method)) {
      return Optional.of(Answer.plain(405, "The console knows GET and POST."));
    }
    String scheme = secure(host) ? "https://" : "http://";
    if (method.equals("POST") && !origin.equals(List.of(scheme + host.get(0)))) {
      return Optional.of(Answer.plain(403, "The form was not sent by a page of this console."));
    }
    return Optional.empty();
  }

  private static boolean isName(String host) {
    return host.matches("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?");
  }

  /** Whether the browser has come over TLS. */
  boolean secure(List<String> host) {
    return tls || tlsInFront && !(host.size() == 1 && own.contains(host.get(0)));
  }
}

package org.millrace.console;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must show before anything is made of it. The console knows no log-in yet, so that
 * it must be sure that it is a page of its own, on this machine, that asks: any site that a browser
 * has open can send requests to this machine, too.
 *
 * @param hosts the names of this machine with the port, as {@code Host} may have them
 */
record Doorway(Set<String> hosts) {

  static Doorway at(int port) {
    return new Doorway(Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port));
  }

  /** Why a request is turned away, for whoever reads it in a browser; empty if it is not. */
  Optional<Answer> refuse(String method, List<String> host, List<String> origin) {
    if (host.size() != 1 || !hosts.contains(host.get(0))) {
      // A name that an attacker's DNS leads here would make their page one of this origin.
      return Optional.of(
          Answer.plain(
              421, "The console answers to localhost and to the loopback addresses only."));
    }
    if (!Set.of("GET", "HEAD", "POST").contains(method)) {
      return Optional.of(Answer.plain(405, "The console knows GET and POST."));
    }
    if (method.equals("POST") && !origin.equals(List.of("http://" + host.get(0)))) {
      return Optional.of(Answer.plain(403, "The form was not sent by a page of this console."));
    }
    return Optional.empty();
  }
}

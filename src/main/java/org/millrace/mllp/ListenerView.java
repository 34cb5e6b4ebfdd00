package org.millrace.mllp;

import java.util.List;

/**
 * A listener as it was at the moment it was looked at.
 *
 * @param route the id of its route
 * @param tls whether its connections are of TLS
 * @param ways what its route says of replies and release, in words; empty if nothing
 * @param most connections at once
 * @param open its connections, the oldest first
 * @param gone those that ended or were turned away lately, the last first
 */
public record ListenerView(
    String route,
    int port,
    boolean tls,
    String ways,
    int most,
    List<ConnectionView> open,
    List<ConnectionView> gone) {
  public ListenerView {
    open = List.copyOf(open);
    gone = List.copyOf(gone);
  }
}

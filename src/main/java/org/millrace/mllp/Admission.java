package org.millrace.mllp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Who may connect to a port, and how many are connected. Thread-safe. */
final class Admission {
  private final AllowedPeers allowed;
  private final Predicate<InetAddress> blocked;
  private final int most;
  private final int mostOfPeer;
  private final Map<InetAddress, Integer> open = new HashMap<>();
  private int all;

  Admission(AllowedPeers allowed, Predicate<InetAddress> blocked, int most, int mostOfPeer) {
    this.allowed = allowed;
    this.blocked = blocked;
    this.most = most;
    this.mostOfPeer = mostOfPeer;
  }

  /** Takes a place, to be given back with {@link #leave}; or says why there is none. */
  synchronized Optional<WireFault.Kind> enter(InetAddress peer) {
    if (!allowed.allows(peer)) {
      return Optional.of(WireFault.Kind.NOT_ALLOWED);
    }
    if (blocked.test(peer)) {
      return Optional.of(WireFault.Kind.BLOCKED);
    }
    if (all >= most) {
      return Optional.of(WireFault.Kind.TOO_MANY);
    }
    if (open.getOrDefault(peer, 0) >= mostOfPeer) {
      return Optional.of(WireFault.Kind.TOO_MANY_OF_PEER);
    }
    all++;
    open.merge(peer, 1, Integer::sum);
    return Optional.empty();
  }

  synchronized void leave(InetAddress peer) {
    all--;
    open.computeIfPresent(peer, (address, count) -> count == 1 ? null : count - 1);
  }

  /** Connections now. */
  synchronized int count() {
    return all;
  }
}

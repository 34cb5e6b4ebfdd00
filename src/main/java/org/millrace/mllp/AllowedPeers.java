package org.millrace.mllp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * From which addresses connections are taken: single ones ({@code 10.1.2.3}, {@code fd00::17}) and
 * networks ({@code 10.1.0.0/16}). Immutable.
 */
public final class AllowedPeers {
  /** From everywhere. */
  public static final AllowedPeers ALL = new AllowedPeers(List.of());

  private final List<Network> networks;

  private record Network(byte[] address, int bits) {
    boolean holds(byte[] peer) {
      if (peer.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((peer[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private AllowedPeers(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Reads addresses and networks with commas or blanks between.
   *
   * @throws IllegalArgumentException naming the part that is neither
   */
  public static AllowedPeers read(String text) {
    List<Network> networks = new ArrayList<>();
    for (String part : text.strip().split("[,\\s]+")) {
      networks.add(network(part));
    }
    return new AllowedPeers(networks);
  }

  private static Network network(String part) {
    int slash = part.indexOf('/');
    byte[] address = address(part, slash < 0 ? part : part.substring(0, slash));
    int most = address.length * 8;
    if (slash < 0) {
      return new Network(address, most);
    }
    String bits = part.substring(slash + 1);
    if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
      throw notOne(part);
    }
    Network network = new Network(address, Integer.parseInt(bits));
    for (int bit = network.bits(); bit < most; bit++) {
      if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new IllegalArgumentException(
            "holds " + part + ", whose address has bits beyond its " + bits);
      }
    }
    return network;
  }

  private static byte[] address(String part, String text) {
    return PeerAddress.read(text).orElseThrow(() -> notOne(part)).getAddress();
  }

  private static IllegalArgumentException notOne(String part) {
    return new IllegalArgumentException(
        "holds " + part + ", which is no address and no network such as 10.1.0.0/16");
  }

  /** Whether a connection of this address is taken. */
  public boolean allows(InetAddress peer) {
    return networks.isEmpty()
        || networks.stream().anyMatch(network -> network.holds(peer.getAddress()));
  }
}

package org.millrace.guard;

import java.util.Arrays;

/** Addresses as they are counted. Stateless. */
final class Addresses {
  private static final int GROUPS_OF_A_NETWORK = 4;

  private Addresses() {}

  /**
   * An IPv4 address as it is; of an IPv6 address the network, since whoever has one has 2^64
   * addresses in it.
   *
   * @param address as the socket has it, groups not shortened
   */
  static String counted(String address) {
    String plain = address.split("%", 2)[0];
    String[] groups = plain.split(":", -1);
    return groups.length == 2 * GROUPS_OF_A_NETWORK
        ? String.join(":", Arrays.copyOf(groups, GROUPS_OF_A_NETWORK)) + "::/64"
        : plain;
  }
}

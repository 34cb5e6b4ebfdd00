package org.millrace.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedPeersTest {

  private static boolean allows(String list, String peer) throws UnknownHostException {
    return AllowedPeers.read(list).allows(InetAddress.getByName(peer));
  }

  @Test
  void singleAddressesAndNetworksOfBothKindsAreToldApart() throws Exception {
    String list = "10.1.2.3, 10.9.0.0/16 192.168.4.128/25,fd00:1::/32";

    for (String in : List.of("10.1.2.3", "10.9.255.1", "192.168.4.200", "fd00:1:5::7")) {
      assertThat(allows(list, in)).as(in).isTrue();
    }
    for (String out : List.of("10.1.2.4", "10.8.0.1", "192.168.4.127", "fd00:2::1", "127.0.0.1")) {
      assertThat(allows(list, out)).as(out).isFalse();
    }
  }

  @Test
  void anAddressOfTheOldKindIsTheSameWhenTheSystemWritesItAsOneOfTheNew() throws Exception {
    assertThat(allows("10.1.2.3", "::ffff:10.1.2.3")).isTrue();
  }

  @Test
  void withoutAListAllAreAllowed() throws Exception {
    assertThat(AllowedPeers.ALL.allows(InetAddress.getByName("203.0.113.9"))).isTrue();
    assertThat(allows("0.0.0.0/0", "203.0.113.9")).isTrue();
  }

  @Test
  void whatIsNeitherIsNamed() {
    for (String wrong : List.of("lab.hospital.example", "10.1.2", "10.1.2.3/33", "10.1.2.3/x")) {
      assertThatThrownBy(() -> AllowedPeers.read("10.0.0.1," + wrong + ",10.0.0.2"))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("holds " + wrong);
    }
    assertThatThrownBy(() -> AllowedPeers.read("10.1.2.3/16"))
        .hasMessage("holds 10.1.2.3/16, whose address has bits beyond its 16");
  }
}

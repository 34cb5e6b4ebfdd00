package org.millrace.mllp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * Has the system ask after a silent peer, so that one whose machine or firewall went away without a
 * word is noticed within two minutes. The systems' own times are hours.
 */
final class KeepAlive {
  private static final Map<SocketOption<Integer>, Integer> SECONDS_AND_TIMES =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, 60,
          ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
          ExtendedSocketOptions.TCP_KEEPCOUNT, 6);

  private KeepAlive() {}

  /** Where the system cannot be told the times, its own hold. */
  static void on(Socket socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    for (Map.Entry<SocketOption<Integer>, Integer> each : SECONDS_AND_TIMES.entrySet()) {
      if (socket.supportedOptions().contains(each.getKey())) {
        socket.setOption(each.getKey(), each.getValue());
      }
    }
  }
}

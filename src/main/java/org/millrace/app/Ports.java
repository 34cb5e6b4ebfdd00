package org.millrace.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Checks the ports before anything starts, so that a busy one is one clear line and nothing is half
 * open.
 */
final class Ports {

  private Ports() {}

  /**
   * Checks that a port can be listened on; 0, which takes any free one, always can.
   *
   * @param setting named in the complaint
   * @throws StartException if it is taken or the address is not ours
   */
  static void check(String setting, String bind, int port) throws StartException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
    } catch (IOException e) {
      checkAddress(bind);
      throw new StartException(
          setting
              + ": cannot listen on "
              + bind
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "); stop what uses it, or set another port",
          e);
    }
  }

  /** Where not even a free port can be had, the address is at fault and no port. */
  private static void checkAddress(String bind) throws StartException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(bind), 0));
    } catch (IOException e) {
      throw new StartException(
          "MILLRACE_BIND: " + bind + " is no address of this machine (" + e.getMessage() + ")", e);
    }
  }
}

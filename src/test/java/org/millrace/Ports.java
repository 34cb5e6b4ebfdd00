package org.millrace;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback address that tests and benchmarks name before anybody listens there. */
public final class Ports {
  private static final int LOWEST = 20_000;
  private static final int COUNT = 12_000;
  // Begins anywhere, since other runs on this machine look for ports as well.
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /**
   * Below those that the operating system gives to connections that go out and to listeners of port
   * 0: one of them would take the port of an engine that is down for a moment. None is given twice
   * before all were.
   */
  public static int free() throws IOException {
    while (true) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (BindException taken) {
        // Another one.
        continue;
      }
    }
  }

  /** One that refuses every connection until it is closed: it is held, and nobody listens there. */
  public static final class Closed implements AutoCloseable {
    private final Socket held = new Socket();

    public Closed() throws IOException {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int number() {
      return held.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      held.close();
    }
  }
}

package org.millrace.mllp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A receiving system for trying out senders: takes every frame of every connection and answers as
 * it is told. It has none of a listener's limits, and is for loopback and test networks. One thread
 * for each connection.
 */
public final class MllpPartner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MllpPartner.class);
  private static final int CHUNK = 64 * 1024;

  private final ServerSocket listening;
  private final Function<byte[], Optional<byte[]>> answer;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private final Optional<Tls> tls;

  private MllpPartner(
      ServerSocket listening, Function<byte[], Optional<byte[]>> answer, Optional<Tls> tls) {
    this.listening = listening;
    this.answer = answer;
    this.tls = tls;
  }

  /**
   * Listens from now on.
   *
   * @param port 0 for any free one
   * @param answer gives the reply to a message, both without framing, on the thread of its
   *     connection; empty for none
   * @throws IOException if the port cannot be opened
   */
  public static MllpPartner start(
      InetAddress address, int port, Function<byte[], Optional<byte[]>> answer) throws IOException {
    return start(address, port, answer, Optional.empty());
  }

  /** The same over TLS, where there is any. */
  public static MllpPartner start(
      InetAddress address, int port, Function<byte[], Optional<byte[]>> answer, Optional<Tls> tls)
      throws IOException {
    MllpPartner partner = new MllpPartner(new ServerSocket(port, 50, address), answer, tls);
    start(partner::accept, "mllp-partner");
    return partner;
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        start(() -> serve(socket), "mllp-partner-connection");
      } catch (IOException ended) {
        LOG.debug("the partner listens no more: {}", ended.getClass().getSimpleName());
      }
    }
  }

  private void serve(Socket socket) {
    MllpFrames frames = new MllpFrames(MllpLimits.DEFAULT.frameBytes());
    byte[] chunk = new byte[CHUNK];
    try (Socket taken = socket;
        Socket spoken = tls.isPresent() ? tls.get().over(taken) : taken) {
      InputStream in = spoken.getInputStream();
      OutputStream out = spoken.getOutputStream();
      for (int count = in.read(chunk);
          count >= 0 && !frames.overflowed() && !frames.drowned();
          count = in.read(chunk)) {
        for (byte[] frame : frames.take(chunk, 0, count)) {
          Optional<byte[]> reply = answer.apply(frame);
          if (reply.isPresent()) {
            out.write(MllpFrames.wrap(reply.get()));
            out.flush();
          }
        }
      }
    } catch (IOException gone) {
      LOG.debug("a sender ended its connection: {}", gone.getClass().getSimpleName());
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}

package org.millrace.mllp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.millrace.mllp.MllpException.Reason;

/**
 * Sends messages over one MLLP connection and reads their replies; it judges framing alone, what a
 * reply says is its caller's business. After any failure the connection is closed, since a late
 * reply would be taken for that of the next message. It never sends twice. Not thread-safe.
 */
public final class MllpClient implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String peer;
  private final Duration replyWithin;
  private final MllpFrames frames = new MllpFrames(MllpLimits.DEFAULT.frameBytes());
  private final Deque<byte[]> received = new ArrayDeque<>();
  private final byte[] chunk = new byte[CHUNK];

  private MllpClient(Socket socket, String peer, Duration replyWithin) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.peer = peer;
    this.replyWithin = replyWithin;
  }

  /**
   * How long to wait.
   *
   * @param connect for the connection
   * @param reply for a whole reply, from the moment its message was written
   */
  public record Timeouts(Duration connect, Duration reply) {}

  /**
   * Connects.
   *
   * @throws MllpException UNKNOWN_HOST or REFUSED
   */
  public static MllpClient connect(String host, int port, Timeouts timeouts) throws MllpException {
    String peer = host + ":" + port;
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new MllpException(Reason.UNKNOWN_HOST, "The host of " + peer + " is not known");
    }
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, millis(timeouts.connect().toNanos()));
      return new MllpClient(socket, peer, timeouts.reply());
    } catch (IOException failure) {
      closeQuietly(socket);
      throw new MllpException(Reason.REFUSED, "Nobody takes a connection at " + peer, failure);
    }
  }

  /**
   * Sends one message and waits for its reply. Frames that came unasked before are dropped.
   *
   * @param message without framing
   * @return the reply without framing
   * @throws MllpException CLOSED, NOT_SENDABLE, RESET, NO_REPLY or REPLY_TOO_LONG
   */
  public byte[] exchange(byte[] message) throws MllpException {
    check(message);
    try {
      dropUnasked();
      out.write(MllpFrames.wrap(message));
      out.flush();
    } catch (IOException failure) {
      throw failed(Reason.RESET, "The connection to " + peer + " broke while sending", failure);
    }
    return reply();
  }

  /**
   * Sends all messages without waiting in between, and gives the replies in the order they come.
   *
   * @throws MllpException as {@link #exchange}; each reply has the whole time given
   */
  public List<byte[]> sendAll(List<byte[]> messages) throws MllpException {
    for (byte[] message : messages) {
      check(message);
    }
    // Written beside the reading: a peer whose replies nobody takes stops reading, and both would
    // wait.
    Thread writer = new Thread(() -> writeAll(messages), "mllp-send-" + peer);
    writer.setDaemon(true);
    writer.start();
    List<byte[]> replies = new ArrayList<>(messages.size());
    while (replies.size() < messages.size()) {
      replies.add(reply());
    }
    return replies;
  }

  private void writeAll(List<byte[]> messages) {
    try {
      for (byte[] message : messages) {
        out.write(MllpFrames.wrap(message));
      }
      out.flush();
    } catch (IOException failure) {
      // The reader meets the same broken connection and reports it.
      close();
    }
  }

  private void check(byte[] message) throws MllpException {
    if (socket.isClosed()) {
      throw new MllpException(Reason.CLOSED, "The connection to " + peer + " is closed");
    }
    if (!MllpFrames.wrappable(message)) {
      throw new MllpException(
          Reason.NOT_SENDABLE, "The message holds a framing character (VT or FS)");
    }
  }

  private void dropUnasked() throws IOException {
    while (in.available() > 0) {
      int count = in.read(chunk);
      if (count > 0) {
        frames.take(chunk, 0, count);
      }
    }
    received.clear();
  }

  private byte[] reply() throws MllpException {
    long until = System.nanoTime() + replyWithin.toNanos();
    try {
      while (received.isEmpty()) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException("deadline");
        }
        socket.setSoTimeout(millis(left));
        int count = in.read(chunk);
        if (count < 0) {
          throw new IOException("end of stream");
        }
        received.addAll(frames.take(chunk, 0, count));
        if (frames.overflowed()) {
          close();
          throw new MllpException(Reason.REPLY_TOO_LONG, "The reply of " + peer + " is too long");
        }
      }
      return received.removeFirst();
    } catch (SocketTimeoutException late) {
      String sentence = peer + " gave no whole reply within " + replyWithin.toMillis() + " ms";
      throw failed(Reason.NO_REPLY, sentence, late);
    } catch (IOException failure) {
      throw failed(Reason.RESET, peer + " ended the connection before its reply", failure);
    }
  }

  private MllpException failed(Reason reason, String sentence, IOException cause) {
    close();
    return new MllpException(reason, sentence, cause);
  }

  private static int millis(long nanos) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / 1_000_000));
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to be saved on a connection that cannot even be closed.
    }
  }
}

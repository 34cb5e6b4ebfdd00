package org.millrace.mllp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mllp.MllpException.Reason;

/**
 * Sends messages over one MLLP connection and reads their replies. After any failure the connection
 * is closed, since a late reply would be taken for that of the next message. It never sends twice.
 * Not thread-safe.
 */
public final class MllpClient implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final Set<String> POSITIVE = Set.of("AA", "CA");
  private static final Set<String> NEGATIVE = Set.of("AE", "AR", "CE", "CR");

  /** How a TLS server says that it was not spoken to in TLS: an alert, or a record of TLS. */
  private static final Set<Integer> TLS_RECORDS = Set.of(0x15, 0x16);

  private static final int LONGEST_BEGINNING = 16;
  private static final int TLS_MAJOR_VERSION = 3;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String peer;
  private final Duration replyWithin;
  private final MllpFrames frames = new MllpFrames(MllpLimits.DEFAULT.frameBytes());
  private final Deque<byte[]> received = new ArrayDeque<>();
  private final byte[] chunk = new byte[CHUNK];

  private boolean release2;

  /** The first bytes that came, unless a frame came first. */
  private byte[] beginning = new byte[0];

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
    return connect(host, port, timeouts, Optional.empty());
  }

  /**
   * The same over TLS, where there is any.
   *
   * @throws MllpException UNKNOWN_HOST or REFUSED; TLS if the two do not come together
   */
  public static MllpClient connect(String host, int port, Timeouts timeouts, Optional<TlsOut> tls)
      throws MllpException {
    String peer = host + ":" + port;
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new MllpException(Reason.UNKNOWN_HOST, "The host of " + peer + " is not known");
    }
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, millis(timeouts.connect().toNanos()));
    } catch (IOException failure) {
      closeQuietly(socket);
      throw new MllpException(Reason.REFUSED, "Nobody takes a connection at " + peer, failure);
    }
    try {
      int within = millis(timeouts.connect().toNanos());
      Socket own = tls.isPresent() ? tls.get().over(socket, host, within) : socket;
      return new MllpClient(own, peer, timeouts.reply());
    } catch (IOException failure) {
      closeQuietly(socket);
      throw new MllpException(
          Reason.TLS, "TLS with " + peer + " failed: " + TlsWords.of(failure), failure);
    }
  }

  /**
   * From now on by MLLP release 2: the peer commits each message by a frame of one byte before its
   * reply, and is told in the same way that its reply came.
   */
  public MllpClient release2() {
    release2 = true;
    return this;
  }

  /**
   * Sends one message and waits for its reply. Frames that came unasked before are dropped.
   *
   * @param message without framing
   * @return the reply without framing
   * @throws MllpException CLOSED, NOT_SENDABLE, RESET, NO_REPLY or REPLY_TOO_LONG; by release 2
   *     also NOT_COMMITTED, or NO_ACKNOWLEDGMENT if the peer speaks release 1
   */
  public byte[] exchange(byte[] message) throws MllpException {
    check(message);
    try {
      dropUnasked();
      write(message);
    } catch (IOException failure) {
      throw failed(Reason.RESET, "The connection to " + peer + " broke while sending", failure);
    }
    if (release2 && !committed(reply())) {
      close();
      throw new MllpException(
          Reason.NO_ACKNOWLEDGMENT, peer + " replied without a commit, as by MLLP release 1");
    }
    byte[] reply = reply();
    if (release2) {
      commit();
    }
    return reply;
  }

  /** False if the frame is no commit. */
  private boolean committed(byte[] frame) throws MllpException {
    if (!ListenerMode.isCommit(frame)) {
      return false;
    }
    if (frame[0] == ListenerMode.NAK) {
      throw new MllpException(
          Reason.NOT_COMMITTED, peer + " could not take the message (MLLP release 2, NAK)");
    }
    return true;
  }

  private void commit() throws MllpException {
    try {
      write(new byte[] {ListenerMode.ACK});
    } catch (IOException failure) {
      throw failed(Reason.RESET, "The connection to " + peer + " broke after its reply", failure);
    }
  }

  /** What is sent beside the reading leaves as a whole. */
  private void write(byte[] content) throws IOException {
    synchronized (out) {
      out.write(MllpFrames.wrap(content));
      out.flush();
    }
  }

  /**
   * Sends one message and holds its reply against it: only AA and CA for its own control id count.
   *
   * @param message an HL7 message without framing
   * @return the positive reply without framing
   * @throws MllpException as {@link #exchange}; NO_ACKNOWLEDGMENT or WRONG_ID, and the connection
   *     is closed, since what comes next on it cannot be told; NOT_ACCEPTED, with the reply in it
   * @throws V2FormatException if the message has no readable MSH; nothing was sent
   */
  public byte[] deliver(byte[] message) throws MllpException, V2FormatException {
    String controlId = V2Message.read(message).header().controlId();
    byte[] reply = exchange(message);
    Optional<Replies.Acknowledged> judged = Replies.judge(reply);
    if (judged.isEmpty()) {
      close();
      throw new MllpException(
          Reason.NO_ACKNOWLEDGMENT, peer + " replied, but not with an acknowledgment", reply);
    }
    if (!judged.get().controlId().equals(controlId)) {
      close();
      throw new MllpException(
          Reason.WRONG_ID, "The reply of " + peer + " is to another message (MSA-2)", reply);
    }
    String code = judged.get().code();
    if (!POSITIVE.contains(code)) {
      throw new MllpException(
          Reason.NOT_ACCEPTED,
          NEGATIVE.contains(code)
              ? peer + " did not take the message: " + code
              : peer + " gave an acknowledgment without a code that HL7 knows (MSA-1)",
          reply);
    }
    return reply;
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
      byte[] reply = reply();
      if (!release2 || !committed(reply)) {
        replies.add(reply);
        if (release2) {
          commit();
        }
      }
    }
    return replies;
  }

  private void writeAll(List<byte[]> messages) {
    try {
      for (byte[] message : messages) {
        synchronized (out) {
          out.write(MllpFrames.wrap(message));
        }
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
        beginning = frames.begun() == 0 && beginning.length == 0 ? begin(count) : beginning;
        received.addAll(frames.take(chunk, 0, count));
        if (frames.overflowed()) {
          close();
          throw new MllpException(Reason.REPLY_TOO_LONG, "The reply of " + peer + " is too long");
        }
        if (frames.drowned()) {
          throw new IOException("no frame");
        }
      }
      return received.removeFirst();
    } catch (SocketTimeoutException late) {
      String sentence = peer + " gave no whole reply within " + replyWithin.toMillis() + " ms";
      throw anotherProtocol(late).orElseGet(() -> failed(Reason.NO_REPLY, sentence, late));
    } catch (SSLHandshakeException refused) {
      // With TLS 1.3 a server that does not take our certificate says so after the handshake.
      throw failed(Reason.TLS, "TLS with " + peer + " failed: " + TlsWords.of(refused), refused);
    } catch (IOException failure) {
      String sentence = peer + " ended the connection before its reply";
      throw anotherProtocol(failure).orElseGet(() -> failed(Reason.RESET, sentence, failure));
    }
  }

  private byte[] begin(int count) {
    return Arrays.copyOf(chunk, Math.min(count, LONGEST_BEGINNING));
  }

  /** If all that the peer ever sent was no frame: what it may be instead. */
  private Optional<MllpException> anotherProtocol(IOException cause) {
    if (beginning.length == 0 || frames.begun() > 0) {
      return Optional.empty();
    }
    if (beginning.length > 1
        && TLS_RECORDS.contains((int) beginning[0])
        && beginning[1] == TLS_MAJOR_VERSION) {
      return Optional.of(
          failed(Reason.TLS, peer + " wants TLS, and this connection has none", cause));
    }
    boolean http = new String(beginning, StandardCharsets.ISO_8859_1).startsWith("HTTP/");
    return Optional.of(
        failed(
            Reason.NOT_MLLP,
            peer + (http ? " is an HTTP server" : " answers, but not in MLLP frames"),
            cause));
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

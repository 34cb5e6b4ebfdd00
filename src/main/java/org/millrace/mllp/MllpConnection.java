package org.millrace.mllp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.camel.component.mllp.MllpConfiguration;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a sender, for as long as it lasts: reads, hands each frame to the route, writes
 * its reply before the next frame is looked at.
 */
final class MllpConnection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MllpConnection.class);
  private static final int CHUNK = 64 * 1024;
  private static final int HEADER_PART = 8 * 1024;

  /** Replies to frames that came in one write may wait for each other this long. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket taken;
  private Socket socket;
  private final FrameMllpConsumer consumer;
  private final String peer;
  private final ConnectionTally tally;
  private final MllpFrames frames;
  private final RouteCall route;
  private final MllpLimits limits;
  private final ListenerMode mode;
  private final Object state = new Object();
  private boolean working;
  private boolean stopping;
  private long flushed;

  /** When the frame began that is being received, and when the last one was answered. */
  private long frameBegun;

  private long lastFrame = System.nanoTime();

  private boolean toldUnread;

  /** What an operator wants to see of it; for the connection's thread. */
  private Optional<Capture> capture = Optional.empty();

  /** When the TLS handshake began that is under way; 0 while none is. */
  private volatile long shaking;

  /** Once the connection may be written to; empty before. */
  private volatile Optional<RepliesOut> replies = Optional.empty();

  MllpConnection(Socket socket, FrameMllpConsumer consumer, ConnectionTally tally) {
    this.tally = tally;
    this.taken = socket;
    this.socket = socket;
    this.consumer = consumer;
    this.limits = consumer.component().limits();
    this.mode = consumer.endpoint().mode();
    this.peer = nameOf(socket);
    this.route = new RouteCall(consumer, peer, this::isStopping, this::later);
    this.frames =
        new MllpFrames(consumer.endpoint().largestFrame(), consumer.component().frameRoom());
  }

  /** Address and port: {@code 10.1.2.3:51234}. */
  static String nameOf(Socket socket) {
    return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
  }

  InetAddress address() {
    return taken.getInetAddress();
  }

  @Override
  public void run() {
    try (taken) {
      configure();
      if (!secured()) {
        return;
      }
      OutputStream buffered = new BufferedOutputStream(socket.getOutputStream(), CHUNK);
      RepliesOut out = new RepliesOut(buffered, consumer.pool(), peer, mode);
      replies = Optional.of(out);
      serve(socket.getInputStream(), out);
    } catch (IOException gone) {
      // How senders end a connection as a rule; what they sent completely has been handled.
      LOG.debug("MLLP connection of {} ended: {}", peer, gone.getClass().getSimpleName());
    } finally {
      consumer.ended(this);
      replies.ifPresent(RepliesOut::end);
      frames.ended();
      tellSkipped();
      frames.close();
      captured(Capture.BROKEN_OFF);
      tally.ended(ConnectionTally.BY_SENDER);
      consumer.departed(tally);
    }
  }

  private void configure() throws IOException {
    MllpConfiguration options = consumer.endpoint().getConfiguration();
    socket.setTcpNoDelay(options.getTcpNoDelay() == null || options.getTcpNoDelay());
    if (options.getKeepAlive() == null || options.getKeepAlive()) {
      KeepAlive.on(socket);
    }
  }

  /** Makes the connection one of TLS where its port has that; false if it does not come to it. */
  private boolean secured() {
    Optional<Tls> tls = consumer.tls();
    if (tls.isEmpty()) {
      return true;
    }
    try {
      SSLSocket secure = tls.get().over(taken);
      socket = secure;
      shaking = now();
      secure.startHandshake();
      shaking = 0;
      tally.secured(Tls.secured(secure.getSession()));
      return true;
    } catch (IOException failure) {
      boolean late = shaking == 0;
      shaking = 0;
      tell(
          WireFault.Kind.HANDSHAKE,
          late ? "the handshake did not end in time" : TlsWords.of(failure));
      return false;
    }
  }

  private Optional<RouteCall.Reply> reply(byte[] frame) {
    tally.received(frame);
    if (socket instanceof SSLSocket secure
        && consumer.tls().filter(Tls::bindsSenders).isPresent()
        && !mayBe(frame, secure)) {
      tell(WireFault.Kind.WRONG_SENDER, "");
      return Optional.of(route.refusalOfSender(frame));
    }
    return route.reply(frame);
  }

  /** Whether the client's certificate stands for the sender; a message without a header is none. */
  private boolean mayBe(byte[] frame, SSLSocket secure) {
    try {
      String sender = V2Message.readHeader(frame).header().sender();
      return consumer.tls().orElseThrow().allows(secure.getSession(), sender);
    } catch (V2FormatException unreadable) {
      return true;
    }
  }

  private void serve(InputStream in, RepliesOut out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    int count = read(in, chunk);
    while (count > 0) {
      List<byte[]> received = take(chunk, count);
      if (!received.isEmpty()) {
        captured(Capture.WHOLE);
      }
      if (!answerAll(received, out)) {
        return;
      }
      frames.answered();
      tellSkipped();
      if (refused(out)) {
        linger(in, chunk);
        return;
      }
      count = read(in, chunk);
    }
    if (count == 0) {
      timeIsUp(out);
      linger(in, chunk);
    }
  }

  private List<byte[]> take(byte[] chunk, int count) {
    if (capture.isEmpty()) {
      capture = consumer.component().captures().begin(address(), peer);
    }
    capture.ifPresent(each -> each.add(chunk, count));
    long before = frames.begun();
    List<byte[]> received = frames.take(chunk, 0, count);
    if (frames.begun() != before) {
      frameBegun = System.nanoTime();
    }
    return received;
  }

  private void captured(String how) {
    capture.ifPresent(each -> each.end(how));
    capture = Optional.empty();
  }

  /** The next bytes; 0 if there were none in time, below 0 if no more will come. */
  private int read(InputStream in, byte[] chunk) throws IOException {
    for (long left = timeLeft(); left > 0; left = timeLeft()) {
      try {
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1));
        return in.read(chunk);
      } catch (SocketTimeoutException up) {
        LOG.trace("nothing came from {} in time", peer);
      }
    }
    return 0;
  }

  /** Nanoseconds for the frame that has begun, or until one must. */
  private long timeLeft() {
    if (frames.insideFrame()) {
      return frameBegun + limits.frameWithin().toNanos() - System.nanoTime();
    }
    return limits.idleWithin().isZero()
        ? Long.MAX_VALUE
        : lastFrame + limits.idleWithin().toNanos() - System.nanoTime();
  }

  private void timeIsUp(RepliesOut out) throws IOException {
    if (frames.insideFrame()) {
      refuse(
          WireFault.Kind.TOO_SLOW,
          "The message did not end within " + limits.frameWithin().toMillis() + " ms",
          out);
    } else {
      tell(WireFault.Kind.IDLE, 1, new byte[0]);
    }
  }

  /** Whether the connection must end for what came, the sender being told if it began a message. */
  private boolean refused(RepliesOut out) throws IOException {
    if (frames.overflowed()) {
      int largest = consumer.endpoint().largestFrame();
      refuse(
          WireFault.Kind.TOO_LONG,
          "The message is longer than the " + largest + " bytes that are taken here",
          out);
    } else if (frames.withoutRoom()) {
      refuse(
          WireFault.Kind.NO_ROOM,
          "There is no memory for the message just now; send it again later",
          out);
    }
    return frames.overflowed() || frames.withoutRoom() || frames.drowned();
  }

  private void refuse(WireFault.Kind kind, String sentence, RepliesOut out) throws IOException {
    tell(kind, 1, frames.last());
    frames.refused();
    write(route.refusal(frames.beginning(HEADER_PART), sentence), out);
    out.flush();
  }

  private void write(RouteCall.Reply reply, RepliesOut out) throws IOException {
    if (out.write(reply)) {
      tally.answered(reply.bytes());
    }
  }

  private void tellSkipped() {
    frames.skipped().forEach(each -> tell(each.kind(), each.count(), each.last()));
  }

  private void tell(WireFault.Kind kind, long count, byte[] bytes) {
    tally.noted(kind, count, "");
    consumer.tell(new WireFault(kind, consumer.port(), peer, "", count, bytes));
  }

  private void tell(WireFault.Kind kind, String detail) {
    tally.noted(kind, 1, detail);
    consumer.tell(new WireFault(kind, consumer.port(), peer, detail, 1, new byte[0]));
  }

  /** False if the engine stops: what has not been begun is left to be sent again. */
  private boolean answerAll(List<byte[]> received, RepliesOut out) throws IOException {
    if (!begin()) {
      return false;
    }
    try {
      flushed = System.nanoTime();
      for (byte[] frame : received) {
        if (mode.release2() && ListenerMode.isCommit(frame)) {
          out.committed(frame[0] == ListenerMode.ACK);
          continue;
        }
        Optional<RouteCall.Reply> reply = isStopping() ? Optional.empty() : reply(frame);
        if (reply.isEmpty()) {
          break;
        }
        write(reply.get(), out);
        if (System.nanoTime() - flushed > LONGEST_WAIT_NANOS) {
          out.flush();
          flushed = System.nanoTime();
        }
      }
      out.flush();
      lastFrame = received.isEmpty() ? lastFrame : System.nanoTime();
      return !isStopping();
    } finally {
      // What was not flushed did not leave.
      out.giveUp();
      end();
    }
  }

  /** Sends a reply that is not one to the frame in work; for any thread. */
  private void later(byte[] reply, Consumer<Boolean> told) {
    replies.orElseThrow().later(reply, tally.counting(reply, told));
  }

  /** The time now, which is never 0. */
  private static long now() {
    return System.nanoTime() | 1;
  }

  /** Ends the connection if its sender has left a reply unread for too long. */
  void closeIfUnread() {
    long unread = replies.map(RepliesOut::writingNanos).orElse(0L);
    if (unread > limits.replyWithin().toNanos() && !toldUnread) {
      toldUnread = true;
      tell(WireFault.Kind.REPLY_UNREAD, 1, new byte[0]);
      close();
    }
  }

  /** Ends the connection if its TLS handshake takes too long. */
  void closeIfUnshaken() {
    long since = shaking;
    if (since != 0 && System.nanoTime() - since > limits.frameWithin().toNanos()) {
      shaking = 0;
      close();
    }
  }

  /** Closing with bytes unread would reset the connection before the sender has read the reply. */
  private void linger(InputStream in, byte[] chunk) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(200);
    long until = System.nanoTime() + LINGER_NANOS;
    int count = in.read(chunk);
    while (count >= 0 && System.nanoTime() < until) {
      count = in.read(chunk);
    }
  }

  private boolean begin() {
    synchronized (state) {
      working = !stopping && consumer.listens();
      return working;
    }
  }

  private void end() {
    synchronized (state) {
      working = false;
    }
  }

  private boolean isStopping() {
    synchronized (state) {
      // The listener is closed first, and its connections are told one after the other.
      return stopping || !consumer.listens();
    }
  }

  ConnectionTally tally() {
    return tally;
  }

  /**
   * Ends the connection now if it waits for a frame, else when the frame in work is answered.
   *
   * @param why in words
   */
  void stopAfterFrame(String why) {
    tally.ended(why);
    synchronized (state) {
      stopping = true;
      if (!working) {
        close();
      }
    }
  }

  /** At once, also under a write that does not end: the connection below TLS is closed. */
  void close() {
    try {
      taken.close();
    } catch (IOException failure) {
      LOG.debug(
          "MLLP connection of {} could not be closed: {}",
          peer,
          failure.getClass().getSimpleName());
    }
  }
}

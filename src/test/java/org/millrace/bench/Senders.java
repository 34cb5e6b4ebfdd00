package org.millrace.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Senders on connections of their own, each with one message at a time: the next one leaves when
 * the one before is acknowledged, and not before its time where there is a pace.
 */
final class Senders {
  private static final int FS = 0x1C;

  private Senders() {}

  /**
   * What came of a load.
   *
   * @param perSecond messages acknowledged AA
   * @param acknowledging from the first byte sent to the last one of the acknowledgment
   */
  record Sent(double perSecond, Spread acknowledging) {}

  /**
   * What is sent.
   *
   * @param perSecond of all connections together; 0 for as many as are taken
   * @param visits see {@link LoadMessages}
   */
  record Load(int connections, int perSecond, Duration time, boolean visits) {}

  /**
   * Sends to a port of this machine for a time.
   *
   * @param journeys gives the numbers out, and is told of each acknowledgment
   * @throws IOException if a connection breaks or a message is not answered AA
   */
  static Sent send(int port, Load load, Journeys journeys)
      throws IOException, InterruptedException {
    int connections = load.connections();
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long begun = System.nanoTime();
    long until = begun + load.time().toNanos();
    long every = load.perSecond() == 0 ? 0 : 1_000_000_000L * connections / load.perSecond();
    List<Future<long[]>> sending = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      LoadMessages messages = new LoadMessages("LAB" + i, load.visits());
      sending.add(threads.submit(() -> sendUntil(until, every, port, messages, journeys)));
    }
    threads.shutdown();
    List<long[]> took = new ArrayList<>();
    for (Future<long[]> each : sending) {
      took.add(ended(each));
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long[] all = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Sent(all.length / seconds, Spread.of(all));
  }

  private static long[] ended(Future<long[]> sending) throws IOException, InterruptedException {
    try {
      return sending.get();
    } catch (ExecutionException failure) {
      throw new IOException("a sender gave up", failure.getCause());
    }
  }

  private static long[] sendUntil(
      long until, long every, int port, LoadMessages messages, Journeys journeys)
      throws IOException, InterruptedException {
    Times took = new Times();
    byte[] reply = new byte[4096];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      long due = System.nanoTime();
      while (System.nanoTime() < until) {
        int number = journeys.begin(until);
        if (number < 0) {
          break;
        }
        long begun = System.nanoTime();
        out.write(messages.frame(number));
        check(reply, read(in, reply), number);
        took.add(System.nanoTime() - begun);
        journeys.acknowledged(number);
        due = Math.max(due + every, System.nanoTime() - every);
        if (every > 0) {
          TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(due, until) - System.nanoTime()));
        }
      }
    }
    return took.all();
  }

  /** One whole frame; nothing can stand behind it, since nothing was sent behind its message. */
  private static int read(InputStream in, byte[] into) throws IOException {
    int length = 0;
    while (length < 2 || into[length - 2] != FS) {
      int count = in.read(into, length, into.length - length);
      if (count <= 0) {
        throw new EOFException("the connection ended before its acknowledgment");
      }
      length += count;
    }
    return length;
  }

  private static void check(byte[] reply, int length, int number) throws IOException {
    if (LoadMessages.numberIn(reply, 0, length, '|') != number || !positive(reply, length)) {
      throw new IOException(
          "message "
              + number
              + " was not answered AA but "
              + new String(reply, 0, length, StandardCharsets.UTF_8).replace('\r', ' '));
    }
  }

  private static boolean positive(byte[] reply, int length) {
    for (int at = 1; at < length - 6; at++) {
      // At the beginning of a segment: a control id can end in these letters.
      if (reply[at - 1] == '\r'
          && reply[at] == 'M'
          && reply[at + 1] == 'S'
          && reply[at + 2] == 'A') {
        return reply[at + 4] == 'A' && reply[at + 5] == 'A' && reply[at + 6] == '|';
      }
    }
    return false;
  }
}

package org.millrace.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Senders that let several messages be on their way at a time, and check each answer: in order, AA,
 * and of its message.
 *
 * @param window messages of one connection that wait for an answer
 * @param megabytes of a message; 0 for an ordinary one
 */
record WireLoad(int connections, int window, Duration time, int megabytes) {
  private static final int FS = 0x1C;
  private static final int MEGABYTE = 1024 * 1024;
  private static final int WAIT_MILLIS = 5_000;

  /**
   * Sends for a time.
   *
   * @throws IOException if a connection breaks, or a message is answered otherwise than AA or not
   *     at all
   */
  Senders.Sent sentTo(WireContestants.Contestant listener)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long begun = System.nanoTime();
    long until = begun + time.toNanos();
    List<Future<long[]>> sending = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      String sender = "LAB" + i;
      sending.add(threads.submit(() -> sendUntil(until, sender, listener)));
    }
    threads.shutdown();
    List<long[]> took = new ArrayList<>();
    for (Future<long[]> each : sending) {
      try {
        took.add(each.get());
      } catch (ExecutionException failure) {
        threads.shutdownNow();
        throw new IOException("a sender to " + listener.title() + " gave up", failure.getCause());
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long[] all = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Senders.Sent(all.length / seconds, Spread.of(all));
  }

  private long[] sendUntil(long until, String sender, WireContestants.Contestant listener)
      throws IOException {
    LoadMessages messages = new LoadMessages(sender, false);
    byte[] large = megabytes == 0 ? new byte[0] : large(messages);
    Times took = new Times();
    Deque<Long> begun = new ArrayDeque<>();
    try (Socket socket = listener.connect()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(WAIT_MILLIS);
      OutputStream out = socket.getOutputStream();
      Answers answers = new Answers(socket.getInputStream());
      int sent = 0;
      int answered = 0;
      while (System.nanoTime() < until || answered < sent) {
        while (sent - answered < window && System.nanoTime() < until) {
          begun.add(System.nanoTime());
          out.write(megabytes == 0 ? messages.frame(sent) : numbered(large, messages, sent));
          sent++;
        }
        if (answered < sent) {
          answers.mustBe(answered);
          took.add(System.nanoTime() - begun.remove());
          answered++;
        }
      }
    }
    return took.all();
  }

  /** One with a document of this size in its last field. */
  private byte[] large(LoadMessages messages) {
    byte[] small = messages.frame(0);
    byte[] all = Arrays.copyOf(small, small.length + megabytes * MEGABYTE);
    Arrays.fill(all, small.length - 3, all.length - 3, (byte) 'A');
    System.arraycopy(small, small.length - 3, all, all.length - 3, 3);
    return all;
  }

  private static byte[] numbered(byte[] large, LoadMessages messages, int number) {
    System.arraycopy(messages.frame(number), 0, large, 0, LoadMessages.SIZE / 2);
    return large;
  }

  /** The frames that come back on one connection. */
  private static final class Answers {
    private final InputStream in;
    private final byte[] read = new byte[64 * 1024];
    private int from;
    private int to;

    Answers(InputStream in) {
      this.in = in;
    }

    void mustBe(int number) throws IOException {
      int end = end();
      String reply = new String(read, from, end - from, StandardCharsets.US_ASCII);
      int told = LoadMessages.numberIn(read, from, end, '|');
      if (told != number || !reply.contains("\rMSA|AA|")) {
        throw new IOException("message " + number + " was answered " + reply.replace('\r', ' '));
      }
      from = end + 2;
    }

    /** Where the frame ends; reads on until it is there. */
    private int end() throws IOException {
      int at = from;
      while (true) {
        for (; at < to - 1; at++) {
          if (read[at] == FS) {
            return at;
          }
        }
        if (from > 0) {
          System.arraycopy(read, from, read, 0, to - from);
          at -= from;
          to -= from;
          from = 0;
        }
        int count = in.read(read, to, read.length - to);
        if (count <= 0) {
          throw new EOFException("the connection ended before an answer");
        }
        to += count;
      }
    }
  }
}

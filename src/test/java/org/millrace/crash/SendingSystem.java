package org.millrace.crash;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.Replies;
import org.millrace.mllp.MllpClient;
import org.millrace.mllp.MllpException;

/**
 * A system that sends results as senders do: one at a time, and the same one again until it is
 * answered AA. Its patients take turns.
 */
final class SendingSystem {
  private static final MllpClient.Timeouts TIMEOUTS =
      new MllpClient.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(20));
  private static final AtomicLong NUMBERS = new AtomicLong(100_000);

  private final String name;
  private final List<Integer> ports;
  private final History history;
  private @Nullable MllpClient connection;
  private int turn;
  private int engine;

  /**
   * @param name MSH-3
   * @param ports of the engines on this machine that it may send to; it stays with one for as long
   *     as that one answers
   */
  SendingSystem(String name, List<Integer> ports, History history) {
    this.name = name;
    this.ports = List.copyOf(ports);
    this.history = history;
  }

  /** Sends so many messages, each until it is answered AA or nobody wants it any more. */
  void send(int count, BooleanSupplier wanted) throws InterruptedException {
    for (int i = 0; i < count && wanted.getAsBoolean(); i++) {
      sendOne(wanted);
    }
  }

  /** Sends at this pace, as long as messages are wanted. */
  void sendAll(Duration every, BooleanSupplier wanted) throws InterruptedException {
    long due = System.nanoTime();
    while (wanted.getAsBoolean()) {
      sendOne(wanted);
      due = Math.max(due + every.toNanos(), System.nanoTime() - every.toNanos());
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
    }
  }

  private void sendOne(BooleanSupplier wanted) throws InterruptedException {
    send(nextId(), Patient.of(turn++), wanted);
  }

  /** Sends the message of this id until it is answered AA or nobody wants it any more. */
  void send(String id, Patient patient, BooleanSupplier wanted) throws InterruptedException {
    byte[] message = message(id, patient);
    while (wanted.getAsBoolean()) {
      history.add("sent", id, name, patient.number());
      Optional<String> answer = exchange(id, message);
      answer.ifPresent(code -> history.add("acked", id, code));
      if (answer.filter("AA"::equals).isPresent()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private Optional<String> exchange(String id, byte[] message) {
    try {
      MllpClient open = connection;
      if (open == null) {
        open = MllpClient.connect("127.0.0.1", ports.get(engine), TIMEOUTS);
        connection = open;
      }
      return Replies.judge(open.exchange(message))
          .filter(judged -> judged.controlId().equals(id))
          .map(Replies.Acknowledged::code);
    } catch (MllpException gone) {
      close();
      engine = (engine + 1) % ports.size();
      return Optional.empty();
    }
  }

  static String nextId() {
    return "K" + NUMBERS.incrementAndGet();
  }

  /** A result whose filler number is its control id, so that the document's title tells it. */
  byte[] message(String id, Patient patient) {
    return String.join(
            "\r",
            "MSH|^~\\&|" + name + "|CRASH|MILLRACE|HUB|20261120101500||ORU^R01|" + id + "|D|2.5.1",
            "PID|1||" + patient.number() + "^^^MRN^MR||" + patient.family() + "^PAT||19610314|F",
            "OBR|1||" + id + "|11506-3^Progress note^LN|||20261120100000|||||||||||||||||||F",
            "OBX|1|TX|11506-3^Progress note^LN||Result " + id + "||||||F",
            "")
        .getBytes(StandardCharsets.UTF_8);
  }

  String name() {
    return name;
  }

  void close() {
    MllpClient open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  /** One of the patients that the harness has put into the sandbox. */
  record Patient(String id, String number, String family) {
    static final int COUNT = 6;

    static Patient of(int turn) {
      int which = Math.floorMod(turn, COUNT);
      return new Patient("1299800" + which, "990070" + which, "ZZTESTCRASH" + (char) ('A' + which));
    }
  }
}

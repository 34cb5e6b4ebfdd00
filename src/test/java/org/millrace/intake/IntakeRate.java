package org.millrace.intake;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.bench.RawCommits;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.SampleMessages;

/**
 * How many messages a second the intake acknowledges, beside what one table and one group commit of
 * the same database can do at most, in a plain journal and in an encrypted one. Not a test: run
 * {@code main} with the test class path; its arguments are a folder on the disk to be measured, the
 * seconds each round lasts, and how many send at once ({@code 1,8,32}).
 */
final class IntakeRate {

  private static final ContentKeys PLAIN = ContentKeys.NONE;
  private static final ContentKeys SEALED = new ContentKeys(List.of(ContentKeys.fresh("bench")));

  private IntakeRate() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Duration round = Duration.ofSeconds(Long.parseLong(args[1]));
    for (int senders : Arrays.stream(args[2].split(",")).mapToInt(Integer::parseInt).toArray()) {
      double raw = raw(Files.createTempDirectory(folder, "raw"), senders, round);
      double plain = ours(Files.createTempDirectory(folder, "ours"), PLAIN, senders, round);
      double sealed = ours(Files.createTempDirectory(folder, "ours"), SEALED, senders, round);
      System.out.printf(
          "%2d senders: raw group commit %6.0f/s, intake %6.0f/s, encrypted %6.0f/s (%.2f)%n",
          senders, raw, plain, sealed, sealed / plain);
    }
  }

  @FunctionalInterface
  private interface Send {
    void send(String controlId) throws Exception;
  }

  private static double ours(Path folder, ContentKeys keys, int senders, Duration round)
      throws Exception {
    Clock clock = Clock.systemUTC();
    Replies replies = new Replies(clock, ZoneId.of("UTC"), new ControlIds(clock));
    try (JournalDatabase journal =
        JournalDatabase.open(new JournalPlace.Folder(folder), keys, clock)) {
      Intake intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
      return rate(
          senders, round, id -> intake.accept(message(id), SampleMessages.FEED, "127.0.0.1:40112"));
    }
  }

  private static V2Message message(String controlId) throws V2FormatException {
    return V2Message.read(bytes(controlId));
  }

  private static byte[] bytes(String controlId) {
    return ("MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|"
            + controlId
            + "|D|2.5.1\rPID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M\rOBR|1||F1|11506-3^Note^LN\r"
            + "OBX|1|TX|1^T||The quick brown fox jumps over the lazy dog.||||||F\r".repeat(8))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static double rate(int senders, Duration round, Send send) throws Exception {
    rate(senders, round.dividedBy(3), send, "warm");
    long cpu = writerCpu();
    double rate = rate(senders, round, send, "run");
    double messages = rate * round.toNanos() / 1e9;
    System.out.printf(
        "   writer %3.0f us of CPU for each message%n", (writerCpu() - cpu) / messages / 1e3);
    return rate;
  }

  /** Of the thread that writes, in nanoseconds: what others do on this machine does not count. */
  private static long writerCpu() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("journal-writer"))
        .mapToLong(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()))
        .sum();
  }

  private static double rate(int senders, Duration round, Send send, String name)
      throws InterruptedException {
    AtomicLong sent = new AtomicLong();
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      String prefix = name + i + "-";
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int n = 0; System.nanoTime() - began < round.toNanos(); n++) {
                    send.send(prefix + n);
                    sent.incrementAndGet();
                  }
                } catch (Exception failure) {
                  throw new IllegalStateException(failure);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return sent.get() * 1e9 / (System.nanoTime() - began);
  }

  private static double raw(Path folder, int senders, Duration round) throws Exception {
    try (RawCommits commits = RawCommits.sqlite(folder.resolve("raw.db"))) {
      return rate(senders, round, id -> commits.store(bytes(id)));
    }
  }
}

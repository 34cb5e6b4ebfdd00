package org.millrace.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.crash.EngineProcess;

/**
 * Sends mutants of the samples to an engine in a process of its own, on several connections: each
 * must be answered as HL7 answers, and nothing may be left behind.
 */
final class FuzzBench {
  private static final int CONNECTIONS = 4;
  private static final int WARM_UP = 1_000;
  private static final int SLOW_MILLIS = 500;
  private static final int GIVEN_UP_MILLIS = 30_000;

  /** For the answer to a mutant that asks for one only if something is wrong. */
  private static final int SILENT_MILLIS = 2_000;

  private static final int MOST_TOLD = 20;

  /** Connections come and go, so that one that left something would show many times over. */
  private static final int OF_A_CONNECTION = 50;

  /** Pools keep threads for a minute; of 200 connections they would be 200. */
  private static final int MOST_THREADS = 12;

  private static final Pattern NEGATIVE = Pattern.compile("\rMSA.[AC][ER]");
  private static final Pattern ANSWERED = Pattern.compile("\rMSA.[AC][AER]");
  private static final Pattern OF_BATCH = Pattern.compile("^[FB]HS");
  private static final Pattern NONE_IN_IT = Pattern.compile("\r[BF]TS.0");

  /** What a heap may grow by: the journal remembers who sent what. */
  private static final long MOST_GROWTH = 64L * 1024 * 1024;

  private FuzzBench() {}

  /**
   * What the engine holds on to.
   *
   * @param heap bytes in use after a collection
   */
  record Held(int threads, int connections, long heap) {
    static Held by(EngineProcess engine) throws IOException, InterruptedException {
      long heap = EngineMemory.of(engine).heap();
      String metrics = engine.get("/metrics");
      return new Held(
          number(metrics, "jvm_threads_live_threads"),
          number(metrics, "millrace_mllp_connections"),
          heap);
    }

    private static int number(String metrics, String name) {
      Matcher line = Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)").matcher(metrics);
      double sum = 0;
      while (line.find()) {
        sum += Double.parseDouble(line.group(1));
      }
      return (int) sum;
    }
  }

  /**
   * What came of a run.
   *
   * @param wrong a sentence for each mutant that was not answered as it must be, at most twenty
   * @param silent how many were not answered, as they asked for in MSH-15 and MSH-16
   * @param slow how many were answered after more than 500 ms
   */
  record Result(
      int answered,
      int silent,
      List<String> wrong,
      int slow,
      long longestMillis,
      Held before,
      Held after) {

    boolean leftNothing() {
      return after.connections() == 0
          && after.threads() <= before.threads() + MOST_THREADS
          && after.heap() - before.heap() < MOST_GROWTH;
    }
  }

  /**
   * For the command: how many mutants, and the seed.
   *
   * @return whether all is as it must be
   */
  static boolean run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException {
    int mutants = arguments.isEmpty() ? 1_000_000 : Integer.parseInt(arguments.get(0));
    long seed = arguments.size() < 2 ? 20_261_126L : Long.parseLong(arguments.get(1));
    Path folder = Files.createTempDirectory("fuzz");
    out.println("sending " + mutants + " mutants by seed " + seed + "; journal in " + folder);
    Result result = run(folder, seed, mutants);
    result.wrong().forEach(out::println);
    out.printf(
        "%d answered, %d of them after more than %d ms, the slowest after %d ms;"
            + " %d not answered, as they asked for%n",
        result.answered(), result.slow(), SLOW_MILLIS, result.longestMillis(), result.silent());
    out.println("before: " + result.before());
    out.println("after:  " + result.after());
    return result.wrong().isEmpty() && result.slow() == 0 && result.leftNothing();
  }

  static Result run(Path folder, long seed, int mutants) throws IOException, InterruptedException {
    try (FilingStub stub = new FilingStub()) {
      Map<String, String> settings = new TreeMap<>(stub.settings());
      settings.put("MILLRACE_DATA", folder.resolve("journal").toString());
      try (EngineProcess engine = new EngineProcess(folder.resolve("engine.log"), settings)) {
        engine.start();
        Sending warmUp = new Sending(engine.mllpPort(), new Mutants(Path.of("samples"), seed - 1));
        warmUp.all(Math.min(WARM_UP, mutants));
        settled(engine);
        Held before = Held.by(engine);
        Sending sending = new Sending(engine.mllpPort(), new Mutants(Path.of("samples"), seed));
        sending.all(mutants);
        settled(engine);
        return sending.result(before, Held.by(engine));
      }
    }
  }

  /** The engine notices the end of connections, and threads that idle end, within moments. */
  private static void settled(EngineProcess engine) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      if (Held.number(engine.get("/metrics"), "millrace_mllp_connections") == 0) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    TimeUnit.SECONDS.sleep(2);
  }

  /** Mutants on their way. */
  private static final class Sending {
    private final int port;
    private final Mutants mutants;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger silent = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

    Sending(int port, Mutants mutants) {
      this.port = port;
      this.mutants = mutants;
    }

    Result result(Held before, Held after) {
      long millis = TimeUnit.NANOSECONDS.toMillis(longest.get());
      return new Result(
          answered.get(), silent.get(), List.copyOf(wrong), slow.get(), millis, before, after);
    }

    void all(int count) throws IOException, InterruptedException {
      ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        sending.add(threads.submit(() -> connection(count)));
      }
      threads.shutdown();
      try {
        for (Future<?> each : sending) {
          each.get();
        }
      } catch (ExecutionException failure) {
        throw new IOException("sending failed", failure.getCause());
      }
    }

    private void connection(int count) {
      int number = next.getAndIncrement();
      while (number < count) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setTcpNoDelay(true);
          InputStream in = new BufferedInputStream(socket.getInputStream());
          boolean answered = true;
          for (int sent = 0; answered && sent < OF_A_CONNECTION && number < count; sent++) {
            answered = exchange(number, socket, in);
            number = next.getAndIncrement();
          }
        } catch (IOException broken) {
          tell(number, "the connection broke or no answer came: " + broken.getMessage());
          number = next.getAndIncrement();
        }
      }
    }

    /** Whether it was answered: if not, an answer that comes late must not meet the next one. */
    private boolean exchange(int number, Socket socket, InputStream in) throws IOException {
      byte[] mutant = mutants.of(number);
      boolean maybeSilent = Mutants.asksForSilence(mutant);
      socket.setSoTimeout(maybeSilent ? SILENT_MILLIS : GIVEN_UP_MILLIS);
      ByteArrayOutputStream frame = new ByteArrayOutputStream(mutant.length + 3);
      frame.write(0x0B);
      frame.writeBytes(mutant);
      frame.write(0x1C);
      frame.write('\r');
      long begun = System.nanoTime();
      socket.getOutputStream().write(frame.toByteArray());
      String reply;
      try {
        reply = reply(in);
      } catch (SocketTimeoutException none) {
        if (!maybeSilent) {
          throw none;
        }
        silent.incrementAndGet();
        return false;
      }
      long took = System.nanoTime() - begun;
      longest.accumulateAndGet(took, Math::max);
      if (took > TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS)) {
        slow.incrementAndGet();
      }
      answered.incrementAndGet();
      if (!isAnswer(reply)) {
        tell(number, "the reply has no MSA");
      } else if (NEGATIVE.matcher(reply).find() && !reply.contains("\rERR")) {
        tell(number, "the reply is negative and has no ERR");
      }
      return true;
    }

    /** A batch is answered by a batch: with an acknowledgment of each message, if it has any. */
    private static boolean isAnswer(String reply) {
      boolean acknowledges = ANSWERED.matcher(reply).find();
      return reply.startsWith("MSH")
          ? acknowledges
          : OF_BATCH.matcher(reply).find() && (acknowledges || NONE_IN_IT.matcher(reply).find());
    }

    private void tell(int number, String sentence) {
      if (wrong.size() < MOST_TOLD) {
        wrong.add("mutant " + number + ": " + sentence);
      }
    }

    private static String reply(InputStream in) throws IOException {
      if (in.read() != 0x0B) {
        throw new EOFException("no frame");
      }
      ByteArrayOutputStream reply = new ByteArrayOutputStream(512);
      for (int next = in.read(); next != 0x1C; next = in.read()) {
        if (next < 0) {
          throw new EOFException("half a frame");
        }
        reply.write(next);
      }
      if (in.read() != '\r') {
        throw new IOException("a frame without its end");
      }
      return reply.toString(ISO_8859_1);
    }
  }
}

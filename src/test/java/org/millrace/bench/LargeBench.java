package org.millrace.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.millrace.crash.EngineProcess;

/**
 * Sends results with a large PDF in Base64 to an engine in a process of its own with a small heap,
 * one after the other: how many megabytes a second come through the listener, and how many are on
 * disk and acknowledged. Cerner is away: they are looked at for delivery, and not delivered.
 */
final class LargeBench {
  private static final int MEGABYTE = 1024 * 1024;
  private static final int[] SIZES = {5, 20};
  private static final int ROUNDS = 12;

  /** Little beyond what an idle engine, a message that comes and the one before it need. */
  private static final int HEAP_MEGABYTES = 192;

  private LargeBench() {}

  /**
   * What came of messages of one size.
   *
   * @param bytes of one message
   * @param perSecond megabytes, by the median of the messages
   */
  record Result(int bytes, double perSecond, double slowest) {}

  /** For the command. */
  static boolean run(PrintStream out) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("large");
    out.printf("an engine with %d MB of heap, its journal in %s%n", HEAP_MEGABYTES, folder);
    for (int size : SIZES) {
      for (Way way : Way.values()) {
        Result result = run(folder, way, size, ROUNDS);
        out.printf(
            "%d bytes: %.0f MB/s %s (median of %d), %.0f the slowest%n",
            result.bytes(), result.perSecond(), way.words, ROUNDS, result.slowest());
      }
    }
    return true;
  }

  /** How far messages go. */
  enum Way {
    LISTENER("received, read and answered AR", "ORU^R99^ORU_R01", "AR"),
    JOURNAL("on disk and acknowledged", "ORU^R01^ORU_R01", "AA");

    private final String words;
    private final String type;
    private final String code;

    Way(String words, String type, String code) {
      this.words = words;
      this.type = type;
      this.code = code;
    }
  }

  static Result run(Path folder, Way way, int megabytes, int rounds)
      throws IOException, InterruptedException {
    try (FilingStub stub = new FilingStub()) {
      stub.away(true);
      Map<String, String> settings = new TreeMap<>(stub.settings());
      settings.put("MILLRACE_DATA", Files.createTempDirectory(folder, "journal").toString());
      List<String> jvm = new ArrayList<>(EngineProcess.AS_LAUNCHED);
      jvm.addAll(List.of("-Xmn16m", "-Xmx" + HEAP_MEGABYTES + "m"));
      try (EngineProcess engine = new EngineProcess(folder.resolve("engine.log"), jvm, settings)) {
        engine.start();
        return sent(engine.mllpPort(), way, megabytes * MEGABYTE, rounds);
      }
    }
  }

  private static Result sent(int port, Way way, int bytes, int rounds) throws IOException {
    String document = document(bytes);
    double[] perSecond = new double[rounds];
    int length = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = -2; i < rounds; i++) {
        byte[] frame = frame(way.type, "L" + (i + 2), document);
        length = frame.length - 3;
        long begun = System.nanoTime();
        socket.getOutputStream().write(frame);
        mustAnswer(in, way.code);
        // The first ones warm the engine up.
        if (i >= 0) {
          perSecond[i] = length / (double) MEGABYTE / ((System.nanoTime() - begun) / 1e9);
        }
      }
    }
    Arrays.sort(perSecond);
    return new Result(length, perSecond[rounds / 2], perSecond[0]);
  }

  private static void mustAnswer(InputStream in, String code) throws IOException {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != 0x1C; next = in.read()) {
      reply.write(next);
    }
    in.read();
    if (!reply.toString(US_ASCII).contains("\rMSA|" + code + "|")) {
      throw new IOException("a large message was answered otherwise than " + code);
    }
  }

  /** Base64 of a PDF of noise, which cannot be made smaller. */
  private static String document(int length) {
    byte[] pdf = new byte[length / 4 * 3];
    new Random(7).nextBytes(pdf);
    byte[] head = "%PDF-1.4\n".getBytes(US_ASCII);
    byte[] end = "\n%%EOF\n".getBytes(US_ASCII);
    System.arraycopy(head, 0, pdf, 0, head.length);
    System.arraycopy(end, 0, pdf, pdf.length - end.length, end.length);
    return Base64.getEncoder().encodeToString(pdf);
  }

  private static byte[] frame(String type, String id, String document) {
    String message =
        "\u000bMSH|^~\\&|LAB|NORTH|MILLRACE|CERNER|20261120090000-0600||"
            + type
            + "|"
            + id
            + "|D|2.5.1|||||USA|UNICODE UTF-8\r"
            + "PID|1||9900101^^^&2.16.840.1.113883.6.1000&ISO^MR||ZZTESTMILLER^ANNA||19610314|F\r"
            + "OBR|1|P1|F"
            + id
            + "|11506-3^Progress note^LN|||20261119143000|||||||||||||||20261119151500|||F\r"
            + "OBX|1|ED|11506-3^Progress note^LN||LAB^application^pdf^Base64^"
            + document
            + "||||||F\r\u001c\r";
    return message.getBytes(US_ASCII);
  }
}

package org.millrace.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for Cerner that costs next to nothing: it answers from memory what the delivery of a
 * result asks for, and tells a {@link Journeys} of each document. It checks nothing; the sandbox is
 * there for that. What it does not know it answers 501, so that nothing is taken for filed by
 * mistake.
 */
final class FilingStub implements AutoCloseable {
  private static final Pattern REQUEST = Pattern.compile("([A-Z]+) (\\S+) HTTP/1\\.1\r\n");
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *(\\d+)\r\n", Pattern.CASE_INSENSITIVE);
  private static final Pattern MRN =
      Pattern.compile("/Patient\\?.*identifier=[^&]*(?:%7C|\\|)(\\d+)");
  private static final Pattern PATIENT = Pattern.compile("/Patient/7(\\d+)");
  private static final Pattern VISITS = Pattern.compile("/Encounter\\?.*patient=(\\d+)");
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong documents = new AtomicLong(7_000_000);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicReference<Journeys> journeys = new AtomicReference<>(new Journeys(0, 0, 0));
  private volatile boolean away;

  FilingStub() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::accept, "stub");
  }

  /** What an engine needs to be told to find it. */
  Map<String, String> settings() {
    String base = "http://127.0.0.1:" + server.getLocalPort();
    Map<String, String> settings = new TreeMap<>();
    settings.put("MILLRACE_TENANT_ID", "bench");
    settings.put("MILLRACE_FHIR_BASE_URL", base + "/r4/bench");
    settings.put("MILLRACE_TOKEN_URL", base + "/token");
    settings.put("MILLRACE_CLIENT_ID", "bench");
    settings.put("MILLRACE_CLIENT_SECRET", "bench");
    return settings;
  }

  /** Who is told of documents from now on. */
  void tell(Journeys load) {
    journeys.set(load);
  }

  /** Whether everything is answered 503: then nothing is delivered. */
  void away(boolean now) {
    away = now;
  }

  /** How many requests it has answered. */
  long calls() {
    return calls.get();
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        start(() -> serve(socket), "stub-connection");
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Requests requests = new Requests(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (requests.next()) {
        out.write(answer(requests));
        calls.incrementAndGet();
      }
    } catch (IOException gone) {
      // The engine has closed the connection, or was stopped.
    } finally {
      open.remove(socket);
    }
  }

  private byte[] answer(Requests request) {
    if (away) {
      return response("503 Service Unavailable", "", "");
    }
    String path = request.path;
    if (request.method.equals("POST") && path.equals("/token")) {
      return response(
          "200 OK",
          "",
          "{\"access_token\":\"bench\",\"token_type\":\"Bearer\",\"expires_in\":570}");
    }
    if (request.method.equals("POST") && path.endsWith("/DocumentReference")) {
      journeys.get().filed(request.number());
      return response(
          "201 Created",
          "Location: /r4/bench/DocumentReference/"
              + documents.incrementAndGet()
              + "\r\nETag: W/\"1\"\r\n",
          "");
    }
    Matcher mrn = MRN.matcher(path);
    if (mrn.find()) {
      return found(patient(mrn.group(1)));
    }
    Matcher one = PATIENT.matcher(path);
    if (one.find()) {
      return response("200 OK", "ETag: W/\"1\"\r\n", patient(one.group(1)));
    }
    Matcher visits = VISITS.matcher(path);
    return visits.find()
        ? found(encounter(visits.group(1)))
        : response("501 Not Implemented", "", "");
  }

  private static byte[] found(String resource) {
    return response(
        "200 OK",
        "",
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"search\":{\"mode\":"
            + "\"match\"},\"resource\":"
            + resource
            + "}]}");
  }

  private static String patient(String mrn) {
    return "{\"resourceType\":\"Patient\",\"id\":\"7"
        + mrn
        + "\",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2026-11-20T10:00:00Z\"},"
        + "\"active\":true,\"birthDate\":\"1961-03-14\",\"identifier\":[{\"use\":\"usual\","
        + "\"system\":\"urn:oid:2.16.840.1.113883.6.1000\",\"value\":\""
        + mrn
        + "\"}],\"name\":[{\"use\":\"official\",\"family\":\"ZZTESTMILLER\",\"given\":[\"ANNA\"]}]}";
  }

  private static String encounter(String patientId) {
    return "{\"resourceType\":\"Encounter\",\"id\":\"8"
        + patientId
        + "\",\"status\":\"in-progress\",\"identifier\":[{\"value\":\"8"
        + patientId
        + "\"}],\"subject\":{\"reference\":\"Patient/"
        + patientId
        + "\"}}";
  }

  private static byte[] response(String status, String headers, String body) {
    String type = body.isEmpty() ? "" : "Content-Type: application/fhir+json\r\n";
    return ("HTTP/1.1 "
            + status
            + "\r\n"
            + type
            + headers
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }

  /** The requests of one connection, one after the other. */
  private static final class Requests {
    private final InputStream in;
    private byte[] bytes = new byte[64 * 1024];
    private int length;
    private int end;
    private int bodyAt;
    String method = "";
    String path = "";

    Requests(InputStream in) {
      this.in = in;
    }

    /** Reads the next one; false at the end of the connection. */
    boolean next() throws IOException {
      System.arraycopy(bytes, end, bytes, 0, length - end);
      length -= end;
      end = 0;
      bodyAt = headEnd(0);
      while (bodyAt < 0) {
        int before = length;
        if (!more()) {
          return false;
        }
        bodyAt = headEnd(Math.max(0, before - 3));
      }
      String head = new String(bytes, 0, bodyAt, StandardCharsets.US_ASCII);
      Matcher request = REQUEST.matcher(head);
      if (!request.lookingAt()) {
        throw new IOException("no request of HTTP/1.1");
      }
      method = request.group(1);
      path = request.group(2);
      if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding:")) {
        throw new IOException("only bodies of known length are read");
      }
      Matcher size = LENGTH.matcher(head);
      end = bodyAt + (size.find() ? Integer.parseInt(size.group(1)) : 0);
      while (length < end) {
        if (!more()) {
          return false;
        }
      }
      return true;
    }

    /** Of the message whose document is in the body: it stands in the attachment's title. */
    int number() {
      return LoadMessages.numberIn(bytes, bodyAt, end, ' ');
    }

    private int headEnd(int from) {
      for (int at = from; at <= length - HEAD_END.length; at++) {
        if (bytes[at] == '\r'
            && bytes[at + 1] == '\n'
            && bytes[at + 2] == '\r'
            && bytes[at + 3] == '\n') {
          return at + HEAD_END.length;
        }
      }
      return -1;
    }

    private boolean more() throws IOException {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      int count = in.read(bytes, length, bytes.length - length);
      length += Math.max(0, count);
      return count > 0;
    }
  }
}

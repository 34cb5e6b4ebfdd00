package org.millrace.cerner;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers each request by a script, also in ways no proper server would: it keeps
 * what it was sent, drips, hangs and hangs up.
 */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Script script = request -> status(404);

  /** What to do with a request. */
  public interface Script {
    Step answer(Request request);
  }

  /** What is done on the connection; false ends it. */
  public interface Step {
    boolean run(OutputStream out) throws IOException, InterruptedException;
  }

  /** A request as it came over the wire. */
  public record Request(String method, String target, Map<String, String> headers, String body) {
    public String path() {
      return target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
    }

    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Names and decoded values, in order. */
    List<Map.Entry<String, String>> parameters() {
      List<Map.Entry<String, String>> parameters = new ArrayList<>();
      if (target.contains("?")) {
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
          String[] parts = pair.split("=", 2);
          parameters.add(Map.entry(decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : "")));
        }
      }
      return parameters;
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
  }

  public ScriptedServer() {
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public ScriptedServer does(Script script) {
    this.script = script;
    return this;
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  long count(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).count();
  }

  /** How many connections were made. */
  int connections() {
    return accepted.get();
  }

  public Request last() {
    return requests.get(requests.size() - 1);
  }

  public static Step status(int status) {
    return answer(status, Map.of(), "");
  }

  public static Step json(String body) {
    return answer(200, Map.of("Content-Type", "application/fhir+json"), body);
  }

  public static Step answer(int status, Map<String, String> headers, String body) {
    return out -> {
      out.write(head(status, headers, body.getBytes(StandardCharsets.UTF_8).length));
      out.write(body.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return true;
    };
  }

  /** Sends the head and then a byte of the body now and then, far longer than any test waits. */
  public Step drip(int status, Map<String, String> headers) {
    return out -> {
      out.write(head(status, headers, 100_000));
      do {
        out.write(' ');
        out.flush();
      } while (!closed.await(20, java.util.concurrent.TimeUnit.MILLISECONDS));
      return false;
    };
  }

  /** Reads the request and says nothing. */
  public Step hang() {
    return out -> {
      closed.await();
      return false;
    };
  }

  /** Reads the request and hangs up. */
  public static Step drop() {
    return out -> false;
  }

  /** Sends less than it announced. */
  public static Step cutOff(int status, Map<String, String> headers) {
    return out -> {
      out.write(head(status, headers, 1000));
      out.write('{');
      out.flush();
      return false;
    };
  }

  private static byte[] head(int status, Map<String, String> headers, int length) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Length", String.valueOf(length));
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
    all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        accepted.incrementAndGet();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean goOn = true;
      while (goOn) {
        String start = line(in);
        if (start.isEmpty()) {
          return;
        }
        Request request = read(start, in);
        requests.add(request);
        goOn = script.answer(request).run(socket.getOutputStream());
      }
    } catch (IOException e) {
      // The client hung up, which is what some tests are about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private static Request read(String start, InputStream in) throws IOException {
    String[] words = start.split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(words[0], words[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != -1 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    closed.countDown();
    threads.shutdownNow();
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

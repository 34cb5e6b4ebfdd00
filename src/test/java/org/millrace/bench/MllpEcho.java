package org.millrace.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * Answers every frame AA and does nothing else: what a load, its sockets and its threads take by
 * themselves. Frames may come one behind the other, and be of any length.
 */
final class MllpEcho implements AutoCloseable {
  private static final int FS = 0x1C;

  /** In so many bytes of a frame its number is found. */
  private static final int HEAD = 256;

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  MllpEcho() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** With TLS, if these are such sockets. */
  MllpEcho(ServerSocketFactory sockets) throws IOException {
    server = sockets.createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    start(this::accept, "echo");
  }

  int port() {
    return server.getLocalPort();
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
        start(() -> answer(socket), "echo-connection");
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    byte[] chunk = new byte[64 * 1024];
    byte[] head = new byte[HEAD];
    int length = 0;
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), chunk.length);
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        for (int at = 0; at < n; at++) {
          if (length < HEAD) {
            head[length] = chunk[at];
          }
          length++;
          if (chunk[at] == FS) {
            out.write(acknowledgment(LoadMessages.numberIn(head, 0, Math.min(length, HEAD), '|')));
            length = 0;
          }
        }
        out.flush();
      }
    } catch (IOException gone) {
      // The load is over, and its connections with it.
    } finally {
      open.remove(socket);
    }
  }

  private static byte[] acknowledgment(int number) {
    String id = "B" + String.valueOf(1_000_000_000 + number).substring(1);
    return ("\u000bMSH|^~\\&|MILLRACE|HUB|LAB|NORTH|20261120101500||ACK^R01^ACK|1|D|2.5.1\rMSA|AA|"
            + id
            + "\r\u001c\r")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }
}

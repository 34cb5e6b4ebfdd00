package org.millrace.alert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes mail as RFC 5321 has it, one connection after the other, without TLS. */
final class MailServer implements AutoCloseable {
  final Queue<String> mails = new ConcurrentLinkedQueue<>();
  private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private volatile boolean full;
  private volatile String unknown = "";

  MailServer() throws IOException {
    Thread thread = new Thread(this::serve, "mail-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  void doesNotKnow(String address) {
    unknown = address;
  }

  void takesNothing(boolean now) {
    full = now;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket peer = socket.accept()) {
        serve(peer);
      } catch (IOException ended) {
        // The peer went away, or the test is over.
      }
    }
  }

  private void serve(Socket peer) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
    OutputStream out = peer.getOutputStream();
    StringBuilder mail = new StringBuilder();
    say(out, "220 mail.test");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
      switch (verb) {
        case "EHLO", "HELO", "RSET", "NOOP" -> say(out, "250 mail.test");
        case "MAIL", "RCPT" -> {
          boolean gone = !unknown.isEmpty() && line.contains(unknown);
          if (!gone) {
            mail.append(line).append('\n');
          }
          say(out, gone ? "550 no such user" : full ? "452 no room" : "250 good");
        }
        case "DATA" -> {
          say(out, "354 go on");
          for (String text = in.readLine(); !".".equals(text); text = in.readLine()) {
            mail.append(text).append('\n');
          }
          mails.add(mail.toString());
          say(out, "250 taken");
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "502 unknown");
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

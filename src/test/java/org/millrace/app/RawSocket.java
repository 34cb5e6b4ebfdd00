package org.millrace.app;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain socket that frames by hand, so that no code of the engine judges the engine. */
public final class RawSocket implements AutoCloseable {
  private static final int VT = 0x0b;
  private static final int FS = 0x1c;
  private static final int CR = 0x0d;

  private final Socket socket = new Socket();
  private final InputStream in;

  public RawSocket(int port) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
    socket.setSoTimeout(30_000);
    in = new java.io.BufferedInputStream(socket.getInputStream());
  }

  public static byte[] frame(String message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(VT);
    frame.writeBytes(message.getBytes(StandardCharsets.UTF_8));
    frame.write(FS);
    frame.write(CR);
    return frame.toByteArray();
  }

  /** In one write. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends one message and takes one reply. */
  public String exchange(String message) throws IOException {
    write(frame(message));
    return reply();
  }

  /** The next frame, which must begin at the next byte. */
  public String reply() throws IOException {
    int first = in.read();
    if (first != VT) {
      throw new IOException("a frame begins with byte 11, this one with " + first);
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int next = in.read(); next != FS; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended within a frame");
      }
      message.write(next);
    }
    int last = in.read();
    if (last != CR) {
      throw new IOException("a frame ends with bytes 28 and 13, this one with 28 and " + last);
    }
    return message.toString(StandardCharsets.UTF_8);
  }

  /** Bytes that have come and were not read. */
  public int unread() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

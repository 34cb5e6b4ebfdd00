package org.millrace.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.millrace.hl7.Batch;
import org.millrace.hl7.Replies;

/** Sends one batch, and the whole of it again until each of its messages was answered AA. */
final class BatchSender {
  private static final int MESSAGES = 40;
  private static final int PATIENCE_MILLIS = 20_000;

  private final SendingSystem system;
  private final int port;
  private final History history;
  private final Map<String, SendingSystem.Patient> patients = new LinkedHashMap<>();
  private final byte[] frame;

  BatchSender(SendingSystem system, int port, History history) {
    this.system = system;
    this.port = port;
    this.history = history;
    StringBuilder batch = new StringBuilder("BHS|^~\\&|" + system.name() + "|CRASH|MILLRACE|HUB\r");
    for (int i = 0; i < MESSAGES; i++) {
      String id = SendingSystem.nextId();
      SendingSystem.Patient patient = SendingSystem.Patient.of(i);
      patients.put(id, patient);
      batch.append(new String(system.message(id, patient), StandardCharsets.UTF_8));
    }
    batch.append("BTS|" + MESSAGES + "\r");
    frame = ("\u000b" + batch + "\u001c\r").getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the batch, and leaves the connection to the caller. */
  Socket write() throws IOException {
    Socket connection = new Socket("127.0.0.1", port);
    connection.setSoTimeout(PATIENCE_MILLIS);
    patients.forEach((id, patient) -> history.add("sent", id, system.name(), patient.number()));
    OutputStream out = connection.getOutputStream();
    out.write(frame);
    out.flush();
    return connection;
  }

  void send(BooleanSupplier wanted) throws InterruptedException {
    int taken = 0;
    while (wanted.getAsBoolean() && taken < MESSAGES) {
      try (Socket connection = write()) {
        taken = taken(reply(connection.getInputStream()));
      } catch (IOException gone) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private int taken(byte[] reply) throws IOException {
    Batch replies = Batch.read(reply).orElseThrow(() -> new IOException("no batch of replies"));
    int taken = 0;
    for (byte[] each : replies.groups().get(0).messages()) {
      Replies.Acknowledged told =
          Replies.judge(each).orElseThrow(() -> new IOException("a reply without MSA"));
      history.add("acked", told.controlId(), told.code());
      taken += told.code().equals("AA") ? 1 : 0;
    }
    return taken;
  }

  private static byte[] reply(InputStream in) throws IOException {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    for (int next = in.read(); next != 0x1c; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended before the reply did");
      }
      if (next != 0x0b) {
        reply.write(next);
      }
    }
    return reply.toByteArray();
  }
}

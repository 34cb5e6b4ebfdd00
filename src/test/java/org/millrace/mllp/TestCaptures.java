package org.millrace.mllp;

/** Captures without a connection, for tests of who shows them. */
public final class TestCaptures {
  private TestCaptures() {}

  /** Has bytes come from a connection, as a whole frame. */
  public static void fill(Captures captures, String address, int port, byte[] message) {
    Capture capture =
        captures.begin(PeerAddress.read(address).orElseThrow(), address + ":" + port).orElseThrow();
    byte[] frame = MllpFrames.wrap(message);
    capture.add(frame, frame.length);
    capture.end(Capture.WHOLE);
  }
}

package org.millrace.mllp;

/** The last bytes of a run of any length. Not thread-safe. */
final class LastBytes {
  private final byte[] ring;
  private long count;

  LastBytes(int most) {
    this.ring = new byte[most];
  }

  void add(byte each) {
    ring[(int) (count % ring.length)] = each;
    count++;
  }

  /** In the order they came; begins anew. */
  byte[] take() {
    int length = (int) Math.min(count, ring.length);
    byte[] last = new byte[length];
    for (int i = 0; i < length; i++) {
      last[i] = ring[(int) ((count - length + i) % ring.length)];
    }
    count = 0;
    return last;
  }
}

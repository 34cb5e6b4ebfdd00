package org.millrace.mllp;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that frames may take together. Thread-safe. */
final class FrameRoom {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param most bytes
   */
  FrameRoom(long most) {
    this.most = most;
  }

  /** Takes so many bytes, or none and answers false. */
  boolean take(long bytes) {
    long before = taken.get();
    while (bytes <= most - before) {
      if (taken.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = taken.get();
    }
    return false;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes that are taken now. */
  long taken() {
    return taken.get();
  }
}

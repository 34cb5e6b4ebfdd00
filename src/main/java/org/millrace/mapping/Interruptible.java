package org.millrace.mapping;

/**
 * A text that a regular expression can be stopped at. Some forms take years over a few characters,
 * and nothing else ends them: whoever waits for them interrupts the thread. What is done within a
 * million steps, as every form that makes sense is, is never stopped.
 */
final class Interruptible implements CharSequence {
  private static final int ALWAYS = 1_000_000;

  private final String text;
  private int steps;

  Interruptible(String text) {
    this.text = text;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (steps < ALWAYS) {
      steps++;
    } else if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("a regular expression of a rule was stopped");
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  /** What is matched. */
  @Override
  public String toString() {
    return text;
  }
}

package org.millrace.mapping;

/** A text that comes from outside the message: given by the caller, fixed, a field of an action. */
record GivenText(String text, String path) implements V2Node {
  @Override
  public V2Node child(int number) {
    return number == 1 ? this : new GivenText("", path);
  }

  @Override
  public String whole() {
    return text;
  }

  @Override
  public boolean losesEscapes() {
    return false;
  }

  @Override
  public boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public boolean isNull() {
    return false;
  }

  @Override
  public void markWhole() {
    // Nothing of the message was read.
  }

  @Override
  public String peek() {
    return text;
  }

  /** The path only: the text may be a patient's. */
  @Override
  public String toString() {
    return path;
  }
}

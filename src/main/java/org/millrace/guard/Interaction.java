package org.millrace.guard;

/** What may be done with a type of resource. Source: SMART App Launch 2.2, scopes for access. */
public enum Interaction {
  CREATE('c'),
  READ('r'),
  UPDATE('u'),
  DELETE('d'),
  SEARCH('s');

  private final char letter;

  Interaction(char letter) {
    this.letter = letter;
  }

  /** As scopes of SMART v2 write it. */
  public char letter() {
    return letter;
  }
}

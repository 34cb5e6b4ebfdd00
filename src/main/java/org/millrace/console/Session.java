package org.millrace.console;

/**
 * One browser, as long as it is open.
 *
 * @param id known to this browser alone
 * @param token what its forms carry, which no other site can know
 */
record Session(String id, String token) {

  /** Nothing of it: who knows it is this browser. */
  @Override
  public String toString() {
    return "a session";
  }
}

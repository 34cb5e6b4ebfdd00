package org.millrace.console;

/**
 * What a page says of itself.
 *
 * @param place the entry of the navigation that it is under
 * @param command what shows the same at the command line; empty if nothing does
 * @param live whether it follows what happens
 */
record Head(String title, String place, String command, boolean live) {

  static Head of(String title, String place) {
    return new Head(title, place, "", false);
  }

  Head with(String shown) {
    return new Head(title, place, shown, live);
  }

  Head following() {
    return new Head(title, place, command, true);
  }
}

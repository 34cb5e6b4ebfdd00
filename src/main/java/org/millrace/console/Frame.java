package org.millrace.console;

import java.util.List;

/**
 * What stands around every page.
 *
 * @param title of the page
 * @param nav the ways to the other pages
 * @param token for the forms of this browser
 * @param command what shows the same at the command line; empty if nothing does
 * @param zone of the times shown
 * @param now when the page was made
 * @param live whether the page follows what happens
 */
record Frame(
    String title,
    List<Nav> nav,
    String token,
    String command,
    String zone,
    Moment now,
    boolean live) {

  /** What the search box offers. */
  List<SearchKind> kinds() {
    return SearchKind.all();
  }

  /**
   * A way to a page.
   *
   * @param here whether it is the page that is shown
   */
  record Nav(String name, String href, boolean here) {}
}

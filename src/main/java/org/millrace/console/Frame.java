package org.millrace.console;

import java.util.List;
import org.millrace.guard.Right;

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
 * @param person who looks
 * @param open whether nobody has to log in, since there is no account
 */
record Frame(
    String title,
    List<Nav> nav,
    String token,
    String command,
    String zone,
    Moment now,
    boolean live,
    Person person,
    boolean open) {

  boolean known() {
    return person.known();
  }

  String name() {
    return person.actor().name();
  }

  String role() {
    return person.role();
  }

  /** Whether there is anything to find. */
  boolean mayLook() {
    return person.may(Right.LOOK);
  }

  boolean mayShow() {
    return person.may(Right.SHOW);
  }

  boolean mayOperate() {
    return person.may(Right.OPERATE);
  }

  boolean mayAnalyse() {
    return person.may(Right.ANALYSE);
  }

  /** Whether there is anything to do with lines of a list. */
  boolean mayChoose() {
    return mayOperate() || mayAnalyse();
  }

  /** What the search box offers. */
  List<SearchKind> kinds() {
    return SearchKind.all();
  }

  /**
   * A way to a page.
   *
   * @param here whether it is the page that is shown
   * @param standing how many alerts stand; empty where none is to be told
   */
  record Nav(String name, String href, boolean here, String standing) {}
}

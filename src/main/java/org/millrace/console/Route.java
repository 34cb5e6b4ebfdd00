package org.millrace.console;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.guard.Right;

/**
 * A way into the console, and the rights that it needs.
 *
 * @param method {@code GET} or {@code POST}
 * @param path as it is asked for, {@code NUMBER} in place of a message's; with a part of a page
 *     that needs a right of its own
 * @param open whether it needs none, as anybody may who is not logged in either
 */
record Route(String method, String path, Set<Right> rights, boolean open, Handler handler) {
  private static final Pattern MESSAGE = Pattern.compile("/messages/([0-9]{1,18})(/[a-z-]+)?");
  private static final String NUMBER = "/messages/NUMBER";

  /** Answers what is asked for. */
  @FunctionalInterface
  interface Handler {

    /**
     * @param number of the message in the path; 0 if the path has none
     */
    Answer answer(Request request, long number) throws InterruptedException;
  }

  Route {
    rights = Set.copyOf(rights);
    if (open != rights.isEmpty()) {
      throw new IllegalArgumentException(path + " needs a right, or is open to anybody");
    }
  }

  static Route get(String path, Right right, Page page) {
    return new Route("GET", path, Set.of(right), false, (request, number) -> page.answer(request));
  }

  static Route post(String path, Right right, Page page) {
    return new Route("POST", path, Set.of(right), false, (request, number) -> page.answer(request));
  }

  /** The same, for who has this right, too. */
  Route and(Right right) {
    Set<Right> more = new HashSet<>(rights);
    more.add(right);
    return new Route(method, path, more, open, handler);
  }

  /**
   * @param part of a message's page, or what is done to it; with its slash or question mark
   */
  static Route ofMessage(String method, String part, Right right, Handler handler) {
    return new Route(method, NUMBER + part, Set.of(right), false, handler);
  }

  static Route open(String method, String path, Page page) {
    return new Route(method, path, Set.of(), true, (request, number) -> page.answer(request));
  }

  /** What it is looked up by. */
  String key() {
    return method + " " + path;
  }

  /** A path with {@code NUMBER} in place of a message's; what is too long for one stays. */
  static String generic(String path) {
    Matcher message = MESSAGE.matcher(path);
    return message.matches() ? NUMBER + Optional.ofNullable(message.group(2)).orElse("") : path;
  }

  /** The number of the message in a path; 0 if it has none. */
  static long number(String path) {
    Matcher message = MESSAGE.matcher(path);
    return message.matches() ? Long.parseLong(message.group(1)) : 0;
  }

  @Override
  public String toString() {
    return key();
  }
}

package org.millrace.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mapping.RuleLine;

/**
 * FHIR paths as our rules and as the official guide write them, brought to one form that can be
 * compared: no numbers, no conditions, extensions by their URL, references looked through.
 */
final class FhirPaths {
  /** The guide: {@code location[1].location(Location.operationalStatus)}. */
  private static final Pattern LOOKED_THROUGH =
      Pattern.compile("\\(([A-Z]\\w*)(?:\\[[^\\]]*])?(?:\\.([^()]*(?:\\([^()]*\\))?))?\\)?$");

  private static final Pattern EXTENSION = Pattern.compile("extension\\('([^']*)'\\)");
  private static final Pattern EQUALITY =
      Pattern.compile(
          "(?<![\\w.])([a-z]\\w*(?:\\.\\w+)*)(?: as [\\w-]+)? (?:=|starts-with) '([^']*)'");

  private FhirPaths() {}

  /** A path of the guide. */
  static String ofGuide(String path) {
    String text = path.replace("$value", "$this");
    Matcher through = LOOKED_THROUGH.matcher(text);
    while (through.find() && !text.startsWith("extension('", Math.max(0, through.start() - 9))) {
      String inner = through.group(2);
      text = text.substring(0, through.start()) + (inner == null ? "" : ".resolve()." + inner);
      through = LOOKED_THROUGH.matcher(text);
    }
    return plain(text);
  }

  /**
   * Every place that a rule fills on the way to FHIR: its own, and what its brackets and its set
   * say; with the value where the rule says which, else an empty text.
   */
  static Map<String, String> ofRule(RuleLine rule) {
    Map<String, String> paths = new LinkedHashMap<>();
    String path = rule.fhir();
    paths.put(plain(path), rule.says("fixed"));
    int open = path.indexOf('[');
    while (open >= 0) {
      int close = closing(path, open);
      String head = plain(path.substring(0, open));
      Matcher equality = EQUALITY.matcher(path.substring(open + 1, close));
      while (equality.find()) {
        paths.put(head + "." + equality.group(1), equality.group(2));
      }
      open = path.indexOf('[', close);
    }
    rule.says()
        .forEach(
            (key, value) -> {
              if (key.startsWith("set ")) {
                paths.put(plain(path) + "." + key.substring(4), value);
              }
            });
    return paths;
  }

  /** One of the two places holds the other, or they are the same. */
  static boolean meet(String guide, String ours) {
    return guide.equals(ours) || guide.startsWith(ours + ".") || ours.startsWith(guide + ".");
  }

  private static String plain(String path) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < path.length()) {
      char each = path.charAt(at);
      if (each == '[') {
        at = closing(path, at) + 1;
      } else {
        text.append(each);
        at++;
      }
    }
    String plain = EXTENSION.matcher(text).replaceAll("extension<$1>");
    return plain.startsWith(".") ? plain.substring(1) : plain;
  }

  /** The bracket that closes the one at a place; brackets may stand in one another. */
  private static int closing(String path, int open) {
    int depth = 0;
    for (int at = open; at < path.length(); at++) {
      depth += path.charAt(at) == '[' ? 1 : path.charAt(at) == ']' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return path.length() - 1;
  }
}

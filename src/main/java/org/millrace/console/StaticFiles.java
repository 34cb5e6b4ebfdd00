package org.millrace.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Style sheet, script and icon: the only files there are. */
final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "/static/console.css", "text/css; charset=utf-8",
          "/static/console.js", "text/javascript; charset=utf-8",
          "/static/icon.svg", "image/svg+xml");

  private StaticFiles() {}

  static boolean has(String path) {
    return TYPES.containsKey(path);
  }

  static Answer get(String path) {
    String type = TYPES.getOrDefault(path, "");
    try (InputStream file = StaticFiles.class.getResourceAsStream(path.substring(1))) {
      if (type.isEmpty() || file == null) {
        return Answer.plain(404, "There is no such file.");
      }
      return Answer.of(200, type, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("a file of the program cannot be read: " + path, e);
    }
  }
}

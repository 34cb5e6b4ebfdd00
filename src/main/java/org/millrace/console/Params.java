package org.millrace.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a query or a form says, by name.
 *
 * @param values in the order they came; what is blank is left out
 */
record Params(Map<String, List<String>> values) {
  static final Params NONE = new Params(Map.of());

  /** Reads {@code a=1&b=2}, as browsers write it; empty if it is not written so. */
  static Optional<Params> read(String encoded) {
    try {
      return Optional.of(pairs(encoded));
    } catch (IllegalArgumentException noHexDigits) {
      return Optional.empty();
    }
  }

  private static Params pairs(String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (!value.isBlank()) {
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      }
    }
    return new Params(values);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The first value; empty if there is none. */
  String text(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? "" : all.get(0).strip();
  }

  /** The first value as a number of something; 0, which nothing has, if it is none. */
  long number(String name) {
    String text = text(name);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /** As it came, blanks and line ends included; empty if there is none. */
  String exactly(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? "" : all.get(0);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The names only: values may be a patient's. */
  @Override
  public String toString() {
    return "parameters " + values.keySet();
  }
}

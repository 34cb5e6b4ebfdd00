package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of a search in the order received, decoded; blank ones count as absent. */
record SearchParameters(List<Parameter> parameters) {
  private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\)(\\\\\\\\)*,");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\,|$])");
  static final String PAGE_CONTEXT = "-pageContext";
  static final String PAGE_DIRECTION = "-pageDirection";

  /** One parameter; the name keeps its modifier, as in {@code family:exact}. */
  record Parameter(String name, String value) {}

  static SearchParameters parse(String rawQuery) {
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        parameters.add(
            new Parameter(
                decode(equals < 0 ? pair : pair.substring(0, equals)),
                decode(equals < 0 ? "" : pair.substring(equals + 1))));
      }
    }
    return new SearchParameters(List.copyOf(parameters));
  }

  boolean has(String name) {
    return !all(name).isEmpty();
  }

  boolean hasAny(String... names) {
    return Arrays.stream(names).anyMatch(this::has);
  }

  List<String> all(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name) && !parameter.value().isBlank())
        .map(Parameter::value)
        .toList();
  }

  /** The value of a parameter that may stand only once; refuses a repeated one. */
  Optional<String> single(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw Refusal.badSearch(name + " may be provided only once");
    }
    return values.stream().findFirst();
  }

  /**
   * Whether a comma parts values; one that a backslash escapes is text (FHIR R4, Search, escaping).
   */
  static boolean holdsSeveral(String value) {
    return SEPARATOR.matcher(value).find();
  }

  /** A single value as it is meant. */
  static String unescaped(String value) {
    return ESCAPED.matcher(value).replaceAll("$1");
  }

  /** The comma-separated values of a parameter that may stand only once; none where absent. */
  List<String> choices(String name) {
    return single(name)
        .map(value -> Arrays.stream(value.split(",")).filter(v -> !v.isBlank()).toList())
        .orElse(List.of());
  }

  /** The page size asked for, within 1 and the limit. */
  int count(int usual, int limit) {
    Optional<String> asked = single("_count");
    if (asked.isEmpty()) {
      return usual;
    }
    if (!asked.get().matches("[0-9]{1,6}") || Integer.parseInt(asked.get()) < 1) {
      throw Refusal.badSearch("_count must be a positive number");
    }
    return Math.min(Integer.parseInt(asked.get()), limit);
  }

  /** The parameters a next link repeats: those named, without paging ones. */
  SearchParameters keeping(Set<String> names) {
    return new SearchParameters(
        parameters.stream().filter(parameter -> names.contains(parameter.name())).toList());
  }

  /** Name to list of values, for the list of requests. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    for (Parameter parameter : parameters) {
      json.withArray("/" + parameter.name().replace("~", "~0").replace("/", "~1"))
          .add(parameter.value());
    }
    return json;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

package org.millrace.mapping;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One field of a JSON action, in or out, for those who check or describe it.
 *
 * @param type {@code string}, {@code object} or {@code array}, as JSON Schema has it
 * @param pattern a regular expression the whole text must match; empty for none
 * @param fallback what is taken if the field is left out; empty for nothing
 * @param values the only texts allowed; empty for any. Case and blanks do not count, and what
 *     stands after a semicolon may be left out: {@code Text/HTML} is {@code
 *     text/html;charset=utf-8}
 * @param dated it begins with a date, which must be one of the calendar, as must its time
 * @param with the field without which it says nothing; empty for none
 * @param without the field beside which it cannot stand; empty for none
 * @param supplied what a site supplies where a required one is left out, as files of targets name
 *     it; empty for nothing
 */
public record ActionField(
    String name,
    String description,
    String type,
    boolean required,
    String pattern,
    String fallback,
    List<String> values,
    boolean dated,
    String with,
    String without,
    String supplied) {

  /** The same, which may be left out. */
  ActionField leftOut() {
    return new ActionField(
        name, description, type, false, pattern, fallback, values, dated, with, without, supplied);
  }

  /** A list of texts instead of one. */
  public boolean isList() {
    return type.equals("array");
  }

  /** The allowed text that a caller means; empty if it is none of them, or if any is allowed. */
  Optional<String> allowed(String said) {
    String plain = said.replaceAll("[\\s\"]", "").toLowerCase(Locale.ROOT);
    return values.stream()
        .filter(value -> value.equals(plain) || value.startsWith(plain + ";"))
        .findFirst();
  }
}

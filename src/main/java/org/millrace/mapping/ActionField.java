package org.millrace.mapping;

import java.util.List;

/**
 * One field of a JSON action, in or out, for those who check or describe it.
 *
 * @param type {@code string}, {@code object} or {@code array}, as JSON Schema has it
 * @param pattern a regular expression the whole text must match; empty for none
 * @param fallback what is taken if the field is left out; empty for nothing
 * @param values the only texts allowed; empty for any
 */
public record ActionField(
    String name,
    String description,
    String type,
    boolean required,
    String pattern,
    String fallback,
    List<String> values) {}

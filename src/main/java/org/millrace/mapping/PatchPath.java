package org.millrace.mapping;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One place that a FHIR server lets a JSON Patch change. Where a value wants other company than the
 * rest, as the status booked does, it is a place of its own beside theirs.
 *
 * @param ops the operations taken there: add, remove, replace
 * @param path a JSON pointer in which {@code {i}} stands for any index
 * @param test the pointer of what must be tested before, {@code {i}} as in the path; empty for
 *     nothing
 * @param values the only values taken; empty for any
 * @param with operations of which one must stand in the same patch: {@code replace /status=booked};
 *     empty for none
 * @param without operations of which none may stand in the same patch
 */
public record PatchPath(
    List<String> ops,
    String path,
    String test,
    List<String> values,
    List<String> with,
    List<String> without) {
  private static final String INDEX = "{i}";

  public PatchPath {
    ops = List.copyOf(ops);
    values = List.copyOf(values);
    with = List.copyOf(with);
    without = List.copyOf(without);
  }

  /** Whether it is this place that an operation changes. */
  public boolean isFor(String op, String pointer) {
    return ops.contains(op) && matched(pointer).isPresent();
  }

  /**
   * Whether a value is one of those taken there.
   *
   * @param value as text; empty for a list or an object, which only a place that takes any takes
   */
  public boolean takes(String value) {
    return values.isEmpty() || values.contains(value);
  }

  /** What must be tested before a change there; empty for nothing. */
  public String testFor(String pointer) {
    return matched(pointer).map(index -> test.replace(INDEX, index)).orElse("");
  }

  /** The index that stands in a pointer of this form; the empty text if the form has none. */
  private Optional<String> matched(String pointer) {
    int at = path.indexOf(INDEX);
    if (at < 0) {
      return pointer.equals(path) ? Optional.of("") : Optional.empty();
    }
    Matcher matcher =
        Pattern.compile(
                Pattern.quote(path.substring(0, at))
                    + "(\\d{1,4})"
                    + Pattern.quote(path.substring(at + INDEX.length())))
            .matcher(pointer);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}

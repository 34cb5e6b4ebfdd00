package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in a FHIR resource or data type, read and checked once at load: {@code name}, {@code
 * given[0]}, {@code given[1..]}, {@code telecom[use = 'work']}, {@code
 * extension('url').valueString}, {@code location[0].location.resolve().name}, {@code $this}.
 *
 * <p>The last list step without an index is the one that repeats with the repetitions of a v2
 * field; list steps before it stand for their first element.
 *
 * @param text as written
 * @param type the FHIR type at the end: {@code HumanName}, {@code code}; empty if unknown
 * @param listText the text up to the step that spreads, {@code telecom[use = 'work']}; empty if
 *     none does
 */
record FhirPlace(String text, List<Step> steps, String type, String listText) {

  /** All elements of a list, or none of them is named by number. */
  static final int ANY = -1;

  /**
   * One step.
   *
   * @param name JSON name; {@code resolve()} for the resource a reference points at, {@code type()}
   *     for the type of that resource
   * @param shadow JSON name of what stands beside a simple element: the name with an underscore
   * @param index 0-based element, or {@link #ANY}
   * @param rest from the index on, {@code given[1..]}
   * @param spreads one element for each repetition
   * @param url of an extension, else empty
   * @param fillings what the filter gives a new element
   */
  record Step(
      String name,
      String shadow,
      boolean list,
      Span span,
      boolean spreads,
      String url,
      Optional<Condition> filter,
      List<Filling> fillings) {
    static final String RESOLVE = "resolve()";
    static final String TYPE = "type()";

    Step(
        String name,
        boolean list,
        Span span,
        boolean spreads,
        String url,
        Optional<Condition> filter) {
      this(
          name,
          "_" + name,
          list,
          span,
          spreads,
          url,
          filter,
          filter.map(Filling::of).orElse(List.of()));
    }

    boolean resolves() {
      return name.equals(RESOLVE);
    }

    boolean tellsType() {
      return name.equals(TYPE);
    }

    Step spreading() {
      return new Step(name, list, span, true, url, filter);
    }
  }

  /** Which elements of a list: all ({@code from} is ANY), one, or all from one on. */
  record Span(int from, boolean rest) {
    static final Span ALL = new Span(ANY, false);

    boolean holds(int position) {
      return from == ANY || position == from || (rest && position > from);
    }
  }

  /** Whether a step spreads. */
  boolean repeats() {
    return !listText.isEmpty();
  }

  /** The number of the step that spreads, -1 if none does. */
  int spread() {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).spreads()) {
        return i;
      }
    }
    return -1;
  }

  /** What is left of this place below the first steps. */
  FhirPlace below(int first) {
    return new FhirPlace(text, steps.subList(first, steps.size()), type, "");
  }

  /** This place, read from an element of a list on, as the resource that holds the list sees it. */
  FhirPlace within(FhirPlace each, Span span) {
    int last = each.steps.size() - 1;
    Step list = each.steps.get(last);
    List<Step> whole = new ArrayList<>(each.steps.subList(0, last));
    whole.add(new Step(list.name(), true, span, false, list.url(), Optional.empty()));
    whole.addAll(steps);
    String inside = repeats() ? each.text + "." + listText : "";
    return new FhirPlace(each.text + "." + text, List.copyOf(whole), type, inside);
  }

  /** {@code $this}: the element itself. */
  boolean isWhole() {
    return steps.isEmpty();
  }

  boolean isPrimitive() {
    return !type.isEmpty() && Character.isLowerCase(type.charAt(0));
  }

  @Override
  public String toString() {
    return text;
  }
}

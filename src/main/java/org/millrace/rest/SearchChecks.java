package org.millrace.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.cerner.Parameter;
import org.millrace.mapping.FhirDates;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.SearchParameter;
import org.millrace.mapping.SearchRule;
import org.millrace.rest.Refusal.Finding;

/**
 * Holds a search against what the server takes before it is asked: Cerner ignores what it does not
 * know, and a parameter ignored is a wrong answer that looks right. Stateless.
 */
final class SearchChecks {
  private static final Pattern SEPARATOR =
      // A comma that no backslash escapes; a backslash may itself be escaped.
      Pattern.compile("(?<=(?<!\\\\)(?:\\\\\\\\){0,20}),");
  private static final Pattern PREFIXED = Pattern.compile("(eq|ge|gt|le|lt)?(\\d.*)");

  private final ResourceCalls calls;
  private final UnaryOperator<String> called;
  private final List<Finding> faults = new ArrayList<>();

  private SearchChecks(ResourceCalls calls, UnaryOperator<String> called) {
    this.calls = calls;
    this.called = called;
  }

  /** Every fault of a search; empty if the server can be asked. */
  static List<Finding> faults(ResourceCalls calls, List<Parameter> parameters) {
    return faults(calls, parameters, UnaryOperator.identity());
  }

  /**
   * Every fault of a search.
   *
   * @param called what a parameter is called by the one who asks; empty if it cannot be asked by
   */
  static List<Finding> faults(
      ResourceCalls calls, List<Parameter> parameters, UnaryOperator<String> called) {
    SearchChecks checks = new SearchChecks(calls, called);
    Map<String, List<Parameter>> byName =
        parameters.stream()
            .collect(
                Collectors.groupingBy(
                    SearchChecks::plainName, LinkedHashMap::new, Collectors.toList()));
    byName.forEach(checks::checkAll);
    if (checks.faults.isEmpty()) {
      checks.checkTogether(byName);
    }
    return List.copyOf(checks.faults);
  }

  /** As the server wants them: references to one known type are sent as bare ids. */
  static List<Parameter> asSent(ResourceCalls calls, List<Parameter> parameters) {
    return parameters.stream()
        .map(
            one ->
                calls
                    .parameter(plainName(one))
                    .filter(known -> !known.to().isEmpty())
                    .map(known -> new Parameter(one.name(), bare(known.to(), one.value())))
                    .orElse(one))
        .toList();
  }

  private static String bare(String type, String value) {
    return SEPARATOR
        .splitAsStream(value)
        .map(one -> FhirId.ofReference(type, one))
        .collect(Collectors.joining(","));
  }

  /** The name of a parameter without its modifier. */
  private static String plainName(Parameter parameter) {
    int colon = parameter.name().indexOf(':');
    return colon < 0 ? parameter.name() : parameter.name().substring(0, colon);
  }

  private void fault(String name, String message) {
    faults.add(new Finding(called.apply(name).isEmpty() ? name : called.apply(name), message));
  }

  /** All that stand under one name. */
  private void checkAll(String name, List<Parameter> given) {
    SearchParameter known = calls.parameter(name).orElse(null);
    if (known == null) {
      faults.add(
          new Finding(
              given.get(0).name(),
              "is not a search parameter of "
                  + calls.type()
                  + " here; known are "
                  + String.join(
                      ", ", calls.parameters().stream().map(SearchParameter::name).toList())));
      return;
    }
    for (Parameter one : given) {
      if (!one.name().equals(name)
          && !known.modifiers().contains(one.name().substring(name.length() + 1))) {
        faults.add(new Finding(one.name(), "has a modifier that is not served"));
      }
    }
    if (given.size() > known.times().most()) {
      fault(name, "stands more than " + (known.times().most() == 1 ? "once" : "twice") + " here");
      return;
    }
    given.forEach(one -> checkValues(known, one.value()));
    if (known.isDate() && faults.isEmpty()) {
      checkPrefixes(known, given);
    }
  }

  private void checkValues(SearchParameter known, String value) {
    if (value.isBlank()) {
      fault(known.name(), "is empty");
      return;
    }
    List<String> values = SEPARATOR.splitAsStream(value).toList();
    if (values.size() != 1 && !known.several()) {
      fault(known.name(), "takes one value; a comma that belongs to it is written as \\,");
      return;
    }
    for (String one : values) {
      Optional<String> fault = faultOf(known, one);
      if (fault.isPresent()) {
        fault(known.name(), fault.get());
        return;
      }
    }
    long own = values.stream().filter(one -> one.startsWith(known.apart())).count();
    if (!known.apart().isEmpty() && own != 0 && own != values.size()) {
      fault(known.name(), "takes codes of " + known.apart() + " or others, and not both at once");
    }
  }

  private static Optional<String> faultOf(SearchParameter known, String value) {
    if (known.type().equals("number")) {
      boolean within =
          value.matches("[1-9]\\d{0,3}")
              && Integer.parseInt(value) >= known.least()
              && Integer.parseInt(value) <= known.most();
      return within
          ? Optional.empty()
          : Optional.of("is a whole number from " + known.least() + " to " + known.most());
    }
    if (!known.values().isEmpty() && !known.values().contains(value)) {
      return Optional.of("is one of " + String.join(", ", known.values()));
    }
    if (known.name().equals("_id") && !FhirId.isId(value)) {
      return Optional.of("is no FHIR id");
    }
    if (!known.to().isEmpty() && !FhirId.isId(FhirId.ofReference(known.to(), value))) {
      return Optional.of("is the id of a " + known.to() + ", alone or as " + known.to() + "/id");
    }
    if (!known.pattern().isEmpty() && !value.matches(known.pattern())) {
      return Optional.of("must be " + known.description());
    }
    return Optional.empty();
  }

  private void checkPrefixes(SearchParameter known, List<Parameter> given) {
    boolean pair = given.size() == 2;
    SearchParameter.Times times = known.times();
    String form = pair ? times.formOfPair() : times.form();
    List<String> prefixes = new ArrayList<>();
    for (Parameter one : given) {
      Matcher date = PREFIXED.matcher(one.value());
      if (!date.matches() || !isDate(date.group(2), form)) {
        fault(known.name(), "is " + inWords(form) + ", with " + prefixesOf(times) + " before it");
        return;
      }
      prefixes.add(date.group(1) == null ? "eq" : date.group(1));
    }
    boolean held =
        pair
            ? isPair(times, prefixes.get(0), prefixes.get(1))
                || isPair(times, prefixes.get(1), prefixes.get(0))
            : times.once().contains(prefixes.get(0));
    if (!held) {
      fault(known.name(), "stands " + prefixesOf(times));
    } else if (pair && times.alike() && !areAlike(given.get(0), given.get(1))) {
      fault(known.name(), "has two dates that are told as precisely");
    }
  }

  private static boolean areAlike(Parameter one, Parameter other) {
    return precision(one).equals(precision(other));
  }

  /** The date with its digits blotted out, without its zone. */
  private static String precision(Parameter date) {
    return date.value()
        .replaceFirst("^[a-z]+", "")
        .replaceFirst("(Z|[+-]\\d\\d:\\d\\d)$", "")
        .replaceAll("\\d", "0");
  }

  private static boolean isPair(SearchParameter.Times times, String from, String until) {
    return times.from().contains(from) && times.until().contains(until);
  }

  private static String prefixesOf(SearchParameter.Times times) {
    List<String> ways = new ArrayList<>();
    if (!times.once().isEmpty()) {
      ways.add("once with " + String.join(", ", times.once()).replace("eq", "eq or none"));
    }
    if (!times.from().isEmpty()) {
      ways.add(
          "twice with "
              + String.join(" or ", times.from())
              + " and "
              + String.join(" or ", times.until()));
    }
    return String.join("; ", ways);
  }

  private static String inWords(String form) {
    return switch (form) {
      case "day" -> "YYYY-MM-DD without a time";
      case "time" ->
          "a date with a time and an offset, as 2026-01-31T10:00:00Z (a plus is written as %2B)";
      default -> "a date, with a time and an offset or without";
    };
  }

  private static boolean isDate(String text, String form) {
    boolean timed = text.indexOf('T') > 0;
    if ((form.equals("day") && timed) || (form.equals("time") && !timed)) {
      return false;
    }
    return FhirDates.isOne(text);
  }

  private void checkTogether(Map<String, List<Parameter>> given) {
    for (SearchRule rule : calls.rules()) {
      if (!rule.holds(given.keySet())) {
        String place = rule.bound() == SearchRule.Bound.ALONE ? rule.of().get(0) : calls.type();
        faults.add(new Finding(place, rule.sentence(called)));
      }
    }
    if (!faults.isEmpty()) {
      return;
    }
    for (String name : given.keySet()) {
      List<String> with = calls.parameter(name).orElseThrow().with();
      if (!with.isEmpty() && with.stream().noneMatch(given::containsKey)) {
        fault(name, "goes with " + either(with) + " only");
      }
    }
  }

  private String either(List<String> names) {
    return names.stream()
        .map(called)
        .filter(name -> !name.isEmpty())
        .distinct()
        .collect(Collectors.joining(" or "));
  }
}

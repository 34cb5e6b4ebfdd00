package org.millrace.mapping;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.SearchParameter.Times;

/** Reads {@code calls/NAME.yaml}: what can be asked of a FHIR server. */
final class CallFiles {
  static final String FOLDER = "calls/";

  private static final Set<String> TYPES =
      Set.of("token", "string", "date", "reference", "number", "special");
  private static final Set<String> PREFIXES = Set.of("eq", "ge", "gt", "le", "lt");
  private static final Set<String> PARAMETER =
      Set.of(
          "name",
          "type",
          "description",
          "modifiers",
          "several",
          "apart",
          "values",
          "to",
          "pattern",
          "with",
          "times",
          "form",
          "form-of-pair",
          "once",
          "from",
          "until",
          "alike",
          "least",
          "most");

  private final Compiler compiler;
  private final Map<String, TargetCalls> calls = new HashMap<>();

  CallFiles(Compiler compiler) {
    this.compiler = compiler;
  }

  /**
   * Reads every file.
   *
   * @param files by path under the folder, others among them
   */
  Map<String, TargetCalls> read(Map<String, RuleText> files) {
    files.forEach(
        (file, text) -> {
          if (file.startsWith(FOLDER)) {
            file(file.substring(FOLDER.length(), file.length() - ".yaml".length()), text);
          }
        });
    return Map.copyOf(calls);
  }

  private void file(String name, RuleText text) {
    text.allow(Set.of("calls", "title", "source", "resources"));
    text.required("source");
    text.required("title");
    if (!text.required("calls").equals(name)) {
      text.get("calls").ifPresent(at -> at.fault("The calls of a server are named as its file."));
    }
    Map<String, ResourceCalls> resources = new LinkedHashMap<>();
    for (RuleText entry : text.items("resources")) {
      ResourceCalls read = resource(entry);
      if (resources.putIfAbsent(read.type(), read) != null) {
        entry.fault("What can be asked about " + read.type() + " stands above already.");
      }
    }
    calls.put(name, new TargetCalls(List.copyOf(resources.values())));
  }

  private ResourceCalls resource(RuleText text) {
    text.allow(
        Set.of("resource", "source", "interactions", "parameters", "rules", "patch", "operations"));
    text.required("source");
    String type = text.required("resource");
    if (compiler.model().resource(type).isEmpty()) {
      text.fault("FHIR R4 has no resource " + type + ".");
    }
    Set<Interaction> interactions = EnumSet.noneOf(Interaction.class);
    for (RuleText item : text.items("interactions")) {
      interaction(item).ifPresent(interactions::add);
    }
    if (interactions.isEmpty()) {
      text.fault("Add 'interactions': what can be done with it.");
    }
    List<SearchParameter> parameters =
        text.items("parameters").stream().map(this::parameter).toList();
    if (parameters.isEmpty() == interactions.contains(Interaction.SEARCH)) {
      text.fault("'search' and 'parameters' stand together.");
    }
    ResourceCalls read =
        new ResourceCalls(
            type,
            interactions,
            parameters,
            text.items("rules").stream().flatMap(rule -> rule(rule).stream()).toList(),
            text.items("patch").stream().map(CallFiles::patch).toList(),
            text.items("operations").stream().map(each -> operation(type, each)).toList());
    if (read.patches().isEmpty() == interactions.contains(Interaction.PATCH)) {
      text.fault("The interaction 'patch' and the key 'patch' stand together.");
    }
    checkNames(read, text);
    return read;
  }

  /** What parameters and rules name stands among the parameters. */
  private static void checkNames(ResourceCalls read, RuleText text) {
    for (RuleText item : text.items("parameters")) {
      known(read, item, "with");
    }
    for (RuleText rule : text.items("rules")) {
      rule.entries().keySet().forEach(key -> known(read, rule, key));
    }
  }

  private OperationCalls operation(String type, RuleText text) {
    text.allow(Set.of("operation", "answers", "definition", "description", "parameters", "rules"));
    String answers = text.required("answers");
    if (compiler.model().resource(answers).isEmpty()) {
      text.fault("FHIR R4 has no resource " + answers + ".");
    }
    if (!text.required("operation").matches("[a-z][a-z-]*")) {
      text.fault("The name of an operation is written without $, in small letters and dashes.");
    }
    OperationCalls read =
        new OperationCalls(
            text.text("operation"),
            answers,
            text.required("definition"),
            text.required("description"),
            text.items("parameters").stream().map(this::parameter).toList(),
            text.items("rules").stream().flatMap(rule -> rule(rule).stream()).toList());
    checkNames(read.asSearch(type), text);
    return read;
  }

  private static Optional<Interaction> interaction(RuleText item) {
    for (Interaction each : Interaction.values()) {
      if (each.key().equals(item.scalar())) {
        return Optional.of(each);
      }
    }
    item.fault("An interaction is read, search, create, update or patch.");
    return Optional.empty();
  }

  private SearchParameter parameter(RuleText text) {
    text.allow(PARAMETER);
    String type = text.required("type");
    if (!TYPES.contains(type)) {
      text.fault("A search parameter is a token, string, date, reference, number or special.");
    }
    String to = text.text("to");
    if (!to.isEmpty() && compiler.model().resource(to).isEmpty()) {
      text.fault("FHIR R4 has no resource " + to + ".");
    }
    return new SearchParameter(
        text.required("name"),
        type,
        text.required("description"),
        Set.copyOf(text.texts("modifiers")),
        text.flag("several"),
        text.text("apart"),
        text.texts("values"),
        to,
        pattern(text),
        text.texts("with"),
        times(text, type.equals("date")),
        number(text, "least", 1),
        number(text, "most", 9999));
  }

  private static Times times(RuleText text, boolean date) {
    for (String key : List.of("once", "from", "until")) {
      for (RuleText prefix : text.items(key)) {
        if (!date || !PREFIXES.contains(prefix.scalar())) {
          prefix.fault("A date has the prefix eq, ge, gt, le or lt; nothing else has one.");
        }
      }
    }
    List<String> from = text.texts("from");
    if (from.isEmpty() != text.texts("until").isEmpty()) {
      text.fault("'from' and 'until' stand together: the prefixes of the two dates.");
    }
    String form = form(text, "form", date ? "any" : "");
    return new Times(
        from.isEmpty() ? number(text, "times", 1) : 2,
        form,
        form(text, "form-of-pair", form),
        text.texts("once"),
        from,
        text.texts("until"),
        text.flag("alike"));
  }

  private static String form(RuleText text, String key, String usual) {
    String form = text.has(key) ? text.text(key) : usual;
    if (text.has(key) && !Set.of("day", "time", "any").contains(form)) {
      text.fault("The form of a date is day, time or any.");
    }
    return form;
  }

  private static String pattern(RuleText text) {
    try {
      return Pattern.compile(text.text("pattern")).pattern();
    } catch (PatternSyntaxException e) {
      text.fault("The pattern is no regular expression.");
      return "";
    }
  }

  private static int number(RuleText text, String key, int usual) {
    String said = text.text(key);
    if (said.matches("\\d{1,4}")) {
      return Integer.parseInt(said);
    }
    if (!said.isEmpty()) {
      text.fault("'" + key + "' is a whole number up to 9999.");
    }
    return usual;
  }

  private static Optional<SearchRule> rule(RuleText text) {
    text.allow(
        Set.of("when", "at-least-one-of", "exactly-one-of", "at-most-one-of", "alone", "beside"));
    List<SearchRule> found = new ArrayList<>();
    for (SearchRule.Bound bound : SearchRule.Bound.values()) {
      if (text.has(bound.key())) {
        found.add(
            new SearchRule(
                text.texts("when"), bound, text.texts(bound.key()), text.texts("beside")));
      }
    }
    if (found.size() != 1) {
      text.fault(
          "A rule is one of at-least-one-of, exactly-one-of, at-most-one-of and alone, with 'when'"
              + " or without.");
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }

  private static PatchPath patch(RuleText text) {
    text.allow(Set.of("ops", "path", "test", "values", "with", "without"));
    for (RuleText op : text.items("ops")) {
      if (!Set.of("add", "remove", "replace").contains(op.scalar())) {
        op.fault("An operation is add, remove or replace.");
      }
    }
    if (!text.required("path").startsWith("/") || !text.has("ops")) {
      text.fault("A change has 'ops', and a 'path' that begins with /.");
    }
    for (String key : List.of("with", "without")) {
      for (RuleText other : text.items(key)) {
        if (!other.scalar().matches("(add|remove|replace) /.*")) {
          other.fault("Another operation is written as: replace /status=booked.");
        }
      }
    }
    return new PatchPath(
        text.texts("ops"),
        text.text("path"),
        text.text("test"),
        text.texts("values"),
        text.texts("with"),
        text.texts("without"));
  }

  private static void known(ResourceCalls calls, RuleText text, String key) {
    for (RuleText name : text.items(key)) {
      if (calls.parameter(name.scalar()).isEmpty()) {
        name.fault("There is no parameter " + name.scalar() + " among those of this resource.");
      }
    }
  }
}

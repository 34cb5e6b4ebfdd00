package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code actions/NAME.yaml}: the fields, the call and the answer of a JSON action. */
final class ActionFiles {
  static final String FOLDER = "actions/";

  /** Where a document's text is. */
  private static final String CONTENT = "content[0].attachment.data";

  private final Compiler compiler;

  ActionFiles(Compiler compiler) {
    this.compiler = compiler;
  }

  void read(Collection<RuleText> files) {
    files.forEach(this::action);
  }

  private void action(RuleText text) {
    text.allow(
        Set.of(
            "action",
            "description",
            "resource",
            "call",
            "sorted-by",
            "patch",
            "source",
            "fields",
            "rules",
            "answer"));
    text.required("source");
    String resource = text.required("resource");
    Optional<BaseRuntimeElementDefinition<?>> root = compiler.model().resource(resource);
    if (root.isEmpty()) {
      text.get("resource").ifPresent(at -> at.fault("FHIR R4 has no resource " + resource + "."));
      return;
    }
    RuleReader reader = new RuleReader(compiler, new RuleReader.Scope("", root));
    Map<ActionField, List<Rule>> fields = new LinkedHashMap<>();
    for (RuleText field : text.items("fields")) {
      field.allow(
          Set.of(
              "name",
              "description",
              "type",
              "required",
              "pattern",
              "values",
              "default",
              "parameter",
              "modifier",
              "prefix",
              "patch",
              "dated",
              "with",
              "without",
              "supplied",
              "rules"));
      checkSupplied(field);
      fields.put(field(field), reader.read(field.items("rules")));
    }
    checkCompany(text.items("fields"));
    Map<ActionField, ActionMap.Answer> answer = new LinkedHashMap<>();
    for (RuleText field : text.items("answer")) {
      field.allow(Set.of("name", "description", "type", "required", "fhir", "to"));
      answer(field, root.get())
          .ifPresent(
              place -> answer.put(field(field), new ActionMap.Answer(place, field.text("to"))));
    }
    ActionMap map =
        new ActionMap(
            text.required("action"),
            resource,
            text.required("description"),
            call(text),
            fields,
            reader.read(text.items("rules")),
            answer);
    checkUpdate(text);
    compiler.rules().actions().put(map.name(), map);
  }

  /** An update is of a document, which is named and has a content in any case. */
  private static void checkUpdate(RuleText text) {
    if (!text.text("call").equals("update")) {
      return;
    }
    boolean names = false;
    boolean fills = false;
    for (RuleText field : text.items("fields")) {
      names |= field.flag("required") && field.text("name").equals("resourceId");
      fills |=
          field.flag("required")
              && field.items("rules").stream().anyMatch(rule -> rule.text("fhir").equals(CONTENT));
    }
    if (!text.text("resource").equals("DocumentReference") || !names || !fills) {
      text.fault(
          "An action that calls update is of DocumentReference, and has the required fields"
              + " resourceId and one that fills "
              + CONTENT
              + ".");
    }
  }

  private static void checkSupplied(RuleText field) {
    field
        .get("supplied")
        .filter(at -> !field.flag("required") || !TargetRuleReader.SUPPLIED.contains(at.scalar()))
        .ifPresent(
            at ->
                at.fault(
                    "Of a required field a site supplies one of "
                        + String.join(", ", TargetRuleReader.SUPPLIED)
                        + "."));
  }

  private static void checkCompany(List<RuleText> fields) {
    List<String> known = fields.stream().map(field -> field.text("name")).toList();
    for (RuleText field : fields) {
      for (String key : List.of("with", "without")) {
        field
            .get(key)
            .filter(other -> !known.contains(other.scalar()))
            .ifPresent(other -> other.fault("There is no field " + other.scalar() + " here."));
      }
    }
  }

  private static ActionCall call(RuleText text) {
    ActionCall.Kind kind = ActionCall.Kind.READ;
    String said = text.required("call");
    try {
      kind = ActionCall.Kind.valueOf(said.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException unknown) {
      text.get("call")
          .ifPresent(
              at ->
                  at.fault(
                      "A call is read, content, summary, find, search, create, patch, update or"
                          + " look-up."));
    }
    Map<String, ActionCall.AskedBy> parameters = new HashMap<>();
    for (RuleText field : text.items("fields")) {
      boolean asks = field.has("parameter");
      if (asks != (kind == ActionCall.Kind.SEARCH)) {
        field.fault("Each field of a search, and no other, has a 'parameter'.");
      } else if (asks) {
        parameters.put(
            field.text("name"),
            new ActionCall.AskedBy(
                field.text("parameter"), field.text("modifier"), field.text("prefix")));
      }
    }
    Map<String, PatchStep> steps = new HashMap<>();
    for (RuleText field : text.items("fields")) {
      field.get("patch").ifPresent(step -> steps.put(field.text("name"), step(step)));
    }
    List<PatchStep> always = text.items("patch").stream().map(ActionFiles::step).toList();
    if ((steps.isEmpty() && always.isEmpty()) == (kind == ActionCall.Kind.PATCH)) {
      text.fault("An action that calls patch, and no other, says what it changes: 'patch'.");
    }
    return new ActionCall(kind, parameters, text.text("sorted-by"), always, steps);
  }

  private static PatchStep step(RuleText text) {
    text.allow(Set.of("op", "path", "value", "otherwise", "added", "from"));
    if (!Set.of("add", "replace").contains(text.required("op"))
        || !text.required("path").startsWith("/")
        || !text.has("value")) {
      text.fault("A change has an 'op' (add or replace), a 'path' that begins with /, a 'value'.");
    }
    if (text.has("otherwise") != text.has("added")) {
      text.fault("'otherwise' and 'added' stand together: where what is added.");
    }
    return new PatchStep(
        text.text("op"),
        text.text("path"),
        text.get("value").map(RuleText::json).orElse(NullNode.getInstance()),
        text.text("otherwise"),
        text.get("added").map(RuleText::json).orElse(NullNode.getInstance()),
        text.texts("from"));
  }

  /** Every parameter that an action asks by must be one of the servers' that can be searched so. */
  static void checkParameters(Map<String, RuleText> files, Collection<TargetCalls> servers) {
    files.forEach(
        (file, text) -> {
          if (file.startsWith(FOLDER)) {
            for (RuleText field : text.items("fields")) {
              servers.forEach(
                  server ->
                      server
                          .of(text.text("resource"))
                          .ifPresent(calls -> checkParameter(field, calls)));
            }
          }
        });
  }

  private static void checkParameter(RuleText field, ResourceCalls calls) {
    Optional<RuleText> named = field.get("parameter");
    if (named.isEmpty()) {
      return;
    }
    String name = named.get().scalar();
    Optional<SearchParameter> known = calls.parameter(name);
    if (known.isEmpty()) {
      named.get().fault("Under calls/ there is no parameter " + name + " of " + calls.type() + ".");
      return;
    }
    field
        .get("modifier")
        .filter(modifier -> !known.get().modifiers().contains(modifier.scalar()))
        .ifPresent(
            modifier ->
                modifier.fault(
                    "Under calls/ the parameter " + name + " takes no " + modifier.scalar() + "."));
  }

  /** An answer without a path is filled by the caller: the id of what was created, a bundle. */
  private Optional<FhirPlace> answer(RuleText field, BaseRuntimeElementDefinition<?> root) {
    String path = field.text("fhir");
    if (path.isEmpty()) {
      return Optional.of(new FhirPlace("", List.of(), "", ""));
    }
    try {
      return Optional.of(compiler.place(root, path));
    } catch (Scanner.Unreadable e) {
      field.fault(e.sentence());
      return Optional.empty();
    }
  }

  private static ActionField field(RuleText text) {
    String pattern = text.text("pattern");
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      text.fault("The pattern is no regular expression.");
      pattern = "";
    }
    String type = text.has("type") ? text.text("type") : "string";
    return new ActionField(
        text.required("name"),
        text.required("description"),
        type,
        text.flag("required"),
        pattern,
        text.text("default"),
        text.texts("values"),
        text.flag("dated"),
        text.text("with"),
        text.text("without"),
        text.text("supplied"));
  }
}

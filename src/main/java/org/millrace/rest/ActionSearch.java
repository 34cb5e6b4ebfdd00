package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.millrace.cerner.FhirInteractions.FoundResources;
import org.millrace.cerner.Parameter;
import org.millrace.mapping.ActionCall.AskedBy;
import org.millrace.mapping.ActionField;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.SearchParameter;
import org.millrace.rest.Refusal.Finding;

/**
 * An action that searches: its fields become parameters, and what is found its answer. Immutable.
 *
 * @param calls what the server takes of the searches
 */
record ActionSearch(ActionShape action, ResourceCalls calls) {

  /** What Cerner keeps back, in the answer of a search. */
  private static final String LEFT_OUT = "leftOut";

  /** The parameters, in the order of the fields. */
  List<Parameter> parameters(ObjectNode fields) {
    List<Parameter> parameters = new ArrayList<>();
    for (ActionField field : action.input()) {
      JsonNode value = fields.path(field.name());
      AskedBy by = action.call().askedBy(field.name());
      boolean given = !value.isMissingNode() && !value.isNull();
      String text = given ? text(by.parameter(), value) : field.fallback();
      if (!text.isEmpty()) {
        parameters.add(new Parameter(by.name(), by.prefix() + text));
      }
    }
    return parameters;
  }

  private String text(String name, JsonNode value) {
    SearchParameter known = calls.parameter(name).orElseThrow();
    if (!value.isArray()) {
      return literal(known, value.asText());
    }
    List<String> texts = new ArrayList<>();
    value.forEach(item -> texts.add(literal(known, item.asText())));
    return String.join(",", texts);
  }

  /** In a text no character means anything; in a token the bar parts system and code. */
  private static String literal(SearchParameter known, String text) {
    if (known.type().equals("string")) {
      return Parameter.literal(text);
    }
    int bar = text.indexOf('|');
    if (!known.type().equals("token")) {
      return text;
    }
    return bar < 0
        ? Parameter.literal(text)
        : Parameter.token("", text.substring(0, bar), text.substring(bar + 1)).value();
  }

  /** What of them the server would not take, by the names of the fields. */
  List<Finding> faults(List<Parameter> parameters) {
    return SearchChecks.faults(calls, parameters, this::fieldOf);
  }

  /** The field, or the fields, that a parameter is asked by. */
  private String fieldOf(String parameter) {
    Map<String, AskedBy> by = action.call().parameters();
    return action.input().stream()
        .map(ActionField::name)
        .filter(name -> by.containsKey(name) && by.get(name).parameter().equals(parameter))
        .collect(Collectors.joining("/"));
  }

  /** As the server wants them, in pages as large as it gives. */
  List<Parameter> asSent(List<Parameter> parameters) {
    List<Parameter> sent = new ArrayList<>(SearchChecks.asSent(calls, parameters));
    calls
        .parameter("_count")
        .filter(count -> count.with().isEmpty() || hasAny(parameters, count.with()))
        .ifPresent(
            count ->
                sent.add(new Parameter("_count", Integer.toString(Math.min(100, count.most())))));
    return sent;
  }

  private static boolean hasAny(List<Parameter> parameters, List<String> names) {
    return parameters.stream().anyMatch(one -> names.contains(one.name()));
  }

  /** All that was found, and word of what could not be told. */
  ObjectNode answer(FoundResources found) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    for (ActionField member : action.answer()) {
      if (member.isList()) {
        answer.putArray(member.name()).addAll(found.resources());
      } else if (member.name().equals(LEFT_OUT) && !found.whole()) {
        answer.put(LEFT_OUT, "There are more that Cerner cannot express in FHIR.");
      }
    }
    return answer;
  }
}

package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What conditions ask of a FHIR element. */
record FhirFacts(FhirNode element, Run run) implements Condition.Facts {
  @Override
  public List<Condition.Fact> values(Condition.Term term) {
    if (term.fhir().isEmpty()) {
      String given = run.given(term.given());
      return given.isEmpty() ? List.of() : List.of(new Condition.Fact(given, () -> {}));
    }
    List<Condition.Fact> facts = new ArrayList<>();
    for (FhirNode node : asked(term.fhir().get())) {
      if (term.table().isPresent()) {
        translated(node, term.table().get()).ifPresent(facts::add);
      } else if (says(node)) {
        facts.add(new Condition.Fact(node.text(), () -> read(node)));
      }
    }
    return facts;
  }

  @Override
  public boolean isEmpty(Condition.Term term) {
    if (term.fhir().isEmpty() || term.table().isPresent()) {
      return values(term).isEmpty();
    }
    for (FhirNode node : asked(term.fhir().get())) {
      if (says(node)) {
        return false;
      }
    }
    return true;
  }

  private static boolean says(FhirNode node) {
    return !node.json().isMissingNode() && !node.isAbsent();
  }

  /** To ask of a resource that a reference names is not to read it. */
  private List<FhirNode> asked(FhirPlace place) {
    boolean before = run.asking(true);
    List<FhirNode> found = element.select(place, run);
    run.asking(before);
    return found;
  }

  /** The v2 code that a table gives for a concept; the whole concept counts as read with it. */
  private Optional<Condition.Fact> translated(FhirNode node, CodeTable table) {
    JsonNode codings = node.json().path("coding");
    for (JsonNode coding : codings.isArray() ? codings : List.of(node.json())) {
      String code = coding.path("code").asText();
      String system = coding.path("system").asText();
      Optional<CodeTable.Row> row = table.reverse(code, system);
      if (row.isPresent()) {
        return Optional.of(new Condition.Fact(row.get().v2Code(), () -> read(node)));
      }
    }
    return Optional.empty();
  }

  private void read(FhirNode node) {
    node.markRead(run);
    run.asked(node.path());
  }

  @Override
  public String given(String name) {
    return run.given(name);
  }
}

package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;

/** What conditions ask of the v2 side. */
record V2Facts(ToFhir.Source source, Run run) implements Condition.Facts {
  @Override
  public List<Condition.Fact> values(Condition.Term term) {
    if (term.v2().isEmpty()) {
      String given =
          source.content(term.given()).map(GivenText::text).orElse(run.given(term.given()));
      return given.isEmpty() ? List.of() : List.of(new Condition.Fact(given, () -> {}));
    }
    List<V2Node> nodes = source.at(term.v2().get());
    if (nodes.isEmpty()) {
      return List.of();
    }
    List<Condition.Fact> facts = new ArrayList<>(nodes.size());
    for (V2Node node : nodes) {
      if (!node.isNull()) {
        facts.add(new Condition.Fact(node.peek(), () -> read(node)));
      }
    }
    return facts;
  }

  @Override
  public boolean isEmpty(Condition.Term term) {
    if (term.v2().isEmpty()) {
      return values(term).isEmpty();
    }
    for (V2Node node : source.at(term.v2().get())) {
      if (!node.isNull()) {
        return false;
      }
    }
    return true;
  }

  private void read(V2Node node) {
    node.text();
    run.asked(node.path());
  }

  @Override
  public String given(String name) {
    return run.given(name);
  }
}

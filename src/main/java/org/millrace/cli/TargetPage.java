package org.millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.mapping.Conformance;
import org.millrace.mapping.Conformance.TargetEntry;
import org.millrace.mapping.Conformance.TargetRule;
import org.millrace.mapping.RuleLine;

/**
 * The page of one target: which elements that our rules make it does not take as they are. An
 * element counts as a whole here; the engine looks at its parts too.
 */
final class TargetPage {
  /** What becomes of an element, and under which test it does. */
  private static final Set<String> OUTCOMES = Set.of("ignored", "refused", "required");

  private final Conformance.TargetFile target;

  /** The v2 places that each FHIR place is made of, by resource. */
  private final Map<String, Map<String, Set<String>>> made = new TreeMap<>();

  TargetPage(Conformance.TargetFile target, List<RuleLine> rules) {
    this.target = target;
    for (RuleLine rule : rules) {
      boolean makes =
          switch (rule.how()) {
            case BOTH_WAYS, TO_FHIR, KEPT -> !rule.fhir().isEmpty() && !rule.resource().isEmpty();
            case TO_V2, LOST, USED -> false;
          };
      if (makes) {
        made.computeIfAbsent(rule.resource(), key -> new TreeMap<>())
            .computeIfAbsent(rule.fhir(), key -> new TreeSet<>())
            .addAll(rule.v2());
      }
    }
  }

  /** The page as Markdown, without its first line. */
  String text() {
    StringBuilder page = new StringBuilder("# What " + target.title() + " takes\n\n");
    page.append("`targets/")
        .append(target.name())
        .append(".yaml`, held against what the rules make.");
    page.append(" What it ignores is left out and noted; what it refuses holds the message.\n\n");
    made.forEach(
        (resource, places) -> {
          for (String interaction : List.of("create", "update")) {
            List<TargetEntry> entries =
                target.entries().stream()
                    .filter(each -> each.resources().contains(resource))
                    .filter(each -> each.interactions().contains(interaction))
                    .toList();
            if (!entries.isEmpty()) {
              page.append("## ").append(resource).append(", ").append(interaction).append("\n\n");
              page.append(section(entries, places));
            }
          }
        });
    return page.toString();
  }

  private static String section(List<TargetEntry> entries, Map<String, Set<String>> places) {
    for (TargetEntry entry : entries) {
      String refused = entry.says().getOrDefault("refused", "");
      if (!refused.isEmpty()) {
        return "Refused as a whole: " + refused + "\n\n";
      }
    }
    PageTable table = new PageTable("FHIR place", "Made of", "What becomes of it", "If", "Why");
    places.forEach(
        (place, fields) -> {
          for (String[] row : rows(entries, place)) {
            String from = fields.isEmpty() ? "fixed or given" : String.join(", ", fields);
            table.row(PageTable.code(place), from, row[0], row[1], row[2]);
          }
        });
    return table.isEmpty() ? "All that the rules make is taken.\n\n" : table.toString();
  }

  /** Outcome, test and sentence of each rule that speaks of the place. */
  private static List<String[]> rows(List<TargetEntry> entries, String place) {
    List<String[]> rows = new ArrayList<>();
    String plain = FhirPaths.ofGuide(place);
    boolean listed = false;
    boolean taken = false;
    String others = "";
    for (TargetEntry entry : entries) {
      listed |= !entry.takes().isEmpty();
      taken |= meets(plain, entry.takes());
      others = entry.says().getOrDefault("others", others);
      for (TargetRule rule : entry.rules()) {
        if (meets(plain, rule.places())) {
          rows.add(row(rule));
        }
      }
    }
    if (listed && !taken && !plain.equals("id")) {
      rows.add(
          new String[] {others.equals("refuse") ? "refused" : "ignored", "", "It is not listed."});
    }
    return rows;
  }

  private static boolean meets(String plain, List<String> places) {
    return places.stream().anyMatch(each -> FhirPaths.meet(FhirPaths.ofGuide(each), plain));
  }

  private static String[] row(TargetRule rule) {
    List<String> tests = new ArrayList<>();
    rule.places().stream()
        .filter(each -> each.contains("["))
        .forEach(each -> tests.add("at " + PageTable.code(each)));
    String outcome = "";
    String sentence = "";
    for (Map.Entry<String, String> each : new TreeMap<>(rule.says()).entrySet()) {
      if (OUTCOMES.contains(each.getKey())) {
        outcome = each.getKey();
        sentence = each.getValue();
      } else if (!Set.of("fhir", "each").contains(each.getKey())) {
        tests.add(each.getKey() + " " + PageTable.code(each.getValue()));
      }
    }
    return new String[] {outcome, String.join("; ", tests), sentence};
  }
}

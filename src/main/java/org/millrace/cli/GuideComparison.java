package org.millrace.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.mapping.Conformance;
import org.millrace.mapping.Conformance.RuleFile;
import org.millrace.mapping.RuleLine;

/**
 * One of our files held against the guide's rows for the same segment or data type, on the way to
 * FHIR: the guide says nothing of the way back.
 *
 * @param map {@code PID[Patient]}
 */
record GuideComparison(String map, List<Compared> rows) {

  /** What we do of a row. */
  enum Answer {
    SAME("as the guide"),
    DELIBERATE("otherwise, on purpose"),
    OTHER("otherwise"),
    NOTHING("not mapped"),
    OPEN("left open by the guide"),
    LATER("not in 2.5.1");

    private final String words;

    Answer(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * A row and our answer to it.
   *
   * @param instead what we do, or why
   */
  record Compared(GuideFiles.Row row, Answer answer, String instead) {}

  GuideComparison {
    rows = List.copyOf(rows);
  }

  /** The guide's name for what a file maps: CX-Identifier and PID to Patient by their two sides. */
  static String map(RuleFile file) {
    return file.v2() + "[" + file.fhir() + "]";
  }

  static GuideComparison of(RuleFile file, List<RuleLine> more, GuideFiles guide) {
    List<RuleLine> rules = new ArrayList<>(file.rules());
    rules.addAll(more);
    List<Compared> compared = new ArrayList<>();
    for (GuideFiles.Row row : guide.rows(map(file))) {
      compared.add(compare(row, rules, guide.deviation(row)));
    }
    return new GuideComparison(map(file), compared);
  }

  Map<Answer, Long> counts() {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                Compared::answer, () -> new EnumMap<>(Answer.class), Collectors.counting()));
  }

  private static Compared compare(
      GuideFiles.Row row, List<RuleLine> rules, Optional<GuideFiles.Deviation> deviation) {
    boolean field = row.v2().matches(".*[-.]\\d+.*");
    if (field && !Conformance.isKnown(row.v2())) {
      return new Compared(row, Answer.LATER, "");
    }
    List<RuleLine> ours = rules.stream().filter(rule -> reads(rule, row.v2())).toList();
    String instead = instead(ours);
    if (row.isOpen()) {
      return new Compared(row, Answer.OPEN, instead);
    }
    if (deviation.isPresent()) {
      return new Compared(row, Answer.DELIBERATE, deviation.get().reason());
    }
    if (rules.stream()
        .filter(rule -> fills(rule) && (ours.contains(rule) || isFixed(rule)))
        .anyMatch(rule -> meets(rule, row))) {
      return new Compared(row, Answer.SAME, "");
    }
    boolean made = ours.stream().anyMatch(GuideComparison::fills);
    return new Compared(row, made ? Answer.OTHER : Answer.NOTHING, instead);
  }

  /**
   * The rule fills the row's place. One that says which value it makes there by its brackets must
   * say the same; that it fills the element around it does not count then.
   */
  private static boolean meets(RuleLine rule, GuideFiles.Row row) {
    String guide = FhirPaths.ofGuide(row.fhir());
    Map<String, String> ours = FhirPaths.ofRule(rule);
    String value = ours.get(guide);
    if (value != null) {
      return row.fixed().isEmpty() || value.isEmpty() || row.fixed().equals(value);
    }
    return ours.keySet().stream().anyMatch(path -> FhirPaths.meet(guide, path));
  }

  private static boolean isFixed(RuleLine rule) {
    return rule.v2().isEmpty() && !rule.says("fixed").isEmpty();
  }

  /** The rule reads this place, or a part or the whole of it; or its condition asks for it. */
  private static boolean reads(RuleLine rule, String place) {
    for (String own : rule.v2()) {
      if (own.equals(place) || own.startsWith(place + ".") || place.startsWith(own + ".")) {
        return true;
      }
    }
    Pattern named = Pattern.compile("(?<![\\w-])" + Pattern.quote(place) + "(?![\\d-])");
    return rule.v2().isEmpty() && rule.when().stream().anyMatch(when -> named.matcher(when).find());
  }

  private static boolean fills(RuleLine rule) {
    return switch (rule.how()) {
      case BOTH_WAYS, TO_FHIR, KEPT -> !rule.fhir().isEmpty();
      case TO_V2, LOST, USED -> false;
    };
  }

  private static String instead(List<RuleLine> ours) {
    Set<String> said = new LinkedHashSet<>();
    for (RuleLine rule : ours) {
      if (fills(rule)) {
        said.add("`" + rule.fhir() + "`");
      }
    }
    if (said.isEmpty()) {
      for (RuleLine rule : ours) {
        if (!rule.says("loss").isEmpty()) {
          said.add(rule.says("loss"));
        } else if (!rule.says("used-for").isEmpty()) {
          said.add("Used: " + rule.says("used-for") + ".");
        }
      }
    }
    return String.join(" ", said);
  }
}

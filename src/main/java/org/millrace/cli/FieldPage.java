package org.millrace.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.mapping.Conformance.Field;
import org.millrace.mapping.Conformance.RuleFile;
import org.millrace.mapping.RuleLine;
import org.millrace.mapping.RuleLine.How;

/** The page of one segment or data type: each field, what becomes of it, and the guide's rows. */
final class FieldPage {
  private final String name;
  private final List<Field> fields;
  private final List<RuleFile> files;
  private final List<GuideComparison> guide;
  private final Map<Integer, List<At>> byField = new TreeMap<>();

  /** A rule at one of its places. */
  private record At(String place, RuleLine rule) {}

  /** What becomes of a field by all rules together, the best first. */
  enum Fate {
    BOTH_WAYS("both ways"),
    ONE_WAY("one way"),
    KEPT("kept, not as it was"),
    LOST("lost"),
    USED("used"),
    NOT_READ("not read");

    private final String words;

    Fate(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * @param name {@code PID}, {@code XPN}
   * @param files those that bind it to a resource or type
   * @param rules those that may name one of its places
   */
  FieldPage(
      String name,
      List<Field> fields,
      List<RuleFile> files,
      List<RuleLine> rules,
      List<GuideComparison> guide) {
    this.name = name;
    this.fields = fields;
    this.files = files;
    this.guide = guide;
    Pattern own = Pattern.compile(Pattern.quote(name) + "(?:[-.](\\d+))?(?:[\\[.].*)?");
    for (RuleLine rule : rules) {
      for (String place : rule.v2()) {
        Matcher at = own.matcher(place);
        if (at.matches()) {
          int number = at.group(1) == null ? 0 : Integer.parseInt(at.group(1));
          byField.computeIfAbsent(number, key -> new ArrayList<>()).add(new At(place, rule));
        }
      }
    }
  }

  String name() {
    return name;
  }

  List<GuideComparison> guide() {
    return guide;
  }

  /** How many fields of the dictionary have each fate. */
  Map<Fate, Long> counts() {
    return fields.stream()
        .collect(
            Collectors.groupingBy(
                field -> fate(field.number()),
                () -> new EnumMap<>(Fate.class),
                Collectors.counting()));
  }

  private Fate fate(int number) {
    Set<How> ways =
        byField.getOrDefault(number, List.of()).stream()
            .map(at -> at.rule().how())
            .collect(Collectors.toSet());
    boolean back = ways.contains(How.TO_V2);
    boolean there = ways.contains(How.TO_FHIR) || ways.contains(How.KEPT);
    if (ways.contains(How.BOTH_WAYS) || (back && there)) {
      return Fate.BOTH_WAYS;
    }
    if (ways.contains(How.KEPT)) {
      return Fate.KEPT;
    }
    if (there || back) {
      return Fate.ONE_WAY;
    }
    if (ways.contains(How.LOST)) {
      return Fate.LOST;
    }
    return ways.contains(How.USED) ? Fate.USED : Fate.NOT_READ;
  }

  /** The page as Markdown, without its first line. */
  String text() {
    StringBuilder page = new StringBuilder("# " + name + "\n\n");
    for (RuleFile file : files) {
      page.append("* `").append(file.name()).append(".yaml`: ").append(file.fhir());
      page.append(". ").append(file.source()).append('\n');
    }
    if (files.isEmpty()) {
      page.append("No file binds it to a resource; its fields are read by rules of other files.\n");
    }
    page.append('\n').append(fieldTable());
    PageTable without = new PageTable("FHIR place", "What becomes of it", "By", "When", "Rule");
    for (RuleFile file : files) {
      for (RuleLine rule : file.rules()) {
        if (rule.v2().isEmpty() && rule.says("parts").isEmpty()) {
          without.row(
              fhir(rule), what(rule), rule.through(), when(rule), PageTable.code(rule.where()));
        }
      }
    }
    if (!without.isEmpty()) {
      page.append("## Without a field\n\n").append(without);
    }
    guide.stream().filter(each -> !each.rows().isEmpty()).forEach(each -> page.append(rows(each)));
    return page.toString();
  }

  private PageTable fieldTable() {
    PageTable table =
        new PageTable(
            "Field",
            "Name",
            "Type",
            "Rep.",
            "What becomes of it",
            "FHIR place",
            "By",
            "When",
            "Rule");
    Map<Integer, Field> known =
        fields.stream().collect(Collectors.toMap(Field::number, field -> field));
    Set<Integer> numbers = new java.util.TreeSet<>(known.keySet());
    numbers.addAll(byField.keySet());
    for (int number : numbers) {
      Field field = known.getOrDefault(number, new Field(number, "", "", false));
      String head = number == 0 ? name : name + (isSegment() ? "-" : ".") + number;
      String repeats = field.repeats() ? "yes" : "";
      List<At> rules = byField.getOrDefault(number, List.of());
      if (rules.isEmpty()) {
        table.row(head, field.name(), field.type(), repeats, Fate.NOT_READ.words(), "", "", "", "");
      }
      for (int i = 0; i < rules.size(); i++) {
        RuleLine rule = rules.get(i).rule();
        table.row(
            rules.get(i).place(),
            i == 0 ? field.name() : "",
            i == 0 ? field.type() : "",
            i == 0 ? repeats : "",
            what(rule),
            fhir(rule),
            rule.through(),
            when(rule),
            PageTable.code(rule.where()));
      }
    }
    return table;
  }

  private boolean isSegment() {
    return name.length() == 3
        && byField.values().stream().flatMap(List::stream).allMatch(at -> at.place().contains("-"));
  }

  private static String fhir(RuleLine rule) {
    return rule.fhir().isEmpty() || rule.resource().isEmpty()
        ? PageTable.code(rule.fhir())
        : PageTable.code(rule.resource() + "." + rule.fhir());
  }

  private static String when(RuleLine rule) {
    return rule.when().stream().map(PageTable::code).collect(Collectors.joining("; "));
  }

  /** The way, and what the rule says of the value or of the loss. */
  static String what(RuleLine rule) {
    List<String> more = new ArrayList<>();
    for (String key :
        List.of("fixed", "given", "made", "content", "default", "default-v2", "max")) {
      if (!rule.says(key).isEmpty()) {
        more.add(key + " `" + rule.says(key) + "`");
      }
    }
    if (!rule.says("unknown").isEmpty()) {
      more.add("unknown codes: " + rule.says("unknown"));
    }
    for (String key : List.of("used-for", "loss")) {
      if (!rule.says(key).isEmpty()) {
        more.add(rule.says(key));
      }
    }
    String words = rule.how().words();
    return more.isEmpty() ? words : words + ": " + String.join("; ", more);
  }

  private static String rows(GuideComparison compared) {
    PageTable table = new PageTable("Field", "The guide's condition", "The guide", "Here");
    for (GuideComparison.Compared each : compared.rows()) {
      GuideFiles.Row row = each.row();
      String said = row.isOpen() ? "" : PageTable.code(row.fhir());
      String fixed = row.fixed().isEmpty() ? "" : " = " + PageTable.code(row.fixed());
      String instead = each.instead().isEmpty() ? "" : ": " + each.instead();
      table.row(row.v2(), row.when(), said + fixed, each.answer().words() + instead);
    }
    return "## " + compared.map() + " of the official guide\n\n" + table;
  }
}

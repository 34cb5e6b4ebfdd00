package org.millrace.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.mapping.Conformance;
import org.millrace.mapping.Conformance.Field;
import org.millrace.mapping.Conformance.RuleFile;
import org.millrace.mapping.RuleLine;

/** What the mapping files do, as Markdown pages that anyone can read without knowing the files. */
final class ConformancePages {
  /** Tells pages that may be replaced from those that people wrote. */
  static final String FIRST_LINE =
      "<!-- Written by ./millrace docs from the mapping files; do not edit. -->\n\n";

  private final Conformance files;
  private final GuideFiles guide;
  private final List<FieldPage> segments;
  private final List<FieldPage> datatypes;

  ConformancePages(Conformance files, GuideFiles guide) {
    this.files = files;
    this.guide = guide;
    List<RuleLine> all = files.rules();
    Set<String> names = new TreeSet<>();
    for (RuleLine rule : all) {
      rule.v2().stream()
          .filter(place -> place.contains("-"))
          .forEach(place -> names.add(owner(place)));
    }
    files.segments().forEach(file -> names.add(file.v2()));
    this.segments = pages(names, files.segments(), Conformance::fields, name -> all);
    Set<String> types = new TreeSet<>();
    files.datatypes().forEach(file -> types.add(file.v2()));
    this.datatypes =
        pages(types, files.datatypes(), Conformance::components, this::rulesOfDatatype);
  }

  private static String owner(String place) {
    return place.substring(0, place.indexOf('-'));
  }

  private List<RuleLine> rulesOfDatatype(String name) {
    return files.datatypes().stream()
        .filter(file -> file.v2().equals(name))
        .flatMap(file -> file.rules().stream())
        .toList();
  }

  private List<FieldPage> pages(
      Set<String> names,
      List<RuleFile> files,
      Function<String, List<Field>> fields,
      Function<String, List<RuleLine>> rules) {
    List<FieldPage> pages = new ArrayList<>();
    for (String name : names) {
      List<RuleFile> own = files.stream().filter(file -> file.v2().equals(name)).toList();
      List<GuideComparison> compared = new ArrayList<>();
      for (RuleFile file : own) {
        GuideComparison comparison = GuideComparison.of(file, groupRules(file), guide);
        if (compared.stream().noneMatch(each -> each.map().equals(comparison.map()))) {
          compared.add(comparison);
        }
      }
      pages.add(new FieldPage(name, fields.apply(name), own, rules.apply(name), compared));
    }
    return pages;
  }

  /** Rules of message files that fill the same resource. */
  private List<RuleLine> groupRules(RuleFile file) {
    return files.messages().stream()
        .flatMap(message -> message.groups().stream())
        .flatMap(group -> group.rules().stream())
        .filter(rule -> rule.resource().equals(file.fhir()))
        .toList();
  }

  /** Every page by its path under the folder, {@code segments/PID.md}. */
  Map<String, String> pages() {
    Map<String, String> pages = new TreeMap<>();
    pages.put("README.md", index());
    for (Conformance.MessageFile message : files.messages()) {
      pages.put("messages/" + message.name() + ".md", new MessagePage(message).text());
    }
    segments.forEach(page -> pages.put("segments/" + page.name() + ".md", page.text()));
    datatypes.forEach(page -> pages.put("datatypes/" + page.name() + ".md", page.text()));
    for (Conformance.TargetFile target : files.targets()) {
      TargetPage page = new TargetPage(target, files.rules());
      pages.put("targets/" + target.name() + ".md", page.text());
    }
    pages.replaceAll((path, text) -> FIRST_LINE + text.stripTrailing() + "\n");
    return pages;
  }

  /** Deviations from rows that the guide does not have. */
  List<GuideFiles.Deviation> unknown() {
    return guide.deviations().stream()
        .filter(each -> guide.rows().stream().noneMatch(each::isOf))
        .toList();
  }

  private String index() {
    StringBuilder page = new StringBuilder("# What is mapped\n\n");
    page.append(
        "These pages say what becomes of every field, by the files under `mappings/`; what differs"
            + " for one sender is left out.\n"
            + "[Mapping files](../mappings.md) explains how the files are written.\n\n");
    page.append("## Messages\n\n").append(messages());
    page.append("## Segments\n\n").append(counts("segments", segments));
    page.append("## Data types\n\n").append(counts("datatypes", datatypes));
    page.append(explained());
    if (!files.targets().isEmpty()) {
      page.append("## Targets\n\n");
      for (Conformance.TargetFile target : files.targets()) {
        page.append("* [What ").append(target.title()).append(" takes](targets/");
        page.append(target.name()).append(".md) of what is made\n");
      }
      page.append('\n');
    }
    page.append("## The official guide\n\n").append(guideCounts());
    return page.toString();
  }

  private PageTable messages() {
    PageTable table = new PageTable("Message", "Groups", "Resources");
    for (Conformance.MessageFile message : files.messages()) {
      Set<String> resources = new TreeSet<>();
      for (Conformance.Group group : message.groups()) {
        group.entries().forEach(entry -> resources.add(entry.getOrDefault("resource", "")));
        resources.add(group.says().getOrDefault("resource", ""));
      }
      resources.remove("");
      table.row(
          "[" + MessagePage.title(message) + "](messages/" + message.name() + ".md)",
          message.groups().stream().map(Conformance.Group::name).collect(Collectors.joining(", ")),
          String.join(", ", resources));
    }
    return table;
  }

  private static PageTable counts(String folder, List<FieldPage> pages) {
    List<String> heads = new ArrayList<>(List.of("", "Fields"));
    for (FieldPage.Fate fate : FieldPage.Fate.values()) {
      heads.add(fate.words());
    }
    PageTable table = new PageTable(heads.toArray(String[]::new));
    for (FieldPage page : pages) {
      Map<FieldPage.Fate, Long> counts = page.counts();
      List<String> cells = new ArrayList<>();
      cells.add("[" + page.name() + "](" + folder + "/" + page.name() + ".md)");
      cells.add(counts.values().stream().mapToLong(Long::longValue).sum() + "");
      for (FieldPage.Fate fate : FieldPage.Fate.values()) {
        cells.add(number(counts.getOrDefault(fate, 0L)));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static String number(long count) {
    return count == 0 ? "" : count + "";
  }

  private static String explained() {
    return "* both ways: read into FHIR and written from it.\n"
        + "* one way: only the one or the other.\n"
        + "* kept, not as it was: its content is kept, and comes back in another field or form.\n"
        + "* lost: a value there is noted in the report of the message; nothing keeps it.\n"
        + "* used: it serves another purpose than a resource, such as finding the patient.\n"
        + "* not read: a value there is noted in the report of the message as unread.\n\n";
  }

  private String guideCounts() {
    StringBuilder text = new StringBuilder();
    text.append(
        "Each row of HL7's guide v2-to-FHIR 1.0.0 with a FHIR path, against our rules on the way to"
            + " FHIR. Where we differ on purpose, the\n"
            + "page says why. The rows stand in `mappings/guide/v2-to-fhir.csv`, the reasons in"
            + " `mappings/guide/deviations.csv`.\n\n");
    List<String> heads = new ArrayList<>(List.of("The guide's map", "Rows"));
    for (GuideComparison.Answer answer : GuideComparison.Answer.values()) {
      heads.add(answer.words());
    }
    PageTable table = new PageTable(heads.toArray(String[]::new));
    Set<String> compared = new TreeSet<>();
    Map<String, FieldPage> pageOf = new LinkedHashMap<>();
    segments.forEach(
        page -> page.guide().forEach(each -> pageOf.put("segments/" + each.map(), page)));
    datatypes.forEach(
        page -> page.guide().forEach(each -> pageOf.put("datatypes/" + each.map(), page)));
    pageOf.forEach(
        (key, page) -> {
          String folder = key.substring(0, key.indexOf('/'));
          page.guide().stream()
              .filter(each -> key.equals(folder + "/" + each.map()) && !each.rows().isEmpty())
              .forEach(each -> table.row(cells(folder, page, each)));
          page.guide().forEach(each -> compared.add(each.map()));
        });
    text.append(table);
    String without =
        guide.rows().stream()
            .map(GuideFiles.Row::map)
            .filter(map -> !compared.contains(map))
            .distinct()
            .sorted(Comparator.naturalOrder())
            .collect(Collectors.joining(", "));
    if (!without.isEmpty()) {
      text.append("Maps of the guide that no file of ours answers as a whole: ");
      text.append(without).append(".\n");
    }
    return text.toString();
  }

  private static String[] cells(String folder, FieldPage page, GuideComparison compared) {
    Map<GuideComparison.Answer, Long> counts = compared.counts();
    List<String> cells = new ArrayList<>();
    cells.add(
        "["
            + compared.map().replace("[", " to ").replace("]", "")
            + "]("
            + folder
            + "/"
            + page.name()
            + ".md)");
    cells.add(compared.rows().size() + "");
    for (GuideComparison.Answer answer : GuideComparison.Answer.values()) {
      cells.add(number(counts.getOrDefault(answer, 0L)));
    }
    return cells.toArray(String[]::new);
  }
}

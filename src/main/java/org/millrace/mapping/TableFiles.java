package org.millrace.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the CSV files under {@code tables/}: comment lines with {@code # key: value} at the top,
 * then a line of column names, which also tell the kind of table. Used at load only.
 */
final class TableFiles {
  private static final List<String> CODES =
      List.of("v2_code", "v2_text", "fhir_code", "fhir_system", "fhir_display");
  private static final Set<String> MORE = Set.of("v2_system", "direction", "preferred");
  private static final List<String> VERDICTS =
      List.of(
          "v2_code", "v2_text", "decision", "word", "doc_status", "severity", "reason", "remedy");
  private static final List<String> NAMESPACES =
      List.of("namespace_id", "universal_id", "universal_id_type", "uri");
  private static final Set<String> HEAD =
      Set.of("source", "v2-system", "open-system", "extends", "kept-for");
  private static final ObjectReader LINE =
      new CsvMapper()
          .readerForListOf(String.class)
          .with(CsvParser.Feature.WRAP_AS_ARRAY)
          .with(CsvParser.Feature.TRIM_SPACES);

  private static final Pattern ONLY_COMMAS = Pattern.compile("[\\s,]*");
  private static final Pattern TRAILING_COMMAS = Pattern.compile("[\\s,]+$");

  private static final Set<String> DECISIONS =
      Arrays.stream(Verdict.Decision.values()).map(Enum::name).collect(Collectors.toSet());

  private final FaultLog log;
  private final Map<String, CodeTable> tables = new LinkedHashMap<>();
  private final Map<String, VerdictTable> verdicts = new LinkedHashMap<>();
  private final List<Namespaces.Entry> namespaces = new ArrayList<>();

  /** A line of a file, by column. */
  private record Line(int number, Map<String, String> cells) {
    String cell(String column) {
      return cells.getOrDefault(column, "");
    }
  }

  /** A file, read. */
  private record Sheet(
      String file, Map<String, String> head, List<String> columns, List<Line> lines) {
    String name() {
      return file.substring(file.lastIndexOf('/') + 1, file.length() - ".csv".length());
    }
  }

  TableFiles(FaultLog log) {
    this.log = log;
  }

  Map<String, CodeTable> tables() {
    return tables;
  }

  Map<String, VerdictTable> verdicts() {
    return verdicts;
  }

  Namespaces namespaces() {
    return new Namespaces(namespaces);
  }

  /** Reads one file; a file read later that extends a table puts its rows before that table's. */
  void read(String file, String content) {
    Optional<Sheet> read = sheet(file, content);
    if (read.isEmpty()) {
      return;
    }
    Sheet sheet = read.get();
    if (sheet.head().getOrDefault("source", "").isEmpty()) {
      log.fault(file, 1, "Name the source of this table in a first line '# source: ...'.");
    }
    if (sheet.columns().contains("decision")) {
      columns(sheet, VERDICTS, Set.of());
      verdicts(sheet);
    } else if (sheet.columns().contains("namespace_id")) {
      columns(sheet, NAMESPACES, Set.of());
      namespaces(sheet);
    } else {
      columns(sheet, CODES, MORE);
      codes(sheet);
    }
  }

  private void columns(Sheet sheet, List<String> needed, Set<String> more) {
    for (String column : needed) {
      if (!sheet.columns().contains(column)) {
        log.fault(sheet.file(), first(sheet), "The column '" + column + "' is missing.");
      }
    }
    for (String column : sheet.columns()) {
      if (!needed.contains(column) && !more.contains(column)) {
        log.fault(
            sheet.file(), first(sheet), "There is no column '" + column + "' in such a table.");
      }
    }
  }

  private static int first(Sheet sheet) {
    return sheet.lines().isEmpty() ? 1 : sheet.lines().get(0).number() - 1;
  }

  private Optional<Sheet> sheet(String file, String content) {
    Map<String, String> head = new HashMap<>();
    List<String> columns = List.of();
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text : content.split("\\r?\\n", -1)) {
      number++;
      if (text.startsWith("#") || text.startsWith("\"#")) {
        head(file, number, comment(file, number, text), head);
      } else if (!ONLY_COMMAS.matcher(text).matches()) {
        List<String> cells = cells(file, number, text);
        if (columns.isEmpty() && cells.size() == 1 && text.indexOf(';') > 0) {
          log.fault(file, number, "Put commas between the cells of this table, not semicolons.");
          return Optional.empty();
        }
        if (columns.isEmpty()) {
          columns = cells;
        } else if (cells.size() > columns.size()) {
          log.fault(file, number, "This line has more cells than there are columns; quote commas.");
        } else {
          Map<String, String> byColumn = new HashMap<>();
          for (int i = 0; i < cells.size(); i++) {
            byColumn.put(columns.get(i), cells.get(i));
          }
          lines.add(new Line(number, byColumn));
        }
      }
    }
    if (columns.isEmpty()) {
      log.fault(file, 1, "This table has no line of column names.");
      return Optional.empty();
    }
    return Optional.of(new Sheet(file, head, columns, lines));
  }

  /**
   * A comment line without its mark. Spreadsheets save one in quotes if it holds a comma, and end
   * every line with as many commas as there are columns.
   */
  private String comment(String file, int number, String text) {
    String line = text;
    if (text.startsWith("\"")) {
      List<String> cells = cells(file, number, text);
      line = cells.isEmpty() ? "#" : cells.get(0);
    }
    return TRAILING_COMMAS.matcher(line).replaceFirst("").substring(1).strip();
  }

  private void head(String file, int number, String text, Map<String, String> head) {
    int colon = text.indexOf(':');
    String key = colon < 0 ? "" : text.substring(0, colon).strip();
    if (HEAD.contains(key)) {
      head.put(key, text.substring(colon + 1).strip());
    } else if (colon > 0 && key.matches("[a-z-]+")) {
      log.fault(file, number, "There is no '" + key + "' at the top of a table.");
    }
  }

  private List<String> cells(String file, int number, String text) {
    try {
      List<List<String>> rows = new ArrayList<>();
      LINE.<List<String>>readValues(text).forEachRemaining(rows::add);
      return rows.isEmpty() ? List.of() : rows.get(0);
    } catch (JsonProcessingException | RuntimeJsonMappingException e) {
      log.fault(file, number, "This line is no CSV: check its quotes.");
    } catch (java.io.IOException e) {
      log.fault(file, number, "This line cannot be read.");
    }
    return List.of();
  }

  private void codes(Sheet sheet) {
    List<CodeTable.Entry> entries = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Line line : sheet.lines()) {
      CodeTable.Entry entry = entry(sheet, line);
      entries.add(entry);
      String key = entry.row().v2Code() + "|" + entry.v2System();
      Integer before = seen.putIfAbsent(key, line.number());
      if (before != null && entry.forward() && !entry.row().v2Code().isEmpty()) {
        log.fault(
            sheet.file(),
            line.number(),
            "The v2 code "
                + entry.row().v2Code()
                + " stands in line "
                + before
                + " too; keep one, or mark this row fhir-to-v2.");
      }
    }
    String extended = sheet.head().getOrDefault("extends", "");
    String name = extended.isEmpty() ? sheet.name() : extended;
    List<CodeTable.Entry> own = List.copyOf(entries);
    CodeTable.Head head =
        new CodeTable.Head(
            sheet.head().getOrDefault("v2-system", ""),
            sheet.head().getOrDefault("open-system", ""),
            sheet.head().getOrDefault("kept-for", ""));
    if (!extended.isEmpty()) {
      CodeTable base = tables.get(extended);
      if (base == null) {
        log.fault(sheet.file(), 1, "There is no table '" + extended + "' to extend.");
        return;
      }
      for (CodeTable.Entry entry : base.entries()) {
        if (!seen.containsKey(entry.row().v2Code() + "|" + entry.v2System())) {
          entries.add(entry);
        }
      }
      head = base.head();
    }
    unambiguous(sheet, entries);
    new TableChecks(sheet.file(), log).check(name, own, entries);
    tables.put(name, new CodeTable(name, head, entries));
  }

  private CodeTable.Entry entry(Sheet sheet, Line line) {
    String direction = line.cell("direction");
    if (!Set.of("", "both", "v2-to-fhir", "fhir-to-v2").contains(direction)) {
      log.fault(
          sheet.file(),
          line.number(),
          "The direction is both, v2-to-fhir or fhir-to-v2, not '" + direction + "'.");
    }
    if (!Set.of("", "yes").contains(line.cell("preferred"))) {
      log.fault(
          sheet.file(),
          line.number(),
          "Under preferred stands yes or nothing, not '" + line.cell("preferred") + "'.");
    }
    CodeTable.Row row =
        new CodeTable.Row(
            line.cell("v2_code"),
            line.cell("v2_text"),
            line.cell("fhir_code"),
            line.cell("fhir_system"),
            line.cell("fhir_display"),
            line.number());
    return new CodeTable.Entry(
        row,
        line.cell("v2_system"),
        !direction.equals("fhir-to-v2"),
        !direction.equals("v2-to-fhir"),
        line.cell("preferred").equals("yes"));
  }

  /** Several v2 codes for one FHIR code need one that is preferred on the way back. */
  private void unambiguous(Sheet sheet, List<CodeTable.Entry> entries) {
    Map<String, List<CodeTable.Entry>> byFhir = new LinkedHashMap<>();
    for (CodeTable.Entry entry : entries) {
      if (entry.backward() && !entry.row().fhirCode().isEmpty()) {
        String key = entry.row().fhirSystem() + "|" + entry.row().fhirCode();
        byFhir.computeIfAbsent(key, code -> new ArrayList<>()).add(entry);
      }
    }
    for (List<CodeTable.Entry> same : byFhir.values()) {
      long preferred = same.stream().filter(CodeTable.Entry::preferred).count();
      if (same.size() > 1 && preferred != 1) {
        log.fault(
            sheet.file(),
            same.get(same.size() - 1).row().line(),
            "Several v2 codes become "
                + same.get(0).row().fhirCode()
                + "; write 'yes' under preferred in one of the rows.");
      }
    }
  }

  private void verdicts(Sheet sheet) {
    TableChecks checks = new TableChecks(sheet.file(), log);
    Map<String, VerdictTable.Row> rows = new HashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Line line : sheet.lines()) {
      Integer before = seen.putIfAbsent(line.cell("v2_code"), line.number());
      String fault =
          before == null
              ? verdictFault(line)
              : "The v2 code " + line.cell("v2_code") + " stands in line " + before + " too.";
      if (!fault.isEmpty()) {
        log.fault(sheet.file(), line.number(), fault);
        continue;
      }
      checks.v2Code(sheet.name(), line.cell("v2_code"), line.number());
      rows.put(
          line.cell("v2_code"),
          new VerdictTable.Row(
              Verdict.Decision.valueOf(line.cell("decision")),
              line.cell("word"),
              line.cell("doc_status"),
              Integer.parseInt(line.cell("severity")),
              new VerdictTable.Why(line.cell("reason"), line.cell("remedy"))));
    }
    verdicts.put(sheet.name(), new VerdictTable(sheet.name(), rows));
  }

  /** What is wrong with a row of verdicts; empty if nothing is. */
  private static String verdictFault(Line line) {
    String decision = line.cell("decision");
    if (line.cell("v2_code").isEmpty()) {
      return "Write the status under v2_code.";
    } else if (!DECISIONS.contains(decision)) {
      return "The decision is FILE, CORRECT, WITHDRAW, FILTER or HOLD.";
    } else if (!line.cell("severity").matches("\\d{1,2}")) {
      return "The severity is a number from 0 to 99.";
    } else if (!line.cell("word").matches("[a-z]+(-[a-z]+)*")) {
      return "The word is written in small letters, as status-unknown.";
    }
    boolean files = Verdict.Decision.valueOf(decision).files();
    if (files
        ? !Set.of("final", "amended").contains(line.cell("doc_status"))
        : !line.cell("doc_status").isEmpty()) {
      return "The doc_status of FILE and CORRECT is final or amended; of all others it is empty.";
    } else if (!files && line.cell("reason").isEmpty()) {
      return decision + " needs a sentence under reason.";
    } else if (Set.of("HOLD", "WITHDRAW").contains(decision) && line.cell("remedy").isEmpty()) {
      return decision + " needs a sentence under remedy: what a person does about it.";
    }
    return "";
  }

  /** A sender's namespaces go before those of all. */
  private void namespaces(Sheet sheet) {
    int at = 0;
    for (Line line : sheet.lines()) {
      if (line.cell("namespace_id").isEmpty() || line.cell("uri").isEmpty()) {
        log.fault(sheet.file(), line.number(), "A namespace has at least a name and a URI.");
      }
      namespaces.add(
          at++,
          new Namespaces.Entry(
              line.cell("namespace_id"),
              line.cell("universal_id"),
              line.cell("universal_id_type"),
              line.cell("uri")));
    }
  }
}

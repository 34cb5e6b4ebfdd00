package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mapping.CodeTable.Entry;
import org.millrace.mapping.CodeTable.Row;

/**
 * Checks the rows of one table file: each code against its system, each row for whether anything
 * can reach it. Used at load only.
 */
final class TableChecks {
  private static final Pattern V2_TABLE = Pattern.compile("HL7(\\d{4})(-.*)?");

  private final String file;
  private final FaultLog log;
  private final CodeSystems systems = CodeSystems.ofR4();

  /**
   * @param file the file whose lines the rows are
   */
  TableChecks(String file, FaultLog log) {
    this.file = file;
    this.log = log;
  }

  /**
   * Checks rows.
   *
   * @param table the name of the table they belong to, {@code HL70001}
   * @param own the rows that stand in the file, in its order
   * @param all these, and those of the table that the file extends
   */
  void check(String table, List<Entry> own, List<Entry> all) {
    for (Entry entry : own) {
      if (entry.v2System().isEmpty()) {
        v2Code(table, entry.row().v2Code(), entry.row().line());
      }
      fhirCode(entry.row());
    }
    forward(own);
    backward(own, all);
  }

  /**
   * A code of a table that HL7 defines itself. The folder of a sender or tenant may say what comes
   * from there, and the other tables only suggest codes: sites have their own.
   */
  void v2Code(String table, String code, int line) {
    Matcher name = V2_TABLE.matcher(table);
    if (!code.isEmpty() && name.matches() && RuleLayers.above(file) == 0) {
      String number = name.group(1);
      if (systems.isTableOfHl7(number)
          && systems.fault(CodeSystems.V2 + number, code).isPresent()) {
        log.fault(
            file,
            line,
            "HL7 table "
                + number
                + " has no code '"
                + code
                + "'; a code that one sender or tenant made up belongs in its folder under senders/"
                + " or tenants/.");
      }
    }
  }

  private void fhirCode(Row row) {
    String system = row.fhirSystem();
    if (row.fhirCode().isEmpty() || system.isEmpty()) {
      return;
    }
    if (system.contains("/ValueSet/")) {
      log.fault(
          file,
          row.line(),
          system + " is a value set; name the code system that '" + row.fhirCode() + "' is of.");
    } else if (isHl7s(system) && !systems.isKnown(system)) {
      log.warning(
          file, row.line(), "FHIR R4 has no code system " + system + "; its codes go unchecked.");
    } else {
      systems
          .fault(system, row.fhirCode())
          .ifPresent(sentence -> log.fault(file, row.line(), sentence));
    }
  }

  /** R4 lists these; v2 tables without codes of their own are the exception. */
  private static boolean isHl7s(String system) {
    return (system.startsWith("http://terminology.hl7.org/") && !system.startsWith(CodeSystems.V2))
        || (system.startsWith("http://hl7.org/fhir/")
            && !system.startsWith("http://hl7.org/fhir/sid/")
            && !system.startsWith("http://hl7.org/fhir/us/"));
  }

  /** Of rows with one v2 code, one that fits any coding system hides all below it. */
  private void forward(List<Entry> entries) {
    Map<String, Row> open = new HashMap<>();
    for (Entry entry : entries) {
      Row row = entry.row();
      if (!entry.forward()) {
        continue;
      }
      if (row.v2Code().isEmpty()) {
        // Documents are found by name too.
        if (row.v2Text().isEmpty() && !entry.backward()) {
          log.warning(file, row.line(), "This row is never read: it has no v2 code.");
        }
      } else if (entry.v2System().isEmpty()) {
        open.putIfAbsent(row.v2Code(), row);
      } else if (open.containsKey(row.v2Code())) {
        log.warning(
            file,
            row.line(),
            "This row is never read on the way to FHIR: line "
                + open.get(row.v2Code()).line()
                + " takes every '"
                + row.v2Code()
                + "'; put that one below.");
      }
    }
  }

  private void backward(List<Entry> own, List<Entry> all) {
    Map<String, List<Entry>> byFhir = new HashMap<>();
    for (Entry entry : all) {
      if (entry.backward()) {
        byFhir.computeIfAbsent(key(entry.row()), code -> new ArrayList<>()).add(entry);
      }
    }
    for (Entry entry : own) {
      if (entry.backward() && !entry.row().fhirCode().isEmpty()) {
        wayBack(entry, byFhir.getOrDefault(key(entry.row()), List.of()));
      } else if (!entry.forward()) {
        log.warning(file, entry.row().line(), "This row is never read: it has no FHIR code.");
      } else if (entry.preferred()) {
        log.warning(
            file,
            entry.row().line(),
            "This row is preferred for a way back that it does not have; leave preferred empty.");
      }
    }
  }

  private static String key(Row row) {
    return row.fhirSystem() + "|" + row.fhirCode();
  }

  /** A row of several with one FHIR code. One that also leads to FHIR is read on that way. */
  private void wayBack(Entry entry, List<Entry> same) {
    Row row = entry.row();
    if (entry.preferred() && same.size() == 1) {
      log.warning(
          file, row.line(), "No other row gives '" + row.fhirCode() + "'; leave preferred empty.");
    }
    if (entry.preferred() || entry.forward()) {
      return;
    }
    same.stream()
        .filter(Entry::preferred)
        .findFirst()
        .ifPresent(
            preferred ->
                log.warning(
                    file,
                    row.line(),
                    "This row is never read: '"
                        + row.fhirCode()
                        + "' becomes '"
                        + preferred.row().v2Code()
                        + "', which is preferred."));
  }
}

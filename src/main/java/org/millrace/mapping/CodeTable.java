package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One table of {@code mappings/tables}. Immutable.
 *
 * <p>Where several v2 codes become one FHIR code, the row marked {@code preferred} is the way back;
 * the original code travels beside it and wins over the preferred one.
 */
public final class CodeTable {
  private final String name;
  private final Head head;
  private final List<Entry> entries;
  private final Map<String, List<Entry>> byV2 = new HashMap<>();
  private final Map<String, List<Entry>> byFhir = new HashMap<>();
  private final Map<String, List<Entry>> byText = new HashMap<>();

  /**
   * What the comment lines at the top of a table say.
   *
   * @param v2System the URI of the v2 table itself, under which original codes are kept
   * @param openSystem the FHIR system that codes outside the rows belong to unchanged; empty if the
   *     table is closed
   * @param keptFor why a table stands here that no rule names; empty if one does
   */
  record Head(String v2System, String openSystem, String keptFor) {}

  /**
   * One row with what only rules need.
   *
   * @param v2System the coding system CE.3 must name, empty for any
   */
  record Entry(Row row, String v2System, boolean forward, boolean backward, boolean preferred) {}

  CodeTable(String name, Head head, List<Entry> entries) {
    this.name = name;
    this.head = head;
    this.entries = List.copyOf(entries);
    for (Entry entry : entries) {
      if (entry.forward() && !entry.row().v2Code().isEmpty()) {
        byV2.computeIfAbsent(entry.row().v2Code(), code -> new ArrayList<>()).add(entry);
      }
      if (entry.backward() && !entry.row().fhirCode().isEmpty()) {
        byFhir.computeIfAbsent(entry.row().fhirCode(), code -> new ArrayList<>()).add(entry);
      }
      if (!entry.row().v2Text().isEmpty()) {
        String key = entry.row().v2Text().toLowerCase(Locale.ROOT);
        byText.computeIfAbsent(key, text -> new ArrayList<>()).add(entry);
      }
    }
    byFhir.values().forEach(found -> found.sort((a, b) -> rank(a) - rank(b)));
  }

  private static int rank(Entry entry) {
    return entry.preferred() ? 0 : 1;
  }

  /** The file name without {@code .csv}. */
  public String name() {
    return name;
  }

  Head head() {
    return head;
  }

  List<Entry> entries() {
    return entries;
  }

  /** {@code HL70002}, as CE.3 names a table; the file name up to its first dash. */
  String v2Name() {
    int dash = name.indexOf('-');
    return dash < 0 ? name : name.substring(0, dash);
  }

  /** The row for a v2 code, compared as received; empty if the table has none. */
  public Optional<Row> forward(String v2Code) {
    List<Entry> found = byV2.getOrDefault(v2Code, List.of());
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0).row());
  }

  /** The row for a code of a coding system as CE.3 names it; rows that name no system fit any. */
  Optional<Row> forward(String v2Code, String v2System) {
    return byV2.getOrDefault(v2Code, List.of()).stream()
        .filter(entry -> entry.v2System().isEmpty() || entry.v2System().equals(v2System))
        .map(Entry::row)
        .findFirst();
  }

  /** The row whose text this is, letters compared without case. */
  Optional<Row> byText(String text) {
    return byText.getOrDefault(text.strip().toLowerCase(Locale.ROOT), List.of()).stream()
        .map(Entry::row)
        .findFirst();
  }

  /** The preferred v2 code for a FHIR code. */
  public Optional<Row> reverse(String fhirCode) {
    List<Entry> found = byFhir.getOrDefault(fhirCode, List.of());
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0).row());
  }

  /**
   * The preferred v2 code for a FHIR code of a system. A row's system may start with {@code *},
   * which stands for a tenant's own beginning: {@code *&#47;codeSet/333}.
   */
  Optional<Row> reverse(String fhirCode, String fhirSystem) {
    for (Entry entry : byFhir.getOrDefault(fhirCode, List.of())) {
      if (fits(entry.row().fhirSystem(), fhirSystem)) {
        return Optional.of(entry.row());
      }
    }
    return Optional.empty();
  }

  private static boolean fits(String rowSystem, String system) {
    if (rowSystem.startsWith("*")) {
      return system.endsWith(rowSystem.substring(1));
    }
    return rowSystem.equals(system);
  }

  /** True if this v2 code comes back as itself from its FHIR code alone. */
  boolean isReversible(Row row) {
    return !row.fhirCode().isEmpty()
        && reverse(row.fhirCode(), row.fhirSystem())
            .filter(back -> back.v2Code().equals(row.v2Code()))
            .isPresent();
  }

  /**
   * One row.
   *
   * @param line 1-based line of the file
   */
  public record Row(
      String v2Code,
      String v2Text,
      String fhirCode,
      String fhirSystem,
      String fhirDisplay,
      int line) {}
}

package org.millrace.cli;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The official guide's rows as {@code mappings/guide} keeps them, and where we differ on purpose.
 *
 * @param rows of {@code v2-to-fhir.csv}, in order of the guide
 * @param deviations of {@code deviations.csv}
 */
record GuideFiles(List<Row> rows, List<Deviation> deviations) {
  private static final CsvMapper CSV = new CsvMapper();

  /** What stands for a place that the guide leaves open. */
  private static final String OPEN = "?";

  GuideFiles {
    rows = List.copyOf(rows);
    deviations = List.copyOf(deviations);
  }

  /**
   * One row of the guide.
   *
   * @param map {@code PID[Patient]}
   * @param v2 {@code PID-3}; the segment's name for what has no field
   * @param when in the guide's words; empty for always
   * @param datatype the guide's map of the data type; empty if copied
   * @param table the guide's map of codes; empty for none
   * @param fixed the value itself; empty if it comes from the field
   */
  record Row(
      String map,
      String v2,
      String when,
      String fhir,
      String datatype,
      String table,
      String fixed) {
    boolean isOpen() {
      return fhir.equals(OPEN);
    }
  }

  /**
   * Why we do not do as the guide says.
   *
   * @param map {@code PID[Patient]}
   * @param v2 {@code PID-3}
   * @param fhir the guide's path, {@code type.coding.code}, or with its value, {@code
   *     type.coding.code = SB}; empty for every row of the v2 place
   */
  record Deviation(String map, String v2, String fhir, String reason) {
    boolean isOf(Row row) {
      return map.equals(row.map())
          && v2.equals(row.v2())
          && (fhir.isEmpty()
              || fhir.equals(row.fhir())
              || fhir.equals(row.fhir() + " = " + row.fixed()));
    }
  }

  /**
   * Reads both files of a mappings folder; without them there are no rows.
   *
   * @throws PlainException if one is no CSV
   */
  static GuideFiles read(Path mappings) throws PlainException {
    List<Row> rows = new ArrayList<>();
    for (Map<String, String> each : table(mappings.resolve("guide/v2-to-fhir.csv"))) {
      rows.add(
          new Row(
              cell(each, "map"),
              cell(each, "v2"),
              cell(each, "when"),
              cell(each, "fhir"),
              cell(each, "datatype"),
              cell(each, "table"),
              cell(each, "fixed")));
    }
    List<Deviation> deviations = new ArrayList<>();
    for (Map<String, String> each : table(mappings.resolve("guide/deviations.csv"))) {
      deviations.add(
          new Deviation(
              cell(each, "map"), cell(each, "v2"), cell(each, "fhir"), cell(each, "reason")));
    }
    return new GuideFiles(rows, deviations);
  }

  private static String cell(Map<String, String> row, String column) {
    return row.getOrDefault(column, "").strip();
  }

  private static List<Map<String, String>> table(Path file) throws PlainException {
    if (!Files.exists(file)) {
      return List.of();
    }
    CsvSchema schema = CsvSchema.emptySchema().withHeader().withComments();
    try (MappingIterator<Map<String, String>> rows =
        CSV.readerForMapOf(String.class)
            .with(schema)
            .readValues(Files.readString(file, StandardCharsets.UTF_8))) {
      return rows.readAll();
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read as CSV in UTF-8");
    }
  }

  List<Row> rows(String map) {
    return rows.stream().filter(row -> row.map().equals(map)).toList();
  }

  Optional<Deviation> deviation(Row row) {
    return deviations.stream().filter(each -> each.isOf(row)).findFirst();
  }
}

package org.millrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The line that makes a code known: in the sender's own table if it has one of that name, else in
 * its tenant's, else in the table of all.
 *
 * @param file under the mappings folder: {@code tables/HL70001.csv}
 * @param line with the cells of the v2 side filled in, in the order of that file's columns
 */
record RowToAdd(String file, String line) {

  /**
   * The line for a code.
   *
   * @param file under the folder, one that {@link org.millrace.mapping.Mappings#tableFile} names: a
   *     sender writes its own name, which must not lead out of the folder
   */
  static RowToAdd of(Path mappings, String file, String code, String text) throws IOException {
    List<String> cells = new ArrayList<>();
    for (String column : columns(mappings.resolve(file))) {
      cells.add(cell(column, code, text));
    }
    return new RowToAdd(file, String.join(",", cells));
  }

  /** The first line that is no comment; spreadsheets put comments into quotes. */
  private static List<String> columns(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
        .map(line -> line.startsWith("\ufeff") ? line.substring(1) : line)
        .filter(line -> !line.startsWith("#") && !line.startsWith("\"#"))
        .filter(line -> !line.replace(",", "").isBlank())
        .findFirst()
        .map(line -> Arrays.stream(line.split(",", -1)).map(RowToAdd::bare).toList())
        .orElse(List.of());
  }

  private static String bare(String column) {
    return column.strip().replace("\"", "");
  }

  /** An authority is told by its name, or by its universal id where it has no name. */
  private static String cell(String column, String code, String text) {
    boolean onlyId = code.equals(text);
    return switch (column) {
      case "v2_code" -> quoted(code);
      case "v2_text" -> quoted(text);
      case "namespace_id" -> onlyId ? "" : quoted(code);
      case "universal_id" -> quoted(text);
      default -> "";
    };
  }

  private static String quoted(String cell) {
    boolean plain =
        cell.equals(cell.strip()) && cell.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}

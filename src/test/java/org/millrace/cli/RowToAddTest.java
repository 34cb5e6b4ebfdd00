package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line that an analyst is told to add, and where. */
final class RowToAddTest {
  @TempDir private Path mappings;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(mappings.resolve("tables"));
    Files.createDirectories(mappings.resolve("senders/LAB@NORTH/tables"));
    Files.writeString(
        mappings.resolve("tables/HL70001.csv"),
        "# source: x\n\"# v2-system: a, b\",,\n,,,\nv2_code,v2_text,fhir_code,fhir_system,fhir_display\nF,,,,\n");
    Files.writeString(
        mappings.resolve("tables/namespaces.csv"),
        "# source: x\nnamespace_id,universal_id,universal_id_type,uri\n");
    Files.writeString(
        mappings.resolve("senders/LAB@NORTH/tables/HL70001.csv"),
        "\ufeff# extends: HL70001\nfhir_code,\"v2_text\", v2_code\n");
  }

  private Optional<RowToAdd> row(String sender, String table, String code, String text)
      throws IOException {
    return RowToAdd.of(mappings, sender, table, code, text);
  }

  @Test
  void itGoesIntoTheSendersOwnTableWhereThereIsOne() throws Exception {
    assertThat(row("LAB@NORTH", "HL70001", "X", "Unknown"))
        .contains(new RowToAdd("senders/LAB@NORTH/tables/HL70001.csv", ",Unknown,X"));
    assertThat(row("LAB@SOUTH", "HL70001", "X", "Unknown"))
        .contains(new RowToAdd("tables/HL70001.csv", "X,Unknown,,,"));
  }

  @Test
  void cellsThatNeedQuotesHaveThem() throws Exception {
    assertThat(row("LAB@SOUTH", "HL70001", "A,1", "5\" cut").orElseThrow().line())
        .isEqualTo("\"A,1\",\"5\"\" cut\",,,");
  }

  @Test
  void anAuthorityIsToldByItsNameOrItsId() throws Exception {
    assertThat(row("LAB@SOUTH", "namespaces", "HOSP", "1.2.3").orElseThrow().line())
        .isEqualTo("HOSP,1.2.3,,");
    assertThat(row("LAB@SOUTH", "namespaces", "1.2.3", "1.2.3").orElseThrow().line())
        .isEqualTo(",1.2.3,,");
  }

  @Test
  void aSenderCannotNameAFileOutsideTheFolder() throws Exception {
    assertThat(row("../../x", "HL70001", "X", "").orElseThrow().file())
        .isEqualTo("tables/HL70001.csv");
    assertThat(row("LAB@NORTH", "../../etc/passwd", "X", "")).isEmpty();
    assertThat(row("LAB@NORTH", "NONE", "X", "")).isEmpty();
  }
}

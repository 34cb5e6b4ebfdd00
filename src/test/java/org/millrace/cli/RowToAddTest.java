package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line that an analyst is told to add. */
final class RowToAddTest {
  private static final String TABLE = "tables/HL70001.csv";

  @TempDir private Path mappings;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(mappings.resolve("tables"));
    Files.createDirectories(mappings.resolve("senders/LAB@NORTH/tables"));
    Files.writeString(
        mappings.resolve(TABLE),
        "# source: x\n\"# v2-system: a, b\",,\n,,,\nv2_code,v2_text,fhir_code,fhir_system,fhir_display\nF,,,,\n");
    Files.writeString(
        mappings.resolve("tables/namespaces.csv"),
        "# source: x\nnamespace_id,universal_id,universal_id_type,uri\n");
    Files.writeString(
        mappings.resolve("senders/LAB@NORTH/" + TABLE),
        "\ufeff# extends: HL70001\nfhir_code,\"v2_text\", v2_code\n");
  }

  private String line(String file, String code, String text) throws IOException {
    return RowToAdd.of(mappings, file, code, text).line();
  }

  @Test
  void itsCellsAreInTheOrderOfTheFile() throws Exception {
    assertThat(line("senders/LAB@NORTH/" + TABLE, "X", "Unknown")).isEqualTo(",Unknown,X");
    assertThat(line(TABLE, "X", "Unknown")).isEqualTo("X,Unknown,,,");
  }

  @Test
  void cellsThatNeedQuotesHaveThem() throws Exception {
    assertThat(line(TABLE, "A,1", "5\" cut")).isEqualTo("\"A,1\",\"5\"\" cut\",,,");
  }

  @Test
  void anAuthorityIsToldByItsNameOrItsId() throws Exception {
    assertThat(line("tables/namespaces.csv", "HOSP", "1.2.3")).isEqualTo("HOSP,1.2.3,,");
    assertThat(line("tables/namespaces.csv", "1.2.3", "1.2.3")).isEqualTo(",1.2.3,,");
  }
}

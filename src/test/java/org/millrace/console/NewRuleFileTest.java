package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mapping.RuleFiles;

/** What a new mapping file begins with, and that it can be used once it is written to its end. */
final class NewRuleFileTest {
  private static final RuleFiles FILES = RuleFiles.read(Path.of("mappings"));
  private static final String OF_LAB = "senders/LAB@NORTH/";

  private static String beginning(String name) {
    return NewRuleFile.named(name).orElseThrow().beginning(FILES);
  }

  private static void compiles(String name, String text) throws RuleFaultsException {
    FILES.with(Map.of(name, text)).compiled();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "segments/PID.yaml # { v2: PID-8, loss: 'Sent wrong.' }",
        "segments/OBR.yaml # { v2: OBR-4, fhir: type, function: document-type, table: document-type, unknown: hold, direction: v2-to-fhir }",
        "datatypes/XPN-HumanName.yaml # { v2: XPN.7, fhir: use, fixed: usual }"
      })
  void rulesThatDifferAreAllThatIsLeftToWrite(String path, String rule) throws Exception {
    String text = beginning(OF_LAB + path);

    compiles(OF_LAB + path, text.replace("source:", "source: its manual") + "  - " + rule + "\n");
  }

  @Test
  void aTableBeginsWithTheColumnsOfTheOneBelow() throws Exception {
    assertThat(beginning(OF_LAB + "tables/HL70001.csv"))
        .isEqualTo(
            "# extends: HL70001\n# source:\n"
                + "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred\n");
    assertThat(beginning(OF_LAB + "tables/namespaces.csv"))
        .isEqualTo("# source:\nnamespace_id,universal_id,universal_id_type,uri\n");
    compiles(
        OF_LAB + "tables/HL70001.csv",
        beginning(OF_LAB + "tables/HL70001.csv").replace("source:", "source: its manual")
            + "W,Woman,female,http://hl7.org/fhir/administrative-gender,Female,v2-to-fhir,\n");
  }

  @Test
  void aMessageTakesThePlaceOfTheWhole() throws Exception {
    String text = beginning(OF_LAB + "messages/ORU_R01.yaml");

    assertThat(text).contains("$schema=../../../schema/message.schema.json").contains("groups:");
    compiles(OF_LAB + "messages/ORU_R01.yaml", text);
  }

  @Test
  void whatLiesOverNothingBeginsWithWhoSaysSo() {
    assertThat(beginning("segments/ZPD-Patient.yaml")).isEqualTo("source:\n");
    assertThat(beginning("tables/lab-codes.csv")).startsWith("# source:\nv2_code,");
    assertThat(beginning(OF_LAB + "sender.yaml")).contains("sender.schema.json", "source:");
    assertThat(NewRuleFile.named("segments/PID.yaml").orElseThrow().under(FILES))
        .isEqualTo(Optional.empty());
  }
}

package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyNamesTest {

  @ParameterizedTest
  @CsvSource({
    "Specimen, SPECIMEN",
    "Müller, MUELLER",
    "Müller, Muller",
    "Mueller, MÜLLER",
    "O'Brien, OBRIEN",
    "Van der Berg, VANDERBERG",
    "Smith-Jones, Smith Jones",
    "Nuñez, NUNEZ",
    "Weiß, WEISS",
    "Iğdır, IĞDIR",
  })
  void spellingsOfOneNameAgree(String charted, String asked) {
    assertThat(FamilyNames.agree(patient(charted), asked)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"Specimen, Sample", "Smith-Jones, Smith", "Ng, Nguyen", "李, 王"})
  void otherNamesDisagree(String charted, String asked) {
    assertThat(FamilyNames.agree(patient(charted), asked)).isFalse();
  }

  @Test
  void aFormerNameOfThePatientAgrees() {
    ObjectNode patient = patient("Specimen");
    patient.withArray("name").addObject().put("use", "maiden").put("family", "Sample");

    assertThat(FamilyNames.agree(patient, "SAMPLE")).isTrue();
  }

  @Test
  void aChartWithoutFamilyNameCannotDisagree() {
    ObjectNode patient = JsonNodeFactory.instance.objectNode();
    patient.withArray("name").addObject().put("text", "Specimen");

    assertThat(FamilyNames.agree(patient, "Sample")).isTrue();
  }

  private static ObjectNode patient(String family) {
    ObjectNode patient = JsonNodeFactory.instance.objectNode();
    patient.withArray("name").addObject().put("use", "official").put("family", family);
    return patient;
  }
}

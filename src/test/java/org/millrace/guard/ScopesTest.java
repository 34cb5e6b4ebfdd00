package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {
  private static String allowed(Scopes scopes, String type) {
    StringBuilder letters = new StringBuilder();
    for (Interaction each : Interaction.values()) {
      if (scopes.allows(Need.of(type, each))) {
        letters.append(each.letter());
      }
    }
    return letters.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "system/Patient.read, rs, ''",
    "system/Patient.write, cud, ''",
    "system/Patient.*, cruds, ''",
    "system/Patient.r, r, ''",
    "system/Patient.s, s, ''",
    "system/Patient.rs, rs, ''",
    "system/Patient.cud, cud, ''",
    "system/Patient.cruds, cruds, ''",
    "system/*.rs, rs, rs",
    "system/*.read, rs, rs",
    "system/*.cruds, cruds, cruds",
    "millrace/hl7, '', ''",
    "system/Patient.c system/Patient.s, cs, ''",
  })
  void aScopeAllowsWhatItNamesAndNothingElse(String written, String ofPatient, String ofOther) {
    Scopes scopes = Scopes.read(written);

    assertThat(allowed(scopes, "Patient")).isEqualTo(ofPatient);
    assertThat(allowed(scopes, "Encounter")).isEqualTo(ofOther);
    assertThat(allowed(scopes, "PatientX")).isEqualTo(ofOther);
  }

  @Test
  void onlyAScopeOverAllTypesAllowsWhatMayBeOfAny() {
    assertThat(allowed(Scopes.read("system/Patient.cruds"), Need.EVERY_TYPE)).isEmpty();
    assertThat(allowed(Scopes.read("system/*.rs"), Need.EVERY_TYPE)).isEqualTo("rs");
  }

  @Test
  void aScopeOfOursIsNotAmongThoseOverAllTypes() {
    assertThat(Scopes.read("system/*.cruds").allows(Need.of(OwnScope.HL7))).isFalse();
    assertThat(Scopes.read("millrace/hl7").allows(Need.of(OwnScope.HL7))).isTrue();
    assertThat(Scopes.read("millrace/hl7").allows(Need.of(OwnScope.MANAGEMENT))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "system/Patient",
        "system/Patient.",
        "system/Patient.sr",
        "system/Patient.rr",
        "system/patient.read",
        "system/*Patient.read",
        "SYSTEM/Patient.read",
        "patient/Patient.read",
        "user/*.read",
        "system/Patient.reads",
        "system/Observation.rs?category=laboratory",
        "millrace/anything",
        "openid",
      })
  void whatIsNoScopeIsRefusedInSettingsAndAllowsNothingInATokens(String written) {
    assertThatThrownBy(() -> Scopes.read(written)).isInstanceOf(IllegalArgumentException.class);

    Scopes granted = Scopes.granted(List.of(written));
    for (String type : List.of("Patient", "Observation", Need.EVERY_TYPE)) {
      assertThat(allowed(granted, type)).isEmpty();
    }
    assertThat(granted.words()).isEmpty();
  }

  @Test
  void whatIsMissingIsNamedAsTheLeastScopeThatWouldDo() {
    Needs needs =
        Needs.of(Need.of("Patient", Interaction.SEARCH), Need.of("Encounter", Interaction.READ));

    assertThat(Scopes.read("system/Patient.s").missing(needs))
        .extracting(Need::scope)
        .containsExactly("system/Encounter.r");
  }
}

package org.millrace.healtheintent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists in which one source knows of no allergy and another of one. */
class NoKnownAllergiesTest {
  private static final ObjectNode NKA =
      coded("2.16.840.1.113883.6.96", "716186003", "No known allergy (situation)");
  private static final ObjectNode NKDA = named("No Known Drug Allergies");
  private static final ObjectNode PENICILLIN = of("Drug", named("Penicillin"));
  private static final ObjectNode PEANUT = of("Food", named("Peanut"));
  private static final ObjectNode LATEX = named("Latex");

  private static ObjectNode entry() {
    ObjectNode entry = IntentJson.object();
    entry.putObject("status").put("text", "Active");
    return entry;
  }

  private static ObjectNode named(String text) {
    ObjectNode entry = entry();
    entry.putObject("code").put("text", text);
    return entry;
  }

  private static ObjectNode coded(String system, String code, String display) {
    ObjectNode entry = entry();
    entry
        .putObject("code")
        .putArray("codings")
        .addObject()
        .put("system", system)
        .put("code", code)
        .put("display", display);
    return entry;
  }

  private static ObjectNode of(String category, ObjectNode entry) {
    entry.putObject("category").put("text", category);
    return entry;
  }

  private static ObjectNode past(ObjectNode entry) {
    ObjectNode past = entry.deepCopy();
    past.putObject("status").put("text", "Resolved");
    return past;
  }

  /** What is shown, each by its text or display. */
  private static List<String> shown(KnownAllergies known) {
    return known.allergies().stream()
        .map(
            each ->
                each.at("/code/text")
                    .asText(each.at("/code/coding/0/display").asText(each.toString())))
        .toList();
  }

  private static KnownAllergies known(ObjectNode... entries) {
    return AllergyShape.known(List.of(entries));
  }

  @Test
  void whatOneSourceHasNotHeardOfDoesNotStandBesideTheAllergyOfAnother() {
    KnownAllergies mixed = known(NKA, PENICILLIN, named("No known allergies"), PEANUT);
    assertThat(shown(mixed)).containsExactly("Penicillin", "Peanut");
    assertThat(mixed.contradicted()).isEqualTo(2);
  }

  @Test
  void aloneItIsShown() {
    assertThat(shown(known(NKA))).containsExactly("No known allergy (situation)");
    assertThat(shown(known(past(PENICILLIN), NKA, NKDA)))
        .containsExactly("No known allergy (situation)", "No Known Drug Allergies");
    assertThat(known(NKA, NKDA).contradicted()).isZero();
  }

  @Test
  void anAllergyOfWhichNobodyKnowsToWhatContradictsItToo() {
    KnownAllergies known = known(NKA, NKDA, entry());
    assertThat(known.allergies()).isEmpty();
    assertThat(known.withoutSubstance()).isEqualTo(1);
    assertThat(known.contradicted()).isEqualTo(2);
  }

  @Test
  void noKnownDrugAllergyMayStandBehindAnAllergyToFoodAndNowhereElse() {
    assertThat(shown(known(NKDA, PEANUT))).containsExactly("Peanut", "No Known Drug Allergies");
    assertThat(shown(known(NKDA, PEANUT, PENICILLIN))).containsExactly("Peanut", "Penicillin");
    assertThat(shown(known(NKDA, LATEX))).as("category not known").containsExactly("Latex");
    assertThat(shown(known(NKDA, of("Biologic", named("Serum"))))).containsExactly("Serum");
    assertThat(shown(known(named("N.K.F.A."), PEANUT, PENICILLIN)))
        .containsExactly("Peanut", "Penicillin");
    assertThat(shown(known(named("No known latex allergy"), PEANUT))).containsExactly("Peanut");
  }

  @Test
  void anAllergyIsNeverTakenForNone() {
    for (String text :
        List.of(
            "No known allergies until penicillin in 2019",
            "Nkanga seed",
            "Allergy, no known cause")) {
      assertThat(shown(known(named(text), PEANUT))).containsExactly(text, "Peanut");
    }
    ObjectNode misnamed = coded("2.16.840.1.113883.6.88", "7980", "penicillin G");
    ((ObjectNode) misnamed.path("code")).put("text", "NKA");
    assertThat(known(misnamed, PEANUT).allergies()).hasSize(2);
  }

  @Test
  void whatTheTableOfMessagesKnowsIsKnownHereToo() throws IOException {
    List<String> words = new ArrayList<>();
    try (Stream<String> lines = Files.lines(Path.of("mappings/tables/no-known-allergy.csv"))) {
      lines
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .forEach(line -> words.addAll(List.of(line.split(",", -1)).subList(0, 3)));
    }
    words.removeIf(String::isEmpty);
    assertThat(words).hasSizeGreaterThan(20);
    for (String word : words) {
      ObjectNode entry = word.matches("\\d+") ? coded("", word, "") : named(word);
      assertThat(shown(known(entry, LATEX))).as(word).containsExactly("Latex");
    }
  }
}

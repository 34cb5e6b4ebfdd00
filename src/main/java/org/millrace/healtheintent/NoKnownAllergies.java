package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out entries that say that no allergy is known where another entry names one: HealtheIntent
 * puts the records of its sources side by side, and what one source has not heard of another has.
 * Stateless.
 *
 * <p>Many devices show the first AL1 alone: what is said of one category only, and may stand beside
 * an allergy of another, comes behind every allergy.
 *
 * <p>Source: Cerner Millennium R4, AllergyIntolerance, Create (no known allergy and no known
 * medication allergy only while no allergy is active); SNOMED CT.
 */
final class NoKnownAllergies {
  private static final String ALL = "";

  /** The codes and short forms of {@code tables/no-known-allergy.csv}, and those of its kin. */
  private static final Map<String, String> CODES =
      Map.ofEntries(
          Map.entry("716186003", ALL),
          Map.entry("nka", ALL),
          Map.entry("409137002", "medication"),
          Map.entry("nkda", "medication"),
          Map.entry("nkma", "medication"),
          Map.entry("429625007", "food"),
          Map.entry("nkfa", "food"),
          Map.entry("428607008", "environment"),
          Map.entry("nkea", "environment"));

  private static final Pattern WORDS =
      Pattern.compile("no (?:currently )?known (?:history of )?(?:([a-z]+) )?allerg(?:y|ies)");

  private static final Map<String, String> CATEGORIES =
      Map.of(
          "drug", "medication",
          "medication", "medication",
          "food", "food",
          "environmental", "environment");

  private NoKnownAllergies() {}

  /**
   * What may be shown.
   *
   * @param allergies those of substances first
   * @param contradicted how many were taken out
   */
  record Sifted(List<ObjectNode> allergies, int contradicted) {}

  /**
   * @param current AllergyIntolerance resources that hold now
   * @param withoutSubstance how many more hold now of which nobody knows to what
   */
  static Sifted sift(Iterable<ObjectNode> current, int withoutSubstance) {
    List<ObjectNode> allergies = new ArrayList<>();
    List<ObjectNode> none = new ArrayList<>();
    for (ObjectNode each : current) {
      (category(each).isPresent() ? none : allergies).add(each);
    }
    List<ObjectNode> shown = new ArrayList<>(allergies);
    int contradicted = 0;
    for (ObjectNode each : none) {
      String category = category(each).orElseThrow();
      if (withoutSubstance > 0
          || allergies.stream().anyMatch(one -> contradicts(category, one.path("category")))) {
        contradicted++;
      } else {
        shown.add(each);
      }
    }
    return new Sifted(shown, contradicted);
  }

  /** An allergy whose category is not known may be of any. */
  private static boolean contradicts(String category, JsonNode ofAllergy) {
    String other = ofAllergy.path(0).asText();
    return category.equals(ALL)
        || other.isEmpty()
        || other.equals(category)
        || (other.equals("biologic") && category.equals("medication"));
  }

  /**
   * Of which category nothing is known, empty for all; absent if it is an allergy. A text alone
   * does not make one of a code that has a name of its own: an allergy too many is seen by a
   * person.
   */
  private static Optional<String> category(ObjectNode allergy) {
    List<String> words = new ArrayList<>();
    for (JsonNode coding : allergy.at("/code/coding")) {
      Optional<String> coded = said(word(coding.path("code")));
      if (coded.isPresent()) {
        return coded;
      }
      words.add(word(coding.path("display")));
    }
    words.add(word(allergy.at("/code/text")));
    words.removeIf(String::isEmpty);
    Set<String> categories =
        Set.copyOf(words.stream().flatMap(each -> said(each).stream()).toList());
    boolean all = !words.isEmpty() && words.stream().allMatch(each -> said(each).isPresent());
    if (!all) {
      return Optional.empty();
    }
    return Optional.of(categories.size() == 1 ? categories.iterator().next() : ALL);
  }

  private static Optional<String> said(String word) {
    String coded = CODES.get(word);
    if (coded != null) {
      return Optional.of(coded);
    }
    Matcher words = WORDS.matcher(word);
    if (!words.matches()) {
      return Optional.empty();
    }
    String kind = words.group(1);
    // Of a kind that is not one of FHIR's categories it gives way to any allergy.
    return Optional.of(kind == null ? ALL : CATEGORIES.getOrDefault(kind, ALL));
  }

  /** Without what SNOMED CT puts behind a name, "(situation)", and without hyphens and dots. */
  private static String word(JsonNode text) {
    return text.asText("")
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\([^)]*\\)", " ")
        .replace(".", "")
        .replaceAll("[\\s\\-]+", " ")
        .strip();
  }
}

package org.millrace.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells whether a family name is one of a patient's, whatever its case, accents, blanks, hyphens
 * and apostrophes: registrations and devices differ in all of these for the same person.
 */
final class FamilyNames {
  private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}\\p{Nd}]+");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  /** How letters are written where the keyboard lacks them: Müller is also Mueller. */
  private static final Map<String, String> SPELT_OUT =
      Map.of("Ä", "AE", "Ö", "OE", "Ü", "UE", "Ø", "OE", "Å", "AA", "Æ", "AE");

  private FamilyNames() {}

  /**
   * False if the patient has family names, current or former, and none of them is this one; a chart
   * without any cannot disagree.
   */
  static boolean agree(JsonNode patient, String family) {
    Set<String> given = forms(family);
    boolean named = false;
    for (JsonNode name : patient.path("name")) {
      String charted = name.path("family").asText();
      named |= !charted.isBlank();
      if (!charted.isBlank() && forms(charted).stream().anyMatch(given::contains)) {
        return true;
      }
    }
    return !named;
  }

  private static Set<String> forms(String family) {
    String upper = Normalizer.normalize(family.toUpperCase(Locale.ROOT), Normalizer.Form.NFC);
    String speltOut = upper;
    for (Map.Entry<String, String> letter : SPELT_OUT.entrySet()) {
      speltOut = speltOut.replace(letter.getKey(), letter.getValue());
    }
    String plain = bare(upper);
    String spelt = bare(speltOut);
    return plain.equals(spelt) ? Set.of(plain) : Set.of(plain, spelt);
  }

  private static String bare(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    return NOT_LETTERS.matcher(MARKS.matcher(decomposed).replaceAll("")).replaceAll("");
  }
}

package org.millrace.mapping;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The check digits that codes of LOINC and SNOMED CT carry, so that a mistyped code is found
 * without their content.
 *
 * <p>Sources: LOINC Users' Guide, "LOINC check digit" (mod 10); SNOMED CT Release File
 * Specifications, "Check-digit" (Verhoeff).
 */
final class CheckDigits {
  private static final Pattern LOINC = Pattern.compile("([1-9]\\d{0,6})-(\\d)");

  /** Parts and answers (LP…, LA…); their last digit follows another rule. */
  private static final Pattern LOINC_PART = Pattern.compile("L[A-Z]\\d{1,7}-\\d");

  /** Concepts alone: descriptions and relationships, with another digit before the last two. */
  private static final Pattern SNOMED = Pattern.compile("[1-9]\\d{2,14}[01]0\\d");

  /** An expression begins with a concept and goes on with what refines it; it is not read. */
  private static final Pattern SNOMED_EXPRESSION = Pattern.compile("\\d{6,18}\\s*[:+|].*");

  /** What a digit becomes when the one before has been taken in: the group of Verhoeff's rule. */
  private static final String[] PRODUCT = {
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"
  };

  /** What a digit counts for at each place from the end; every eighth place alike. */
  private static final String[] PLACE = {
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258"
  };

  private CheckDigits() {}

  static boolean loinc(String code) {
    Matcher parts = LOINC.matcher(code);
    if (!parts.matches()) {
      return LOINC_PART.matcher(code).matches();
    }
    String number = parts.group(1);
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int counted = i % 2 == 0 ? digit * 2 : digit;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return (10 - sum % 10) % 10 == parts.group(2).charAt(0) - '0';
  }

  static boolean snomed(String code) {
    if (!SNOMED.matcher(code).matches()) {
      return SNOMED_EXPRESSION.matcher(code).matches();
    }
    int check = 0;
    for (int i = 0; i < code.length(); i++) {
      int digit = code.charAt(code.length() - 1 - i) - '0';
      check = PRODUCT[check].charAt(PLACE[i % 8].charAt(digit) - '0') - '0';
    }
    return check == 0;
  }
}

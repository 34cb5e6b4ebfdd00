package org.millrace.rest;

import java.util.regex.Pattern;

/** The form of a FHIR id. Stateless. Source: FHIR R4, Data Types, id. */
final class FhirId {
  static final String FORM = "[A-Za-z0-9\\-.]{1,64}";
  private static final Pattern ID = Pattern.compile(FORM);

  private FhirId() {}

  /** Dots alone would be another path once they stand in a URL. */
  static boolean isId(String text) {
    return ID.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  /** The id of {@code Type/id}; any other text as it is. */
  static String ofReference(String type, String text) {
    return text.startsWith(type + "/") ? text.substring(type.length() + 1) : text;
  }
}

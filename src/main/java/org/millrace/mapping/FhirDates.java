package org.millrace.mapping;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;

/** Dates and times as FHIR writes them: a year, a month, a day, or a moment with its offset. */
public final class FhirDates {
  private FhirDates() {}

  /** Whether a text is one of them, its day one of the calendar and its time one of the clock. */
  public static boolean isOne(String text) {
    try {
      switch (text.length()) {
        case 4 -> Year.parse(text);
        case 7 -> YearMonth.parse(text);
        case 10 -> LocalDate.parse(text);
        default -> OffsetDateTime.parse(text);
      }
      return true;
    } catch (DateTimeParseException unfit) {
      return false;
    }
  }
}

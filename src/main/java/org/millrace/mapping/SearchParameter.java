package org.millrace.mapping;

import java.util.List;
import java.util.Set;

/**
 * One search parameter that a FHIR server takes.
 *
 * @param type the code of FHIR R4's search-param-type
 * @param description what it searches by, in words
 * @param modifiers those taken, without the colon
 * @param several whether a comma may part several values
 * @param apart how systems begin whose codes do not stand beside those of others; empty for none
 * @param values the only values taken; empty for any
 * @param to the type of a reference's target; empty for none. Such a value is sent as a bare id
 * @param pattern a regular expression each whole value must match; empty for any
 * @param with the parameters of which one must stand beside it; empty if it may stand by itself
 * @param times how often it may stand, and as what
 * @param least the least number taken; meaningful for type number
 * @param most the largest number taken
 */
public record SearchParameter(
    String name,
    String type,
    String description,
    Set<String> modifiers,
    boolean several,
    String apart,
    List<String> values,
    String to,
    String pattern,
    List<String> with,
    Times times,
    int least,
    int most) {

  public SearchParameter {
    modifiers = Set.copyOf(modifiers);
    values = List.copyOf(values);
    with = List.copyOf(with);
  }

  /**
   * How often a parameter may stand. Of dates: with which prefixes.
   *
   * @param most the largest number of times
   * @param form {@code day}: no time of day; {@code time}: with a time of day; {@code any}; empty
   *     for what is no date
   * @param formOfPair the same where it stands twice
   * @param once the prefixes of a date that stands alone; {@code eq} is none. Empty: it never
   *     stands alone
   * @param from the prefixes of the earlier one of two dates; empty: it never stands twice
   * @param until the prefixes of the later one
   * @param alike whether both of two dates are told as precisely
   */
  public record Times(
      int most,
      String form,
      String formOfPair,
      List<String> once,
      List<String> from,
      List<String> until,
      boolean alike) {

    public Times {
      once = List.copyOf(once);
      from = List.copyOf(from);
      until = List.copyOf(until);
    }
  }

  public boolean isDate() {
    return type.equals("date");
  }
}

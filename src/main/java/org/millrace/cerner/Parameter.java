package org.millrace.cerner;

/** One search parameter, unencoded: {@code identifier}, {@code urn:oid:1.2|123}. */
public record Parameter(String name, String value) {

  /**
   * A parameter of type token whose value is taken as it is, whatever characters it holds.
   *
   * @param system empty to search in all systems
   */
  public static Parameter token(String name, String system, String value) {
    String literal = literal(value);
    return new Parameter(name, system.isEmpty() ? literal : literal(system) + "|" + literal);
  }

  /**
   * Text in which no character has a meaning for the search. Source: FHIR R4, Search, section
   * 3.1.1.5.1 "Escaping Search Parameters".
   */
  public static String literal(String text) {
    return text.replaceAll("([\\\\,|$])", "\\\\$1");
  }

  /** The name only: values are patient data. */
  @Override
  public String toString() {
    return name;
  }
}

package org.millrace.cerner;

/** One search parameter, unencoded: {@code identifier}, {@code urn:oid:1.2|123}. */
public record Parameter(String name, String value) {

  /** The name only: values are patient data. */
  @Override
  public String toString() {
    return name;
  }
}

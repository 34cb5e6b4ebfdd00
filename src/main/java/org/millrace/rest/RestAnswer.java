package org.millrace.rest;

import java.util.Map;

/**
 * What a caller is answered.
 *
 * @param headers by their names as sent; {@link HttpStep} lets out only those it knows
 * @param body empty array for none
 */
public record RestAnswer(int status, Map<String, String> headers, byte[] body) {

  public RestAnswer {
    headers = Map.copyOf(headers);
  }

  /** The status only: the body may hold what belongs to a patient. */
  @Override
  public String toString() {
    return Integer.toString(status);
  }
}

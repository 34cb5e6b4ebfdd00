package org.millrace.cerner;

import java.time.Instant;
import java.util.List;

/**
 * An access token.
 *
 * @param scopes granted, which may be fewer than asked for
 */
record Token(String value, Instant useUntil, List<String> scopes) {

  /** Without the token. */
  @Override
  public String toString() {
    return "Token[until " + useUntil + "]";
  }
}

package org.millrace.cerner;

import java.time.Instant;
import java.util.List;

/**
 * An access token.
 *
 * @param scopes granted, which may be fewer than asked for
 */
record Token(String value, Instant useUntil, List<String> scopes) {

  /** The same, to be replaced then at the latest. */
  Token usedUntil(Instant moment) {
    return moment.isBefore(useUntil) ? new Token(value, moment, scopes) : this;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Token[until " + useUntil + "]";
  }
}

package org.millrace.cli;

import picocli.CommandLine.Option;

/** {@code --limit} and {@code --json}: how much a listing shows, and in which form. */
final class ListingOptions {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  /**
   * @throws PlainException if it is none
   */
  int limit() throws PlainException {
    return atLeastOne(limit);
  }

  boolean json() {
    return json;
  }

  /**
   * What was given as {@code --limit}.
   *
   * @throws PlainException if it would let nothing through
   */
  static int atLeastOne(int limit) throws PlainException {
    if (limit < 1) {
      throw new PlainException("--limit must be at least 1");
    }
    return limit;
  }
}

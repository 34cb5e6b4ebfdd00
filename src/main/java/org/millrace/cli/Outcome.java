package org.millrace.cli;

/**
 * What came of a command that changes something.
 *
 * @param exitCode says the same as the sentence
 */
record Outcome(int exitCode, String sentence) {
  static Outcome done(String sentence) {
    return new Outcome(0, sentence);
  }
}

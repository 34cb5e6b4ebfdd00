package org.millrace.mapping;

/**
 * What is wrong in a mapping file.
 *
 * @param file relative to the mappings folder
 * @param line 1-based
 */
public record RuleFault(String file, int line, String sentence) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + sentence;
  }
}

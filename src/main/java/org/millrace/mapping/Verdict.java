package org.millrace.mapping;

/**
 * What is to become of a mapped resource.
 *
 * @param code a published word: {@code final}, {@code preliminary}, {@code cancelled}, {@code
 *     status-missing}, {@code ed-damaged} …
 * @param path the v2 path the verdict rests on, for example {@code OBR[2]-25}; empty if none
 * @param reason a sentence without patient data
 * @param remedy what a person does about it; empty for FILE and FILTER
 */
public record Verdict(Decision decision, String code, String path, String reason, String remedy) {

  /** File it, leave it out on purpose, or let a person look. */
  public enum Decision {
    FILE,
    FILTER,
    HOLD
  }

  public static Verdict file(String code) {
    return new Verdict(Decision.FILE, code, "", "", "");
  }

  public static Verdict filter(String code, String path, String reason) {
    return new Verdict(Decision.FILTER, code, path, reason, "");
  }

  public static Verdict hold(String code, String path, String reason, String remedy) {
    return new Verdict(Decision.HOLD, code, path, reason, remedy);
  }
}

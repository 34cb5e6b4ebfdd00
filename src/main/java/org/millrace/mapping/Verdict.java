package org.millrace.mapping;

/**
 * What is to become of a mapped resource.
 *
 * @param code a published word: {@code final}, {@code preliminary}, {@code cancelled}, {@code
 *     status-missing}, {@code ed-damaged} …
 * @param path the v2 path the verdict rests on, for example {@code OBR[2]-25}; empty if none
 * @param reason a sentence without patient data
 * @param remedy what a person does about it; of WITHDRAW, if there is nothing of ours to withdraw;
 *     empty for FILE, CORRECT and FILTER
 */
public record Verdict(Decision decision, String code, String path, String reason, String remedy) {

  /** What is done with it. */
  public enum Decision {
    /** It is stored as a new resource. */
    FILE,
    /** It takes the place of what was filed of the same report; if nothing was, it is new. */
    CORRECT,
    /** What was filed of the same report is marked entered in error; if nothing was, HOLD. */
    WITHDRAW,
    /** Left out on purpose. */
    FILTER,
    /** A person must look. */
    HOLD;

    /** Whether its content is for the chart. */
    public boolean files() {
      return this == FILE || this == CORRECT;
    }
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

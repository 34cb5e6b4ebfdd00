package org.millrace.journal;

/**
 * Lanes as people see and type them: the beginning of the key, which tells nothing of the patient.
 */
public final class LaneName {
  private static final int SHOWN = 12;

  private LaneName() {}

  /** The name of a lane; empty if the message was not looked into yet. */
  public static String of(String lane) {
    String key =
        lane.startsWith(SearchKeys.KEYED) ? lane.substring(SearchKeys.KEYED.length()) : lane;
    // A dash at its beginning would be read as an option.
    return key.substring(0, Math.min(SHOWN, key.length())).replace('-', '.');
  }

  /** What a lane's key begins with, by the name or a part of it. */
  static String key(String name) {
    return name.replace('.', '-');
  }
}

package org.millrace.journal;

/**
 * A code of a message that no row of a mapping table knows. A value of a coded field: for the
 * journal and those who look into it, never for logs and metrics.
 *
 * @param table the table without the row, by its file name without {@code .csv}
 * @param code as received
 * @param text what the sender calls it; empty if it gave no text
 * @param path where it stands in the message: {@code OBX[3]-3.1}
 * @param held true if the message is held until the table knows it, false if the code was passed on
 *     as it came
 */
public record UnmappedCode(String table, String code, String text, String path, boolean held) {

  /** Table and place only. */
  @Override
  public String toString() {
    return path + " is not in table " + table;
  }
}

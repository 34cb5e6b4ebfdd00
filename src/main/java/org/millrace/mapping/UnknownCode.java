package org.millrace.mapping;

/**
 * A code of a message that no row of its table knows: work for whoever keeps the tables. It holds
 * values, so it is for the journal and never for a log.
 *
 * @param table the table's file name without {@code .csv}; {@code namespaces} for an authority
 * @param code as received
 * @param text what the message calls it; empty if it does not say
 * @param path where it stands
 * @param held whether the message waits for the row; else the code was passed on as it is
 */
public record UnknownCode(String table, String code, String text, String path, boolean held) {
  /** The place only: the code is the sender's word for something of a patient. */
  @Override
  public String toString() {
    return table + " at " + path;
  }
}

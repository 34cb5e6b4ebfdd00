package org.millrace.delivery;

import org.millrace.journal.FiledAs;
import org.millrace.journal.LedgerRow;

/**
 * A document of an earlier message, as the ledger knows it.
 *
 * @param latest the newest change of it that is stored at Cerner
 */
record FiledDocument(LedgerRow latest) {

  String id() {
    return latest.resourceId();
  }

  boolean withdrawn() {
    return latest.filedAs() == FiledAs.ENTERED_IN_ERROR;
  }

  boolean preliminary() {
    return latest.filedAs() == FiledAs.PRELIMINARY;
  }

  String anchor() {
    return latest.anchor();
  }

  /**
   * Where in its report a document comes from: {@code OBX[5]}, empty for the text of the whole.
   *
   * @param anchor {@code OBR[2]/OBX[5]} or {@code OBR[2]}
   */
  static String placeInReport(String anchor) {
    int slash = anchor.indexOf('/');
    return slash < 0 ? "" : anchor.substring(slash + 1);
  }
}

package org.millrace.journal;

import java.util.List;
import java.util.Optional;

/** What stands in the audit trail of a journal. */
public final class TestTrail {
  private TestTrail() {}

  /** The entries of one kind, the last first. */
  public static List<AuditEntry> of(JournalDatabase journal, String what) {
    return journal
        .auditTrail()
        .list(
            new AuditFilter(
                "",
                what,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0),
            10,
            true);
  }
}

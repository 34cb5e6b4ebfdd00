package org.millrace.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Alerts as they are listed.
 *
 * @param open what stands, that which began first at the head; on the first page only
 * @param ended the latest first
 * @param newer where those go on that ended later; empty if there are none
 * @param older where those go on that ended earlier; empty if there are none
 */
public record AlertListing(
    List<Alert> open, List<Alert> ended, Optional<AlertPlace> newer, Optional<AlertPlace> older) {
  public AlertListing {
    open = List.copyOf(open);
    ended = List.copyOf(ended);
  }

  /** What stands, then what has ended. */
  public List<Alert> all() {
    List<Alert> all = new ArrayList<>(open);
    all.addAll(ended);
    return all;
  }
}

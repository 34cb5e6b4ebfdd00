package org.millrace.intake;

import java.util.List;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;

/** Looks into a message of a strict feed before it is acknowledged. Thread-safe. */
@FunctionalInterface
public interface ContentCheck {

  /**
   * What is wrong with the message, for its sender to mend; empty if it is taken.
   *
   * @return faults whose sentences hold no patient data
   */
  List<V2Fault> faults(V2Message message, Feed feed);
}

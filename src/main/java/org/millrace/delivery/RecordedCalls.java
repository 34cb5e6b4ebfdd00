package org.millrace.delivery;

import java.time.Clock;
import java.time.Duration;
import org.millrace.cerner.Call;
import org.millrace.journal.CallContent;
import org.millrace.journal.CernerCall;
import org.millrace.journal.JournalDatabase;

/**
 * Calls to Cerner that go on record with the message they are made for. Thread-safe.
 *
 * @param within the limit of each
 */
record RecordedCalls(JournalDatabase journal, Clock clock, Duration within) {

  /** A call with a deadline of its own. */
  Call of(long messageId) {
    return Call.within(within).observedBy(exchange -> record(messageId, exchange)).ofDelivery();
  }

  private void record(long messageId, Call.Exchange exchange) {
    Call.Content content = exchange.content();
    journal
        .calls()
        .record(
            new CernerCall(
                0,
                messageId,
                clock.instant(),
                exchange.method(),
                exchange.pathTemplate(),
                exchange.status(),
                exchange.requestId(),
                exchange.duration()),
            new CallContent(content.target(), content.request(), content.response()));
  }
}

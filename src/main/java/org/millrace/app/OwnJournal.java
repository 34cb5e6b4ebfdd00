package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.journal.AuditHead;
import org.millrace.journal.AuditStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.trace.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the journal of the engine as the settings want it, and says which one is at fault. */
final class OwnJournal {
  private static final Logger LOG = LoggerFactory.getLogger(OwnJournal.class);

  private OwnJournal() {}

  static JournalDatabase open(Settings settings, Clock clock) throws StartException {
    Settings.Storage storage = settings.storage();
    try {
      JournalDatabase journal = JournalDatabase.open(storage.place(), storage.keys(), clock);
      journal.intake().rememberControlIds(settings.hl7().controlIdWindow());
      journal.calls().keepBodies(storage.callBytes());
      journal.createRequests().keepFor(storage.idempotency());
      if (storage.keys().keys().isEmpty()) {
        LOG.warn(
            "the journal at {} is not encrypted: MILLRACE_JOURNAL_KEY gives no key",
            storage.place());
      }
      return journal;
    } catch (JournalException e) {
      String setting = storage.database().isPresent() ? "MILLRACE_DATABASE_URL" : "MILLRACE_DATA";
      throw new StartException(setting + ": " + e.getMessage(), e);
    }
  }

  /** The end of the trail stands in the log, so that it is kept elsewhere, too. */
  static void beginTrail(JournalDatabase journal, Duration within, MeterRegistry metrics)
      throws StartException {
    Metric.AUDIT_LOST.counts(metrics, journal.audit(), AuditStore::lost);
    try {
      String user = System.getProperty("user.name", "unknown");
      AuditHead begun = journal.audit().started(user).get(within.toSeconds(), TimeUnit.SECONDS);
      LOG.info("the audit trail goes on from {}", begun);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StartException("stopped while it started", stopped);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartException("the journal cannot be written", e);
    }
  }
}

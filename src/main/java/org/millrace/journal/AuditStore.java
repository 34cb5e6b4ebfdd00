package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit trail. What callers do is written behind their answers, many at once with the next
 * commit; what an operator does can be waited for. Thread-safe.
 */
public final class AuditStore {
  private static final Logger LOG = LoggerFactory.getLogger(AuditStore.class);

  /** The chain of an engine that has its journal to itself. */
  static final String ENGINE = "engine";

  /** The chain of what is done beside an engine. */
  static final String COMMANDS = "commands";

  /** Under which name the patients stand among the details. */
  static final String PATIENTS = "patients";

  /** Under which name a start says how far other chains had come. */
  static final String COVERS = "covers";

  /** What an entry says that found the end before it not as it was sealed. */
  static final String BROKEN_END = "broken-end";

  /** Older chains are covered by those that began since. */
  private static final int MOST_COVERED = 200;

  /** More would keep others waiting for the commit. */
  private static final int AT_ONCE = 500;

  private static final Duration FINISH_WITHIN = Duration.ofSeconds(3);

  /** Beyond so many that wait the journal has been out of reach for long. */
  private static final int MOST_WAITING = 50_000;

  private static final String ENTRY =
      "INSERT INTO audit_entry (chain, seq, at, what, outcome, status, who, proof, address,"
          + " subject, request_id, details, commitment, hash)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String PATIENT =
      "INSERT INTO audit_patient (patient, entry_id)"
          + " SELECT ?, id FROM audit_entry WHERE chain = ? AND seq = ?";

  private static final String END =
      "UPDATE audit_chain SET seq = ?, hash = ?, seal = ? WHERE chain = ?";

  private final JournalDatabase journal;
  private final PreparedStore prepared = new PreparedStore();
  private final String chain;
  private final Queue<AuditEvent> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingSize = new AtomicInteger();
  private final AtomicBoolean handedOver = new AtomicBoolean();
  private final AtomicLong lost = new AtomicLong();

  /**
   * @param chain that this process adds to
   */
  AuditStore(JournalDatabase journal, String chain) {
    this.journal = journal;
    this.chain = chain;
  }

  /**
   * Puts an event on record with the next commit; nobody waits for it. While the journal is behind
   * it holds the calling thread back, for two seconds at most, so that callers make no more of them
   * than are written.
   */
  public void record(AuditEvent event) {
    note(event);
    journal.keepPace();
  }

  /** The same for those who must go on at once: holds nobody back. */
  public void note(AuditEvent event) {
    if (waitingSize.incrementAndGet() > MOST_WAITING) {
      waitingSize.decrementAndGet();
      lost.incrementAndGet();
      return;
    }
    waiting.add(event);
    handOver();
  }

  /** What waits and has not been handed to the thread that writes is handed over. */
  void handOver() {
    if (!waiting.isEmpty() && handedOver.compareAndSet(false, true)) {
      List<AuditEvent> batch = new ArrayList<>();
      journal
          .writeLater(handle -> appendWaiting(handle, batch))
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  takeBack(batch);
                }
              });
    }
  }

  /** Nothing of it is on disk: it goes with what comes next. */
  private void takeBack(List<AuditEvent> batch) {
    if (batch.isEmpty()) {
      handedOver.set(false);
      return;
    }
    LOG.error("{} entries of the audit trail wait, since they could not be written", batch.size());
    waitingSize.addAndGet(batch.size());
    waiting.addAll(batch);
  }

  /** Whoever runs it a second time, since the first was undone, has the same batch. */
  private int appendWaiting(Handle handle, List<AuditEvent> batch) {
    if (batch.isEmpty()) {
      handedOver.set(false);
      while (batch.size() < AT_ONCE && waiting.peek() != null) {
        batch.add(waiting.remove());
        waitingSize.decrementAndGet();
      }
      handOver();
    }
    append(handle, chain, batch);
    return batch.size();
  }

  /** Writes what waits, before the journal closes. */
  void finish() {
    while (!waiting.isEmpty()) {
      List<AuditEvent> batch = new ArrayList<>();
      try {
        journal
            .write(handle -> appendWaiting(handle, batch))
            .get(FINISH_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException failed) {
        LOG.error("{} entries of the audit trail are lost", waitingSize.get() + batch.size());
        return;
      }
    }
  }

  /** Puts an event on record; completes once it is on disk. */
  public CompletableFuture<AuditHead> recordNow(AuditEvent event) {
    return journal.write(handle -> append(handle, chain, List.of(event)));
  }

  /**
   * Puts on record that somebody looks at patient data, before it is shown.
   *
   * @param what {@code view} or {@code export}
   * @param subject what is looked at: {@code message 12}
   * @return completes once it is on disk; if it fails, nothing is to be shown
   */
  public CompletableFuture<AuditHead> looked(AuditEvent.Actor who, String what, String subject) {
    return recordNow(
        new AuditEvent(
            journal.clock().instant(),
            what,
            AuditEvent.Outcome.DONE,
            0,
            who,
            subject,
            "",
            List.of(),
            Map.of()));
  }

  /** Puts on record that an engine starts, and how far the other chains have come by now. */
  public CompletableFuture<AuditHead> started(String who) {
    Instant at = journal.clock().instant();
    return journal.write(
        handle -> {
          String covers =
              newest(handle).stream().map(AuditHead::toString).collect(Collectors.joining(" "));
          Map<String, String> details = covers.isEmpty() ? Map.of() : Map.of(COVERS, covers);
          return append(
              handle, chain, List.of(AuditEvent.ofUser(at, "start", who, "engine", details)));
        });
  }

  private List<AuditHead> newest(Handle handle) {
    return handle
        .createQuery(
            "SELECT c.chain, c.seq, c.hash FROM audit_chain c"
                + " JOIN audit_entry e ON e.chain = c.chain AND e.seq = c.seq"
                + " WHERE c.chain <> :own ORDER BY e.id DESC LIMIT :most")
        .bind("own", chain)
        .bind("most", MOST_COVERED)
        .map((rs, ctx) -> new AuditHead(rs.getString(1), rs.getLong(2), rs.getString(3)))
        .list();
  }

  /** In the commit of what the event is about. */
  void append(Handle handle, AuditEvent event) {
    append(handle, chain, List.of(event));
  }

  /** How many wait to be written. */
  int waiting() {
    return waitingSize.get();
  }

  /** How many could not be put on record since the start. */
  public long lost() {
    return lost.get();
  }

  private AuditHead append(Handle handle, String to, List<AuditEvent> events) {
    AuditEnd end = claim(handle, to);
    if (events.isEmpty()) {
      return end.head();
    }
    AuditSeals seals = new AuditSeals(journal.secrets().searchKeys());
    AuditHead last = end.head();
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> patients = new ArrayList<>();
    if (last.seq() > 0 && !end.isSealedBy(seals)) {
      LOG.error("chain {} of the audit trail does not end as it was sealed", to);
      last = link(rows, seals, last, brokenEnd(last));
    }
    for (AuditEvent event : events) {
      last = link(rows, seals, last, event);
      for (String patient : event.patients().stream().distinct().toList()) {
        patients.add(new Object[] {seals.patient(patient), to, last.seq()});
      }
    }
    prepared.runAll(handle, ENTRY, rows);
    prepared.runAll(handle, PATIENT, patients);
    prepared.run(handle, END, last.seq(), last.hash(), seals.end(last), to);
    return last;
  }

  /** The seal behind it will be a good one again: that this one was not must be told for good. */
  private AuditEvent brokenEnd(AuditHead found) {
    return new AuditEvent(
        journal.clock().instant(),
        BROKEN_END,
        AuditEvent.Outcome.FAILED,
        0,
        new AuditEvent.Actor("", "none", ""),
        "audit trail",
        "",
        List.of(),
        Map.of("found", found.toString()));
  }

  /** Where the chain ends; from now until the commit nobody else can add to it. */
  private static AuditEnd claim(Handle handle, String chain) {
    handle.execute(
        "INSERT INTO audit_chain (chain, seq, hash, seal) VALUES (?, 0, ?, '')"
            + " ON CONFLICT (chain) DO NOTHING",
        chain,
        AuditSeals.BEGINNING);
    return handle
        .createQuery(
            "UPDATE audit_chain SET seq = seq WHERE chain = :chain RETURNING seq, hash, seal")
        .bind("chain", chain)
        .map(
            (rs, ctx) ->
                new AuditEnd(new AuditHead(chain, rs.getLong(1), rs.getString(2)), rs.getString(3)))
        .one();
  }

  /** Makes the row of an event that follows what the chain has so far. */
  private AuditHead link(
      List<Object[]> rows, AuditSeals seals, AuditHead before, AuditEvent event) {
    long seq = before.seq() + 1;
    Map<String, String> all = new TreeMap<>(event.details());
    if (!event.patients().isEmpty()) {
      all.put(PATIENTS, String.join(" ", event.patients()));
    }
    String details = AuditSeals.salted(all);
    String commitment = seals.commitment(details);
    String hash = seals.link(before.hash(), before.chain(), seq, event, commitment);
    AuditEvent.Actor actor = event.actor();
    rows.add(
        new Object[] {
          before.chain(),
          seq,
          event.at().toEpochMilli(),
          event.what(),
          event.outcome().name(),
          event.status(),
          actor.name(),
          actor.proof(),
          actor.address(),
          event.subject(),
          event.requestId(),
          journal.secrets().cipher().sealText(0, SealedPlaces.audit(before.chain(), seq), details),
          commitment,
          hash
        });
    return new AuditHead(before.chain(), seq, hash);
  }
}

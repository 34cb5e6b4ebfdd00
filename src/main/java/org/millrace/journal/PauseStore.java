package org.millrace.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * What operators have paused. A pause is a row that each engine on the journal looks at: any
 * process makes and ends one, whether an engine runs or not. Those that ended stay on record.
 * Thread-safe.
 */
public final class PauseStore {
  private static final String HOLDS =
      "EXISTS (SELECT 1 FROM delivery_pause p WHERE p.ended_at = 0 AND ((p.kind = 'FEED'"
          + " AND p.name = m.feed) OR (p.kind = 'LANE' AND p.name = m.lane)))";

  private final JournalDatabase journal;

  PauseStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Begins a pause.
   *
   * @param who at the command line, as the system knows them
   * @return completes with false, and nothing changed, if it is paused already
   */
  public CompletableFuture<Boolean> pause(
      DeliveryPause.Kind kind, String name, String who, String why) {
    return pause(kind, name, AuditEvent.Actor.user(who), why);
  }

  /** The same, by somebody who is known otherwise. */
  public CompletableFuture<Boolean> pause(
      DeliveryPause.Kind kind, String name, AuditEvent.Actor who, String why) {
    return journal.write(handle -> pause(handle, kind, name, who, why));
  }

  /** The same, in the commit of what it comes with. */
  boolean pause(Handle handle, DeliveryPause.Kind kind, String name, String who, String why) {
    return pause(handle, kind, name, AuditEvent.Actor.user(who), why);
  }

  private boolean pause(
      Handle handle, DeliveryPause.Kind kind, String name, AuditEvent.Actor who, String why) {
    long at = journal.clock().millis();
    int rows =
        handle.execute(
            "INSERT INTO delivery_pause (kind, name, who, why, since_at, ended_at, ended_by)"
                + " VALUES (?, ?, ?, ?, ?, 0, '')"
                + " ON CONFLICT (kind, name) WHERE ended_at = 0 DO NOTHING",
            kind.name(),
            name,
            who.name(),
            journal.secrets().cipher().sealText(0, SealedPlaces.pause(at), why),
            at);
    return audited(handle, rows == 1, "pause", at, who, kind, name, Map.of("why", why));
  }

  /**
   * Ends a pause.
   *
   * @param who at the command line, as the system knows them
   * @return completes with false if there is none
   */
  public CompletableFuture<Boolean> resume(DeliveryPause.Kind kind, String name, String who) {
    return resume(kind, name, AuditEvent.Actor.user(who));
  }

  /** The same, by somebody who is known otherwise. */
  public CompletableFuture<Boolean> resume(
      DeliveryPause.Kind kind, String name, AuditEvent.Actor who) {
    long at = Math.max(1, journal.clock().millis());
    return journal.write(
        handle -> {
          int rows =
              handle.execute(
                  "UPDATE delivery_pause SET ended_at = ?, ended_by = ?"
                      + " WHERE kind = ? AND name = ? AND ended_at = 0",
                  at,
                  who.name(),
                  kind.name(),
                  name);
          return audited(handle, rows == 1, "resume", at, who, kind, name, Map.of());
        });
  }

  /** What changed nothing is not put on record. */
  private boolean audited(
      Handle handle,
      boolean changed,
      String what,
      long at,
      AuditEvent.Actor who,
      DeliveryPause.Kind kind,
      String name,
      Map<String, String> details) {
    if (changed) {
      String subject =
          kind == DeliveryPause.Kind.LANE ? "lane " + LaneName.of(name) : "feed " + name;
      journal
          .audit()
          .append(handle, AuditEvent.of(Instant.ofEpochMilli(at), what, who, subject, details));
    }
    return changed;
  }

  /** Those that hold now, the oldest first, with the words of who made them. */
  public List<DeliveryPause> inForce() {
    return journal.read(handle -> inForce(handle, journal.secrets()));
  }

  /** The same without the words: no key of the journal is needed. */
  public List<DeliveryPause> inForceWithoutWords() {
    return journal.read(PauseStore::inForceWithoutWords);
  }

  static List<DeliveryPause> inForceWithoutWords(Handle handle) {
    return handle
        .createQuery(
            "SELECT kind, name, who, since_at FROM delivery_pause WHERE ended_at = 0 ORDER BY id")
        .map(
            (rs, ctx) ->
                new DeliveryPause(
                    DeliveryPause.Kind.valueOf(rs.getString(1)),
                    rs.getString(2),
                    rs.getString(3),
                    "",
                    Instant.ofEpochMilli(rs.getLong(4))))
        .list();
  }

  /** Which of these messages are of a feed or lane that is paused. */
  public Set<Long> heldAmong(Collection<Long> messages) {
    if (messages.isEmpty()) {
      return Set.of();
    }
    return journal.read(
        handle ->
            new HashSet<>(
                handle
                    .createQuery("SELECT m.id FROM message m WHERE m.id IN (<ids>) AND " + HOLDS)
                    .bindList("ids", List.copyOf(messages))
                    .mapTo(Long.class)
                    .list()));
  }

  static List<DeliveryPause> inForce(Handle handle, JournalSecrets secrets) {
    return handle
        .createQuery(
            "SELECT kind, name, who, why, since_at FROM delivery_pause WHERE ended_at = 0"
                + " ORDER BY id")
        .map(
            (rs, ctx) -> {
              long since = rs.getLong(5);
              return new DeliveryPause(
                  DeliveryPause.Kind.valueOf(rs.getString(1)),
                  rs.getString(2),
                  rs.getString(3),
                  secrets.cipher().openText(0, SealedPlaces.pause(since), rs.getString(4)),
                  Instant.ofEpochMilli(since));
            })
        .list();
  }
}

package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Addresses that operators let no MLLP connection in of for a while. A block is a row that each
 * engine on the journal looks at: any process makes and ends one, whether an engine runs or not.
 * Who blocked what, and who ended it, stays in the audit trail. Thread-safe.
 */
public final class PeerBlockStore {
  /** For so long at least. */
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  /** For so long at most: who is never to connect is left out of the setting of who may. */
  public static final Duration LONGEST = Duration.ofDays(30);

  private static final String IN_FORCE =
      "SELECT address, who, since_at, until_at, why FROM peer_block WHERE until_at > :now"
          + " ORDER BY since_at, id";

  private final JournalDatabase journal;

  PeerBlockStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Begins one, in the place of one of the same address.
   *
   * @param address as Java writes it, without a port
   * @param why in the operator's words
   * @return completes with until when
   */
  public CompletableFuture<Instant> block(
      String address, Duration time, AuditEvent.Actor who, String why) {
    long now = journal.clock().millis();
    Instant until = Instant.ofEpochMilli(now).plus(time);
    return journal.write(
        handle -> {
          handle.execute("DELETE FROM peer_block WHERE until_at <= ?", now);
          handle.execute(
              "INSERT INTO peer_block (address, who, why, since_at, until_at)"
                  + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET who = excluded.who,"
                  + " why = excluded.why, since_at = excluded.since_at, until_at = excluded.until_at",
              address,
              who.name(),
              journal.secrets().cipher().sealText(0, SealedPlaces.block(now), why),
              now,
              until.toEpochMilli());
          audit(handle, "block", who, address, Map.of("why", why, "until", until.toString()));
          return until;
        });
  }

  /**
   * Ends one before its time.
   *
   * @return completes with false, and nothing changed, if the address is not blocked
   */
  public CompletableFuture<Boolean> unblock(String address, AuditEvent.Actor who) {
    long now = journal.clock().millis();
    return journal.write(
        handle -> {
          boolean ended =
              handle.execute(
                      "DELETE FROM peer_block WHERE address = ? AND until_at > ?", address, now)
                  == 1;
          if (ended) {
            audit(handle, "unblock", who, address, Map.of());
          }
          return ended;
        });
  }

  private void audit(
      Handle handle,
      String what,
      AuditEvent.Actor who,
      String address,
      Map<String, String> details) {
    Instant now = journal.clock().instant();
    journal
        .audit()
        .append(handle, AuditEvent.of(now, what, who, "connections of " + address, details));
  }

  /** Those that hold now, the oldest first, with the words of who made them. */
  public List<PeerBlock> inForce() {
    ContentCipher cipher = journal.secrets().cipher();
    return journal.read(
        handle ->
            handle
                .createQuery(IN_FORCE)
                .bind("now", journal.clock().millis())
                .map(
                    (rs, ctx) ->
                        block(
                            rs,
                            cipher.openText(0, SealedPlaces.block(rs.getLong(3)), rs.getString(5))))
                .list());
  }

  /** The same without the words: no key of the journal is needed. */
  public List<PeerBlock> inForceWithoutWords() {
    return journal.read(
        handle ->
            handle
                .createQuery(IN_FORCE)
                .bind("now", journal.clock().millis())
                .map((rs, ctx) -> block(rs, ""))
                .list());
  }

  private static PeerBlock block(ResultSet row, String why) throws SQLException {
    return new PeerBlock(
        row.getString(1),
        row.getString(2),
        why,
        Instant.ofEpochMilli(row.getLong(3)),
        Instant.ofEpochMilli(row.getLong(4)));
  }

  /** The addresses alone. */
  public Set<String> addresses() {
    return inForceWithoutWords().stream().map(PeerBlock::address).collect(Collectors.toSet());
  }
}

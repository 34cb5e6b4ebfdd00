package org.millrace.journal;

import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/** A journal as the first version of the engine wrote it, with one message that was filed. */
final class FirstVersion {
  private FirstVersion() {}

  static void write(JournalPlace place) {
    SqlDatabase database = OpeningStore.at(place);
    database.claim();
    Flyway.configure()
        .dataSource(database.writing(true))
        .locations("classpath:db/migration")
        .placeholders(database.words())
        .target("1")
        .load()
        .migrate();
    database.close();
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO feed (name, types, zone, charset)"
                      + " VALUES ('results', 'ORU^R01', 'Z', '')");
              handle.execute(
                  "INSERT INTO message (kind, message_key, feed, sender, control_id, message_type,"
                      + " peer, received_at, state, reason_code, reason, remedy, who_acts,"
                      + " attempts, next_try_at, changed_at, content_hash, reply_state)"
                      + " VALUES ('MESSAGE', 'k', 'results', 'LAB@NORTH', 'A1', 'ORU^R01', '', 1,"
                      + " 'DELIVERED', '', '', '', '', 1, 1, 1, 'h', 'GIVEN')");
              handle.execute(
                  "INSERT INTO message_content (message_id, raw, reply, report)"
                      + " VALUES (1, ?, ?, '{}')",
                  new byte[] {'M'},
                  new byte[] {'M'});
              handle.execute(
                  "INSERT INTO ledger (message_id, anchor, action, marker, filler_number,"
                      + " patient_id, state, resource_id, version, attempts, first_sent_at, looks,"
                      + " last_error, cerner_text) VALUES (1, 'OBR[1]', 'create-document', 'mr-1',"
                      + " '', 'P1', 'DONE', 'D1', '1', 1, 1, 0, '', '')");
            });
  }
}

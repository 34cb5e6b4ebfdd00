package org.millrace.journal;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Which messages were made of others. Stateless. */
final class OriginStore {
  private static final String SELECT =
      "SELECT message_id, origin_id, how, anchors FROM message_origin ";

  private static final RowMapper<MessageOrigin> ROW =
      (rs, ctx) ->
          new MessageOrigin(
              rs.getLong(1),
              rs.getLong(2),
              MessageOrigin.How.valueOf(rs.getString(3)),
              anchors(rs.getString(4)));

  private OriginStore() {}

  static void add(Handle handle, MessageOrigin origin) {
    handle.execute(
        "INSERT INTO message_origin (message_id, origin_id, how, anchors) VALUES (?, ?, ?, ?)",
        origin.messageId(),
        origin.originId(),
        origin.how().name(),
        String.join(" ", origin.anchors()));
  }

  /** What a message was made of; empty if its sender sent it. */
  static Optional<MessageOrigin> of(Handle handle, long id) {
    return handle.createQuery(SELECT + "WHERE message_id = :id").bind("id", id).map(ROW).findOne();
  }

  /** What was made of a message. */
  static List<MessageOrigin> madeOf(Handle handle, long id) {
    return handle
        .createQuery(SELECT + "WHERE origin_id = :id ORDER BY message_id")
        .bind("id", id)
        .map(ROW)
        .list();
  }

  static List<String> anchors(String written) {
    return written.isEmpty() ? List.of() : List.of(written.split(" "));
  }
}

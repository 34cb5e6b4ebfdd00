package org.millrace.journal;

import java.time.Instant;

/**
 * One line of the list of queries. Control id, type and sender are as received: print them through
 * {@link Printable}.
 *
 * @param id of its message
 * @param reason why it was refused, as its sender was told; {@link Reason#NONE} if it was not
 */
public record AnsweredQuery(
    long id,
    Instant receivedAt,
    String feed,
    String sender,
    String controlId,
    String type,
    String peer,
    Reason reason,
    QueryAnswer answer) {}

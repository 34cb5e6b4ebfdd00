package org.millrace.journal;

import java.time.Instant;

/**
 * One line of a listing, without patient data. Control id and sender are as received: print them
 * through {@link Printable}.
 *
 * @param question true for a query, which was answered while its sender waited
 * @param nextTryAt when it is tried again; only of meaning while RETRYING
 */
public record MessageSummary(
    long id,
    boolean question,
    String feed,
    String sender,
    String controlId,
    String type,
    String peer,
    Instant receivedAt,
    MessageState state,
    Reason reason,
    int attempts,
    Instant nextTryAt,
    ReplyState replyState) {}

package org.millrace.journal;

import java.time.Instant;

/**
 * An unknown code in one of its messages.
 *
 * @param tenant of the message's feed; empty for the one without a name
 */
public record CodeInMessage(
    long messageId,
    String sender,
    String tenant,
    Instant receivedAt,
    MessageState state,
    UnmappedCode code) {}

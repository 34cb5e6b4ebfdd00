package org.millrace.journal;

import java.time.Instant;

/** An unknown code in one of its messages. */
public record CodeInMessage(
    long messageId, String sender, Instant receivedAt, MessageState state, UnmappedCode code) {}

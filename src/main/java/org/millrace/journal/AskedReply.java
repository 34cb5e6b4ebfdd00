package org.millrace.journal;

import org.millrace.hl7.AckMode;

/**
 * That a sender wants to hear what came of its message (MSH-16).
 *
 * @param when of which outcome
 * @param address where the reply is sent, as {@code host:port}; empty for the connection that the
 *     message came on
 */
public record AskedReply(AckMode.When when, String address) {}

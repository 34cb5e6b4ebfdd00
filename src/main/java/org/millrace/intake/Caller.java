package org.millrace.intake;

/**
 * Who hands a message in.
 *
 * @param peer address it came from, for the journal: {@code 10.1.2.3:40112}
 * @param ownThread it waits for its reply on a thread of its own; a caller on a thread that others
 *     need as well is kept waiting only as long as few are
 */
public record Caller(String peer, boolean ownThread) {}

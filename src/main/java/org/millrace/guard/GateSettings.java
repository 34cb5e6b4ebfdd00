package org.millrace.guard;

/**
 * How callers are let in.
 *
 * @param always they are asked who they are even if nobody has a key yet
 * @param tenant the one that this engine speaks for; empty if it has no name
 */
public record GateSettings(boolean always, String tenant) {}

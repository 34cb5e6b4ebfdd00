package org.millrace.journal;

import java.time.Instant;

/**
 * Something noticed on a message's way, without patient data.
 *
 * @param code a published word: {@code received-again}, {@code no-such-visit}
 */
public record Note(Instant at, String code, String sentence) {}

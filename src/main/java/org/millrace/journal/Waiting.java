package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that delivery still has to do, as the queue shows it.
 *
 * @param lane empty until {@link BusinessKeyStore#lookedInto} has told it
 * @param due when it may be tried; in the past or now for a new one
 */
public record Waiting(long id, String sender, Optional<String> lane, Instant due) {}

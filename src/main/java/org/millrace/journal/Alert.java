package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that is the matter with the engine, a feed or Cerner, or was. No patient data.
 *
 * @param kind a published word: {@code queue-age}
 * @param subject the feed or tenant; empty where there is only one
 * @param sentence how it was when it was last seen
 * @param seen when an engine last found it to be so
 * @param ended empty as long as it is open
 */
public record Alert(
    long id,
    String kind,
    String subject,
    String sentence,
    Instant started,
    Instant seen,
    Optional<Instant> ended) {}

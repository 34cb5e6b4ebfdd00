package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;

/**
 * One HTTP exchange with Cerner, without patient data.
 *
 * @param id its number in the journal; 0 before it is there
 * @param messageId the message it was for; 0 for none
 * @param pathTemplate {@code Patient/{id}}
 * @param status 0 if there was no answer
 * @param requestId Cerner's X-Request-Id; empty if none
 */
public record CernerCall(
    long id,
    long messageId,
    Instant at,
    String method,
    String pathTemplate,
    int status,
    String requestId,
    Duration duration) {}

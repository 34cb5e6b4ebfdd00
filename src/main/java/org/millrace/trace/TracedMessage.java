package org.millrace.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A stored message, as a trace names it.
 *
 * @param id its number in the journal
 * @param receivedAt when it came; journals keep milliseconds
 * @param type {@code ORU^R01}
 */
public record TracedMessage(long id, Instant receivedAt, String feed, String type) {
  private static final int TRACE_ID = 32;
  private static final int SPAN_ID = 16;

  /**
   * The span that all others of the message stand under. Its ids are made of the message, so that
   * spans of later attempts, of other engines and after a restart join the same trace, and nothing
   * about traces is stored.
   */
  SpanContext root() {
    String name = "millrace message " + id + " of " + receivedAt.toEpochMilli();
    String digest;
    try {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
    return SpanContext.createFromRemoteParent(
        digest.substring(0, TRACE_ID),
        digest.substring(TRACE_ID, TRACE_ID + SPAN_ID),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }
}

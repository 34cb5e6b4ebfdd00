/**
 * What is told of the work: traces of each part of a message's, a query's or a request's way, for
 * OpenTelemetry collectors; for Prometheus how often things came to pass, and how long they took,
 * in histograms whose buckets name traces.
 *
 * <p>{@link org.millrace.trace.Traces} makes the spans, of a closed list of attributes: nothing of
 * a message's content can get into one. {@link org.millrace.trace.Latency} says what has a
 * histogram, {@link org.millrace.trace.Metric} what else there is. The package knows nothing of the
 * others.
 */
@NullMarked
package org.millrace.trace;

import org.jspecify.annotations.NullMarked;

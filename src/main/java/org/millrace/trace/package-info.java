/**
 * How long things took: traces of each part of a message's, a query's or a request's way, for
 * OpenTelemetry collectors, and histograms for Prometheus whose buckets name them.
 *
 * <p>{@link org.millrace.trace.Traces} makes the spans, of a closed list of attributes: nothing of
 * a message's content can get into one. {@link org.millrace.trace.Latency} says what has a
 * histogram. The package knows nothing of the others.
 */
@NullMarked
package org.millrace.trace;

import org.jspecify.annotations.NullMarked;

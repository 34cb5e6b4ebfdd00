/**
 * Traces: how long each part of a message's, a query's or a request's way took, for OpenTelemetry
 * collectors.
 *
 * <p>{@link org.millrace.trace.Traces} makes the spans, of a closed list of attributes: nothing of
 * a message's content can get into one. The package knows nothing of the others.
 */
@NullMarked
package org.millrace.trace;

import org.jspecify.annotations.NullMarked;

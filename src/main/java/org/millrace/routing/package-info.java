/**
 * The named steps and the {@code feed:} endpoint that the files in {@code routes/} use.
 *
 * <p>Every way in ends in one of these steps: read the message, check its header, find the feed
 * that takes its type, answer. What holds for one feed is a parameter of its route file.
 */
@NullMarked
package org.millrace.routing;

import org.jspecify.annotations.NullMarked;

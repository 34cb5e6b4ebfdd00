/**
 * Takes messages in: duplicate or new, stored, acknowledged; the same for MLLP and HTTP.
 *
 * <p>Reads nothing but MSH before the acknowledgment, except on strict feeds, and gives a positive
 * one only for what is on disk. What becomes of the message is none of its business, but for feeds
 * whose senders wait for that.
 */
@NullMarked
package org.millrace.intake;

import org.jspecify.annotations.NullMarked;

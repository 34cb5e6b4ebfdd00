/**
 * HL7 v2 on the wire: MLLP framing, the listener behind the {@code mllp:} scheme of the routes, and
 * a client.
 *
 * <p>A connection never loses a frame, whatever way its bytes are cut, answers frames in the order
 * they came, and leaves none without a reply. What stands in a frame is the business of {@code hl7}
 * and of the routes; nothing here logs it.
 */
@NullMarked
package org.millrace.mllp;

import org.jspecify.annotations.NullMarked;

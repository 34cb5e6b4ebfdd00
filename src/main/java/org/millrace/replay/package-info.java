/**
 * Cases under {@code samples/}: send, compare, accept.
 *
 * <p>A case is a folder with what is received, what Cerner must be asked and what is replied. The
 * engine is reached over the wire only, so that a case proves what a partner would see. Messages
 * and resources are compared as such, never as text.
 */
@NullMarked
package org.millrace.replay;

import org.jspecify.annotations.NullMarked;

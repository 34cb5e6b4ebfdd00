/**
 * Answers QRY^A19 with ADR^A19 while the sender waits.
 *
 * <p>A query is read, asked of Cerner and answered within one deadline; nothing is queued, and an
 * upstream that fails is an error and never "not found". Lists longer than the sender allows are
 * given page by page against a continuation pointer. The package knows nothing of the wire and of
 * the journal: bytes of a read message come in, bytes of the reply go out.
 */
@NullMarked
package org.millrace.query;

import org.jspecify.annotations.NullMarked;

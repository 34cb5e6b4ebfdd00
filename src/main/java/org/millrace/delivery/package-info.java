/**
 * Takes messages from the journal, maps them, asks Cerner to file them, and settles what became of
 * each create; carries out the operator's verbs.
 *
 * <p>One message of a sender and patient at a time, in order of arrival. A create is repeated only
 * when it is known that nothing was stored; what cannot be known is held for a person. Nothing of a
 * patient leaves by a log, a metric or a listener.
 */
@NullMarked
package org.millrace.delivery;

import org.jspecify.annotations.NullMarked;

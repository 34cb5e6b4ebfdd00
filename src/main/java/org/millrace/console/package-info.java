/**
 * The web console: what stands in the journal as pages, and the verbs of operators as forms.
 *
 * <p>Pages are made on the server by templates that escape whatever they are given; without scripts
 * they can be read all the same. It stands on the journal and on the verbs that the command line
 * has, and knows nothing that these do not know. People log in by accounts of the journal; as long
 * as there is none, it is reached from this machine only.
 */
@NullMarked
package org.millrace.console;

import org.jspecify.annotations.NullMarked;

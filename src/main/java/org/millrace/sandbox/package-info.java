/**
 * An imitation of Cerner Millennium's FHIR R4 server and of its token server, with a small invented
 * hospital in it.
 *
 * <p>It refuses what Cerner refuses, ignores what Cerner ignores, answers with Cerner's headers and
 * empty bodies, and misbehaves on request: late, broken and lost answers are set over {@code
 * /control}. It uses no other part of the engine, so that an error in the client cannot hide behind
 * the same error here.
 */
@NullMarked
package org.millrace.sandbox;

import org.jspecify.annotations.NullMarked;

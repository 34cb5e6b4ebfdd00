/**
 * What the engine asks of Cerner: a closed set of actions over FHIR R4.
 *
 * <p>Authorization, whole-call deadlines, paging, and faults told apart by who acts and whether
 * trying again can help. Resources travel as JSON trees, just as Cerner wrote them. The package
 * knows nothing of HL7 v2, of the journal or of who is asking.
 */
@NullMarked
package org.millrace.cerner;

import org.jspecify.annotations.NullMarked;

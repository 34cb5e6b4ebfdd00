/**
 * Alerts: what is the matter with feeds, engine and Cerner, told once when it begins and once when
 * it ends.
 *
 * <p>{@link org.millrace.alert.AlertWatch} looks every half minute, has the journal remember what
 * is open, and hands notices to their receivers until they are taken. The package knows the journal
 * only; how the engine stands is told to it as {@link org.millrace.alert.EngineFacts}.
 */
@NullMarked
package org.millrace.alert;

import org.jspecify.annotations.NullMarked;

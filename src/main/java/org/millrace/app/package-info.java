/**
 * Settings, wiring, start and stop.
 *
 * <p>Everything the engine can be told is read and checked here, all faults at once, before
 * anything starts. Each part gets its own small record of settings; no other part reads the
 * environment or a file of settings. This is also the only place that reads the system clock.
 */
@NullMarked
package org.millrace.app;

import org.jspecify.annotations.NullMarked;

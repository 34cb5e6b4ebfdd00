/**
 * {@code millrace} and its commands.
 *
 * <p>Each command is one class; exit code 0 means it did what was asked, 1 that what it ran failed
 * (a case, a check, a refused message), 2 that it was called wrongly, 3 that it could not start.
 * Nothing that is printed as an error holds patient data.
 */
@NullMarked
package org.millrace.cli;

import org.jspecify.annotations.NullMarked;

package org.millrace.journal;

import java.util.Optional;

/**
 * Which unknown codes are meant; an empty part asks for nothing.
 *
 * @param sender {@code MSH-3@MSH-4} as listed
 */
public record CodeFilter(Optional<String> table, Optional<String> code, Optional<String> sender) {}

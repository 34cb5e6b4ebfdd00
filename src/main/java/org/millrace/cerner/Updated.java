package org.millrace.cerner;

/**
 * What an update came to: Cerner answers 200 without a body.
 *
 * @param version from ETag, opaque; empty if there was none
 */
public record Updated(String version) {}

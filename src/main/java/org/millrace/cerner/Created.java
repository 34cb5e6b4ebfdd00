package org.millrace.cerner;

/**
 * What a create came to: Cerner answers 201 without a body.
 *
 * @param id from Location
 * @param version from ETag, opaque; empty if there was none
 */
public record Created(String type, String id, String version) {}

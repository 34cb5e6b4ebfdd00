package org.millrace.journal;

/**
 * A key as the journal knows it.
 *
 * @param needed false once no content is encrypted with it any more
 */
public record ContentKeyState(String id, boolean needed) {}

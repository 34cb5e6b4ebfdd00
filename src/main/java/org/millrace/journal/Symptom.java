package org.millrace.journal;

/**
 * What an engine finds to be the matter at this moment. No patient data: it is logged and sent.
 *
 * @param kind a published word: {@code queue-age}
 * @param subject the feed or tenant; empty where there is only one
 * @param sentence how it is, in words
 */
public record Symptom(String kind, String subject, String sentence) {}

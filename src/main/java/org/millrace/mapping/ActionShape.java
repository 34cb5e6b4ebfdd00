package org.millrace.mapping;

import java.util.List;

/**
 * What a JSON action takes, asks for and answers, as its file under {@code actions/} says.
 *
 * @param resource the FHIR type that it reads, finds or makes
 */
public record ActionShape(
    String name,
    String description,
    String resource,
    ActionCall call,
    List<ActionField> input,
    List<ActionField> answer) {}

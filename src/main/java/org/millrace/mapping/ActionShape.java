package org.millrace.mapping;

import java.util.List;

/** What a JSON action takes and answers, as its file under {@code actions/} says. */
public record ActionShape(
    String name, String description, List<ActionField> input, List<ActionField> answer) {}

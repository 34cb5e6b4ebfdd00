package org.millrace.mapping;

/**
 * A place that is written on the v2 side: a repetition of a field, or a part of one.
 *
 * @param component 0 for a whole repetition
 * @param subcomponent 0 for a whole component
 * @param repeats whether the field may repeat, so that paths say which repetition
 */
record V2Slot(
    SegmentDraft draft,
    int field,
    int repetition,
    int component,
    int subcomponent,
    boolean repeats) {

  V2Slot child(int number) {
    if (component == 0) {
      return new V2Slot(draft, field, repetition, number, 0, repeats);
    }
    return subcomponent == 0
        ? new V2Slot(draft, field, repetition, component, number, repeats)
        : this;
  }

  /** The repetition so many further on; a part of a data type, which does not repeat, is itself. */
  V2Slot further(int many) {
    return new V2Slot(draft, field, repetition + many, component, subcomponent, repeats);
  }

  boolean isTaken() {
    return draft.holds(field, repetition, component, subcomponent);
  }

  String path() {
    return draft.path(field, repeats ? repetition : 0, component, subcomponent);
  }

  /** Writes a text; empty text writes nothing. */
  boolean write(String text, String source, String rule, String through) {
    if (text.isEmpty()) {
      return false;
    }
    draft.put(
        field,
        repetition,
        Math.max(1, component),
        Math.max(1, subcomponent),
        text,
        new Lineage(path(), source, rule, through));
    return true;
  }
}

package org.millrace.mapping;

/** A place that is written on the v2 side: a repetition of a field, or a part of one. */
final class V2Slot {
  private final SegmentDraft draft;
  private final At at;

  /**
   * Where.
   *
   * @param repeats whether the field may repeat, so that paths say which repetition
   */
  record At(int field, int repetition, int component, int subcomponent, boolean repeats) {}

  V2Slot(SegmentDraft draft, At at) {
    this.draft = draft;
    this.at = at;
  }

  SegmentDraft draft() {
    return draft;
  }

  V2Slot child(int number) {
    if (at.component == 0) {
      return new V2Slot(draft, new At(at.field, at.repetition, number, 0, at.repeats));
    }
    return new V2Slot(
        draft,
        new At(
            at.field,
            at.repetition,
            at.component,
            at.subcomponent == 0 ? number : at.subcomponent,
            at.repeats));
  }

  /** The repetition so many further on; a part of a data type, which does not repeat, is itself. */
  V2Slot further(int many) {
    return new V2Slot(
        draft, new At(at.field, at.repetition + many, at.component, at.subcomponent, at.repeats));
  }

  boolean isTaken() {
    return draft.holds(at.field, at.repetition, at.component, at.subcomponent);
  }

  String path() {
    return draft.path(at.field, at.repeats ? at.repetition : 0, at.component, at.subcomponent);
  }

  /** Writes a text; empty text writes nothing. */
  boolean write(String text, String source, String rule, String through) {
    if (text.isEmpty()) {
      return false;
    }
    draft.put(
        at.field,
        at.repetition,
        Math.max(1, at.component),
        Math.max(1, at.subcomponent),
        text,
        new Lineage(path(), source, rule, through));
    return true;
  }
}

package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Path;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** The book-keeper: whether every value of a message is named by lineage or coverage. */
final class Accounting {
  private final Set<Place> told = new HashSet<>();

  /** A 0 stands for all that is below. */
  private record Place(
      String segment, int occurrence, int field, int repetition, int component, int sub) {}

  private Accounting(List<Lineage> lineage, List<CoverageNote> coverage) {
    lineage.forEach(way -> tell(way.source()));
    coverage.forEach(note -> tell(note.path()));
  }

  /** The paths of valued parts of a message that neither lineage nor coverage names. */
  static List<String> unaccounted(V2Message message, MappingRun run) {
    Accounting accounting = new Accounting(run.lineage(), run.coverage());
    List<String> missing = new ArrayList<>();
    for (V2Segment segment : message.segments()) {
      int first = segment.name().equals("MSH") ? 3 : 1;
      for (int field = first; field <= segment.fieldCount(); field++) {
        accounting.field(segment, field, missing);
      }
    }
    return missing;
  }

  private void tell(String path) {
    for (String each : path.split(" ")) {
      try {
        V2Path parsed = V2Path.parse(each);
        told.add(
            new Place(
                parsed.segment(),
                Math.max(1, parsed.occurrence()),
                parsed.field(),
                parsed.repetition(),
                parsed.component(),
                parsed.subcomponent()));
      } catch (IllegalArgumentException noV2Path) {
        // given:subject, fixed, a FHIR path: nothing of the message.
      }
    }
  }

  private void field(V2Segment segment, int field, List<String> missing) {
    int repetition = 0;
    for (V2Value value : segment.field(field).repetitions()) {
      repetition++;
      int component = 0;
      for (V2Value part : value.components()) {
        component++;
        int sub = 0;
        for (V2Value leaf : part.subcomponents()) {
          sub++;
          if (!Maps.isBlank(leaf.raw()) && !isTold(segment, field, repetition, component, sub)) {
            missing.add(
                "%s[%d]-%d[%d].%d.%d"
                    .formatted(
                        segment.name(), segment.sequence(), field, repetition, component, sub));
          }
        }
      }
    }
  }

  private boolean isTold(V2Segment segment, int field, int repetition, int component, int sub) {
    for (int rep : new int[] {0, repetition}) {
      for (int[] below : new int[][] {{0, 0}, {component, 0}, {component, sub}}) {
        Place place = new Place(segment.name(), segment.sequence(), field, rep, below[0], below[1]);
        if (told.contains(place)) {
          return true;
        }
      }
    }
    return false;
  }
}

package org.millrace.hl7;

import java.util.ArrayList;
import java.util.List;

/** One segment being written: its fields, already encoded, in the order of their numbers. */
final class SegmentDraft {
  private static final int MOST = 100_000;

  private final String name;
  private final Separators separators;
  private final Place fields = new Place();

  SegmentDraft(String name, Separators separators) {
    this.name = name;
    this.separators = separators;
  }

  String name() {
    return name;
  }

  /** Encoded text, or the places one level lower; index 0 is number 1. */
  private static final class Place {
    private String text = "";
    private final List<Place> below = new ArrayList<>();

    Place at(int number) {
      if (number < 1 || number > MOST) {
        throw new IllegalArgumentException("places are counted from 1 to " + MOST + ": " + number);
      }
      while (below.size() < number) {
        below.add(new Place());
      }
      return below.get(number - 1);
    }

    void fill(String encoded) {
      below.clear();
      text = encoded;
    }

    /**
     * @param delimiters that of this level first
     */
    String written(String delimiters) {
      if (below.isEmpty()) {
        return text;
      }
      StringBuilder out = new StringBuilder();
      String delimiter = delimiters.substring(0, 1);
      int pending = 0;
      for (Place each : below) {
        String part = each.written(delimiters.substring(1));
        if (!part.isEmpty()) {
          out.append(delimiter.repeat(pending)).append(part);
          pending = 0;
        }
        pending++;
      }
      return out.toString();
    }
  }

  /** Sets a whole field. */
  void whole(int field, String encoded) {
    writable(field).fill(encoded);
  }

  void place(int field, int repetition, int component, int subcomponent, String encoded) {
    Place whole = writable(field);
    whole.text = "";
    whole.at(repetition).at(component).at(subcomponent).fill(encoded);
  }

  private Place writable(int field) {
    if (declaresDelimiters() && field < 3) {
      throw new IllegalArgumentException(name + "-1 and -2 are the delimiters and cannot be set");
    }
    // MSH-1 is the separator itself, so MSH-3 is the second thing after a separator.
    return fields.at(declaresDelimiters() ? field - 1 : field);
  }

  private boolean declaresDelimiters() {
    return name.equals("MSH") || name.equals("BHS") || name.equals("FHS");
  }

  String text() {
    if (declaresDelimiters()) {
      fields.at(1).fill(separators.encodingCharacters());
    }
    String delimiters =
        ""
            + separators.field()
            + separators.repetition()
            + separators.component()
            + separators.subcomponent();
    String written = fields.written(delimiters);
    return written.isEmpty() ? name : name + separators.field() + written;
  }
}

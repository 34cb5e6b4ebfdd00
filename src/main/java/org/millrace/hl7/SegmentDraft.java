package org.millrace.hl7;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One segment being written: its fields, already encoded, in the order of their numbers. */
final class SegmentDraft {
  private static final int MOST = 100_000;
  private static final @Nullable Place[] NONE = {};

  /** As many fields as most segments have, MSH with its charset among them. */
  private static final int FIELDS = 20;

  private static final int COMPONENTS = 4;

  private final String name;
  private final Separators separators;
  private final Place fields = new Place(FIELDS);

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

    /** The text is that of the first place of all below, which is made when there is a second. */
    private boolean ofFirst;

    private final int room;
    private @Nullable Place[] below = NONE;
    private int count;

    /**
     * @param room for so many places below; grows
     */
    Place(int room) {
      this.room = room;
    }

    Place at(int number) {
      if (ofFirst) {
        String first = text;
        fill("");
        at(1).fillFirst(first);
      }
      if (number < 1 || number > MOST) {
        throw new IllegalArgumentException("places are counted from 1 to " + MOST + ": " + number);
      }
      if (number > below.length) {
        below = Arrays.copyOf(below, Math.max(number, Math.max(room, below.length * 2)));
      }
      count = Math.max(count, number);
      Place place = below[number - 1];
      if (place == null) {
        place = new Place(COMPONENTS);
        below[number - 1] = place;
      }
      return place;
    }

    void fill(String encoded) {
      below = NONE;
      count = 0;
      text = encoded;
      ofFirst = false;
    }

    void fillFirst(String encoded) {
      fill(encoded);
      ofFirst = true;
    }

    /** Drops what was set as a whole. */
    void open() {
      if (!ofFirst) {
        text = "";
      }
    }

    /**
     * Writes what is here, without delimiters behind the last that holds anything.
     *
     * @param delimiters one for each level
     * @param level which of them stands between the places below this one
     */
    void write(StringBuilder out, char[] delimiters, int level) {
      if (count == 0) {
        out.append(text);
        return;
      }
      int written = out.length();
      for (int i = 0; i < count; i++) {
        Place each = below[i];
        int before = out.length();
        if (each != null) {
          each.write(out, delimiters, level + 1);
        }
        if (out.length() > before) {
          written = out.length();
        }
        out.append(delimiters[level]);
      }
      out.setLength(written);
    }
  }

  /** Sets a whole field. */
  void whole(int field, String encoded) {
    writable(field).fill(encoded);
  }

  void place(int field, int repetition, int component, int subcomponent, String encoded) {
    Place whole = writable(field);
    whole.open();
    if (whole.count == 0 && repetition == 1 && component == 1 && subcomponent == 1) {
      whole.fillFirst(encoded);
    } else {
      whole.at(repetition).at(component).at(subcomponent).fill(encoded);
    }
  }

  private Place writable(int field) {
    if (declaresDelimiters() && field < 3) {
      throw new IllegalArgumentException(name + "-1 and -2 are the delimiters and cannot be set");
    }
    // MSH-1 is the separator itself, so MSH-3 is the second thing after a separator.
    return fields.at(declaresDelimiters() ? field - 1 : field);
  }

  private boolean declaresDelimiters() {
    return Msh.declaresDelimiters(name);
  }

  String text() {
    if (declaresDelimiters()) {
      fields.at(1).fill(separators.encodingCharacters());
    }
    char[] delimiters = {
      separators.field(), separators.repetition(), separators.component(), separators.subcomponent()
    };
    StringBuilder text = new StringBuilder(name).append(separators.field());
    fields.write(text, delimiters, 0);
    return text.length() == name.length() + 1 ? name : text.toString();
  }
}

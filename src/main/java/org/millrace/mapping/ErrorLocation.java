package org.millrace.mapping;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an error is: the components of ERL (or of the older ELD) and a path as this project writes
 * it, {@code PID[1]-3[2].1.2}. What is no such path, FHIRPath say, has no place in v2.
 *
 * <p>Source: HL7 v2.5.1 ch. 2A.28 (ERL), ch. 2A.26 (ELD).
 */
record ErrorLocation() implements Conversion {
  private static final Pattern PATH =
      Pattern.compile(
          "([A-Z][A-Z0-9]{2})(?:\\[(\\d{1,5})])?"
              + "(?:-(\\d{1,3})(?:\\[(\\d{1,5})])?(?:\\.(\\d{1,3}))?(?:\\.(\\d{1,3}))?)?");
  private static final Pattern SEGMENT = Pattern.compile("[A-Z][A-Z0-9]{2}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    String segment = from.child(1).text().strip();
    if (!SEGMENT.matcher(segment).matches()) {
      from.markWhole();
      return from.isEmpty()
          ? Made.nothing()
          : Functions.unreadable(from, trip, "place in a message");
    }
    StringBuilder path = new StringBuilder(segment);
    bracketed(path, number(from, 2, trip));
    String field = number(from, 3, trip);
    if (!field.isEmpty()) {
      path.append('-').append(field);
      bracketed(path, number(from, 4, trip));
      String component = number(from, 5, trip);
      if (!component.isEmpty()) {
        path.append('.').append(component);
        String subcomponent = number(from, 6, trip);
        path.append(subcomponent.isEmpty() ? "" : ".").append(subcomponent);
      }
    }
    return Functions.text(path.toString(), from, trip, "error-location");
  }

  /** A number of the place; what is none is left unread, and told so. */
  private static String number(V2Node from, int component, Trip trip) {
    V2Node node = from.child(component);
    if (!NUMBER.matcher(node.peek().strip()).matches()) {
      return "";
    }
    String text = node.text().strip();
    String number = text.replaceFirst("^0+", "");
    if (!number.equals(text)) {
      trip.note(
          CoverageNote.Kind.LOSSY,
          node.path(),
          "Places are counted from 1, without zeros before: this one is not kept as it is.");
    }
    return number;
  }

  private static void bracketed(StringBuilder path, String number) {
    if (!number.isEmpty()) {
      path.append('[').append(number).append(']');
    }
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    Matcher path = PATH.matcher(from.text());
    if (!path.matches()) {
      return false;
    }
    from.markRead(trip.run());
    boolean wrote = false;
    for (int i = 1; i <= path.groupCount(); i++) {
      String part = path.group(i);
      if (part != null) {
        wrote |= to.child(i).write(part, from.path(), trip.rule(), "error-location");
      }
    }
    return wrote;
  }
}

package org.millrace.journal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;
import org.millrace.journal.BusinessKey.Kind;

/** Reads off a message the numbers that people ask for it by. */
public final class BusinessKeys {

  /**
   * Where a number stands.
   *
   * @param field whose repetitions each hold one, in their first component
   */
  private record Place(Kind kind, String segment, int field) {}

  private static final List<Place> PLACES =
      List.of(
          new Place(Kind.PATIENT, "PID", 3),
          new Place(Kind.PATIENT, "MRG", 1),
          new Place(Kind.PATIENT, "QRD", 8),
          new Place(Kind.VISIT, "PV1", 19),
          new Place(Kind.ORDER, "ORC", 2),
          new Place(Kind.ORDER, "OBR", 2),
          new Place(Kind.FILLER, "ORC", 3),
          new Place(Kind.FILLER, "OBR", 3),
          new Place(Kind.DOCUMENT, "TXA", 12),
          new Place(Kind.DOCUMENT, "TXA", 13),
          new Place(Kind.ACCESSION, "OBR", 18),
          new Place(Kind.ACCESSION, "IPC", 1),
          new Place(Kind.ACCESSION, "SPM", 30));

  private BusinessKeys() {}

  /** Each once; none for what is empty or the HL7 null. */
  public static Set<BusinessKey> of(V2Message message) {
    Set<BusinessKey> keys = new LinkedHashSet<>();
    for (Place place : PLACES) {
      for (V2Segment segment : message.all(place.segment())) {
        for (V2Value repetition : segment.repetitions(place.field())) {
          V2Value number = repetition.component(1);
          if (!number.isNull() && !number.text().isBlank()) {
            keys.add(new BusinessKey(place.kind(), number.text()));
          }
        }
      }
    }
    return keys;
  }

  /** The same of bytes that may be no message any more: those have none. */
  static Set<BusinessKey> of(byte[] raw) {
    try {
      return of(V2Message.read(raw));
    } catch (V2FormatException unreadable) {
      return Set.of();
    }
  }
}

package org.millrace.query;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Reads QRD, QRF and DSC of a QRY^A19. The first fault in field order is the one told: ADR_A19 has
 * room for one ERR. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 5 (QRD, QRF), ch. 2.14.4 (DSC).
 */
final class QuestionReader {
  /** NM: a sign and trailing decimals are legal, as in {@code +10} and {@code 10.0}. */
  private static final Pattern COUNT = Pattern.compile("\\+?0*([1-9][0-9]{0,17})(?:\\.0*)?");

  private final WhoReader whoReader;
  private final int ownLimit;

  QuestionReader(WhoReader whoReader, int ownLimit) {
    this.whoReader = whoReader;
    this.ownLimit = ownLimit;
  }

  Finding<Question> read(V2Message query) {
    List<V2Segment> definitions = query.all("QRD");
    if (definitions.size() != 1) {
      return Finding.refused(
          V2Fault.at(
              V2Location.segment("QRD", definitions.isEmpty() ? 1 : 2),
              ErrorCode.SEGMENT_SEQUENCE,
              definitions.isEmpty()
                  ? "QRD is missing: it says who is asked for"
                  : "A query holds one QRD; ask several questions in several messages"));
    }
    V2Segment qrd = definitions.get(0);
    return format(qrd)
        .then(fine -> limit(qrd))
        .then(
            limit ->
                whoReader
                    .read(qrd.field(8))
                    .then(asked -> subject(qrd).then(fine -> question(query, qrd, asked, limit))));
  }

  private static Finding<Question> question(
      V2Message query, V2Segment qrd, List<Asked> asked, int limit) {
    return Finding.found(
        new Question(
            asked, limit, pointer(query), plain(qrd, 3).equals("D"), sameness(query, qrd)));
  }

  /** QRD-2: a patient query is always record oriented; an empty field can mean nothing else. */
  private static Finding<String> format(V2Segment qrd) {
    String format = plain(qrd, 2);
    if (format.isEmpty() || format.equals("R")) {
      return Finding.found(format);
    }
    return Finding.refused(
        V2Fault.at(
            V2Location.field("QRD", 1, 2),
            ErrorCode.TABLE_VALUE_NOT_FOUND,
            "QRD-2 must be R (record oriented)"));
  }

  /** QRD-7 (CQ): how many patients. Characters, lines and pages do not count records. */
  private Finding<Integer> limit(V2Segment qrd) {
    String quantity = plain(qrd, 7);
    String unit = component(qrd, 7, 2);
    if (!unit.isEmpty() && !unit.equals("RD")) {
      return Finding.refused(
          V2Fault.at(
              V2Location.component("QRD", 1, 7, 1, 2),
              ErrorCode.TABLE_VALUE_NOT_FOUND,
              "QRD-7.2 must be RD (records) or empty"));
    }
    if (quantity.isEmpty()) {
      return Finding.found(ownLimit);
    }
    Matcher count = COUNT.matcher(quantity);
    if (!count.matches()) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("QRD", 1, 7),
              ErrorCode.DATA_TYPE,
              "QRD-7.1 must be a whole number from 1 up"));
    }
    return Finding.found((int) Math.min(Integer.MAX_VALUE, Long.parseLong(count.group(1))));
  }

  /** QRD-9: this event is about demographics; an empty field can mean nothing else. */
  private static Finding<String> subject(V2Segment qrd) {
    for (V2Value what : qrd.repetitions(9)) {
      String subject = what.isNull() ? "" : what.component(1).text().strip();
      if (!subject.isEmpty() && !subject.equals("DEM")) {
        return Finding.refused(
            V2Fault.at(
                V2Location.field("QRD", 1, 9),
                ErrorCode.TABLE_VALUE_NOT_FOUND,
                "QRD-9 must be DEM (demographics); ask other subjects with their own events"));
      }
    }
    return Finding.found("DEM");
  }

  private static Optional<String> pointer(V2Message query) {
    return query.first("DSC").map(dsc -> plain(dsc, 1)).filter(pointer -> !pointer.isEmpty());
  }

  /**
   * Some senders stamp QRD-1 anew on each page; everything else of a continued query is the same.
   */
  private static String sameness(V2Message query, V2Segment qrd) {
    String definition =
        IntStream.rangeClosed(2, qrd.fieldCount())
            .mapToObj(number -> qrd.field(number).raw())
            .collect(Collectors.joining("\n"))
            .stripTrailing();
    String filter = query.all("QRF").stream().map(V2Segment::raw).collect(Collectors.joining("\n"));
    return query.header().sender() + "\r" + definition + "\r" + filter;
  }

  private static String plain(V2Segment segment, int field) {
    return component(segment, field, 1);
  }

  private static String component(V2Segment segment, int field, int component) {
    V2Value value = segment.field(field).repetition(1).component(component);
    return value.isNull() ? "" : value.text().strip();
  }
}

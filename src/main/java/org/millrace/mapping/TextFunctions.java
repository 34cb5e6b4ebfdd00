package org.millrace.mapping;

import java.util.List;
import org.millrace.hl7.V2Time;

/** The functions of text and of times of day. */
final class TextFunctions {
  private TextFunctions() {}

  /**
   * A text (ST, TX, FT) as a reader sees it: delimiters that were not escaped are characters of it,
   * formatting escapes are line ends. On the way back each line is a repetition.
   *
   * <p>Source: HL7 v2.5.1 ch. 2.7 (escape sequences), ch. 7.4.2.5 (OBX-5, repetitions are lines).
   */
  record Lines() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String text = ReportText.linesEndedByLf(from.whole());
      if (from.losesEscapes()) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "An escape sequence that has no text of its own was left out.");
      }
      if (text.isBlank()) {
        trip.note(
            CoverageNote.Kind.LOSSY, from.path(), "Blanks alone are no text; nothing is made.");
        return Made.nothing();
      }
      if (text.indexOf('\n') >= 0) {
        trip.note(
            CoverageNote.Kind.LOSSY, from.path(), "Line ends in a text come back as repetitions.");
      }
      if (CopyConversion.json("string", text).isMissingNode()) {
        return Functions.unreadable(from, trip, "text that FHIR can hold");
      }
      return Functions.text(text, from, trip, "text-lines");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      List<String> lines = ReportText.linesEndedByLf(from.text()).lines().toList();
      boolean wrote = false;
      int at = 0;
      for (String line : lines) {
        wrote |= to.further(at).write(line, from.path(), trip.rule(), "text-lines");
        at++;
      }
      return wrote;
    }
  }

  /** TM and the FHIR time, which always says its seconds and never a zone. */
  record TimeOfDay() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String said = from.text();
      String time = V2Time.toFhirTime(said).orElse("");
      if (time.isEmpty()) {
        return Functions.unreadable(from, trip, "time of day");
      }
      if (!V2Time.timeFromFhir(time).orElse("").equals(said.strip())) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "The time comes back with its seconds and without an offset.");
      }
      return Functions.text(time, from, trip, "time");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      return to.write(
          V2Time.timeFromFhir(from.text()).orElse(""), from.path(), trip.rule(), "time");
    }
  }
}

package org.millrace.mapping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.V2Field;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * One OBX as a reader of a note sees it: its name, its value, and what it says of the value.
 *
 * <p>Source: HL7 v2.5.1 ch. 7.4.2 (OBX), tables 0085 and 0125.
 */
final class ReportObservation {

  /** What an OBX adds to a report. */
  enum Holds {
    TEXT,
    RESULT,
    DOCUMENT,
    POINTER
  }

  static final String LOST_ESCAPE = "an escape sequence that has no text of its own was left out";

  private static final Set<String> TEXTS = Set.of("TX", "FT", "ST");

  private static final Set<String> RESULTS =
      Set.of(
          "AD", "CE", "CF", "CK", "CM", "CN", "CNE", "CP", "CWE", "CX", "DR", "DT", "DTM", "EI",
          "HD", "ID", "IS", "MA", "MO", "NA", "NM", "NR", "PN", "SI", "SN", "TM", "TN", "TS", "XAD",
          "XCN", "XON", "XPN", "XTN");

  private final ReportLines.Line line;
  private final V2Segment obx;
  private final String type;
  private final String identity;
  private final String subId;
  private final Holds holds;
  private final List<CoverageNote> notes = new ArrayList<>();
  private @Nullable List<String> lines;

  ReportObservation(ReportLines.Line line) {
    this.line = line;
    this.obx = line.segment();
    this.type = obx.text(2).strip().toUpperCase(Locale.ROOT);
    this.identity = obx.field(3).raw();
    this.subId = obx.field(4).raw();
    line.note(5).ifPresent(notes::add);
    this.holds = held();
    noteLosses();
  }

  private Holds held() {
    if (type.equals("ED")) {
      return Holds.DOCUMENT;
    }
    if (type.equals("RP")) {
      return Holds.POINTER;
    }
    if (RESULTS.contains(type)) {
      return Holds.RESULT;
    }
    for (V2Value value : repetitions()) {
      if (EncapsulatedData.isIn(value)) {
        defaulted(5, "OBX-2 does not say ED and OBX-5 holds an encapsulated document; read as one");
        return Holds.DOCUMENT;
      }
    }
    if (type.isEmpty()) {
      defaulted(2, "OBX-2 is missing; the value was taken as text");
    } else if (!TEXTS.contains(type)) {
      defaulted(2, "OBX-2 names no type of value that is known; the value was taken as text");
    }
    return Holds.TEXT;
  }

  private void noteLosses() {
    if (holds != Holds.TEXT && holds != Holds.RESULT) {
      return;
    }
    for (V2Value value : repetitions()) {
      if (value.isNull()) {
        lossy("the sender deletes the value (\"\"); nothing is written for it");
      } else if (!value.unreadEscapes().isEmpty()) {
        lossy(LOST_ESCAPE);
      }
    }
  }

  private void defaulted(int field, String sentence) {
    notes.add(new CoverageNote(CoverageNote.Kind.DEFAULTED, path(field), sentence));
  }

  private void lossy(String sentence) {
    notes.add(new CoverageNote(CoverageNote.Kind.LOSSY, path(5), sentence));
  }

  Holds holds() {
    return holds;
  }

  /** What was assumed or left out in reading this OBX. */
  List<CoverageNote> notes() {
    return Collections.unmodifiableList(notes);
  }

  /** {@code OBX[3]}. */
  String place() {
    return line.place();
  }

  /** {@code OBX[3]-5}. */
  String path(int field) {
    return line.path(field);
  }

  boolean has(int field) {
    return !obx.field(field).isEmpty();
  }

  /** OBX-5, empty repetitions included: they are blank lines; one empty value if it is empty. */
  List<V2Value> repetitions() {
    V2Field values = obx.field(5);
    return values.isEmpty() ? List.of(values.repetition(1)) : values.repetitions();
  }

  /**
   * What tells one observation from another: OBX-3 as received; empty if the sender left it out.
   */
  String identity() {
    return identity;
  }

  /** OBX-4 as received. */
  String subId() {
    return subId;
  }

  /**
   * The name for a heading, with the suffix that older senders put to the code, as {@code (IMP)}.
   */
  String name() {
    V2Value code = obx.field(3).repetition(1);
    String suffix = code.component(1).subcomponent(2).text().strip();
    String name = ReportValue.coded(code).strip();
    return suffix.isEmpty() ? name : name + " (" + suffix + ")";
  }

  /** The lines of a text value. */
  List<String> lines() {
    List<String> known = lines;
    if (known == null) {
      known = new ArrayList<>();
      for (V2Value value : repetitions()) {
        known.addAll(value.isNull() ? List.of("") : ReportText.linesOf(value.whole()));
      }
      lines = known;
    }
    return known;
  }

  /** Whether the value is one line that is not blank. */
  boolean isOneLine() {
    List<String> lines = lines();
    return lines.size() == 1 && !lines.get(0).isBlank();
  }

  /**
   * A discrete result on one line: {@code WBC: 7.2 10*3/uL (4.0-11.0) H [corrected]}. A result
   * without a value says so.
   */
  String result() {
    String value = value();
    String status = statusWords();
    StringBuilder result = new StringBuilder(value.isEmpty() ? noValue(status) : value);
    if (!value.isEmpty()) {
      append(result, " ", unit(), "");
    }
    append(result, " (", obx.field(7).repetition(1).whole().strip(), ")");
    append(result, " ", flags(), "");
    append(result, " [", value.isEmpty() ? "" : status, "]");
    String name = name();
    return name.isEmpty() ? result.toString() : name + ": " + result;
  }

  /** Whether there is a value, or a word on why there is none. */
  boolean saysAnything() {
    return !value().isEmpty() || !statusWords().isEmpty();
  }

  private static void append(StringBuilder text, String before, String added, String after) {
    if (!added.isEmpty()) {
      text.append(before).append(added).append(after);
    }
  }

  private String value() {
    return repetitions().stream()
        .filter(value -> !value.isNull())
        .map(value -> holds == Holds.TEXT ? value.whole() : ReportValue.of(type, value))
        .map(text -> ReportText.linesEndedByLf(text).replace('\n', ' ').strip())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String noValue(String status) {
    return status.isEmpty() ? "no value" : status;
  }

  /** OBX-6 as written; {@code 10^3/uL} with a raw delimiter is put together again. */
  private String unit() {
    V2Value unit = obx.field(6).repetition(1);
    String code = unit.component(1).text().strip();
    String text = unit.component(2).text().strip();
    if (code.equals("10") && !text.isEmpty() && Character.isDigit(text.charAt(0))) {
      return code + "^" + text;
    }
    return code.isEmpty() ? text : code;
  }

  private String flags() {
    return obx.repetitions(8).stream()
        .map(V2Value::text)
        .map(String::strip)
        .filter(flag -> !flag.isEmpty() && !flag.equals("\"\""))
        .collect(Collectors.joining(", "));
  }

  /** What OBX-11 says to a reader; a final result needs no word. */
  String statusWords() {
    return switch (status()) {
      case "C", "A" -> "corrected";
      case "P" -> "preliminary";
      case "R" -> "not verified";
      case "S" -> "partial";
      case "I" -> "specimen in lab, result pending";
      case "N" -> "not asked";
      case "X" -> "cannot be obtained";
      case "U" -> holds == Holds.RESULT && value().isEmpty() ? "final, value unchanged" : "";
      default -> "";
    };
  }

  private String status() {
    return obx.text(11).strip().toUpperCase(Locale.ROOT);
  }

  /**
   * Why this observation must not be filed as it stands; empty if it may.
   *
   * @param filled whether it holds a value
   */
  Optional<Verdict> refusal(boolean filled) {
    String status = status();
    if (status.equals("D")) {
      return Optional.of(
          Verdict.hold(
              "deleted",
              path(11),
              "The sender deletes this observation (OBX-11 D).",
              "Mark the document filed before as entered in error, if there is one."));
    }
    if (status.equals("W")) {
      return Optional.of(
          Verdict.hold(
              "wrong",
              path(11),
              "The sender says that this observation is wrong (OBX-11 W), perhaps another"
                  + " patient's.",
              "Mark the document filed before as entered in error, and ask the sender whose it"
                  + " is."));
    }
    if (!filled && Set.of("X", "N", "O", "I", "U").contains(status)) {
      return Optional.of(
          Verdict.filter(
              "cancelled", path(11), "OBX-11 says that no document is sent (" + status + ")."));
    }
    return Optional.empty();
  }
}

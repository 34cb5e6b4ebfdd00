package org.millrace.mapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.millrace.hl7.V2Field;
import org.millrace.hl7.V2Value;

/**
 * Lays out the text of a report: OBX and NTE in message order, one line feed between lines, blank
 * lines kept, nothing stripped.
 *
 * <ul>
 *   <li>OBX with the same OBX-3 and OBX-4 in a row are one text. An OBX without OBX-3 goes on with
 *       the text before it.
 *   <li>Where all OBX have the same OBX-3 there are no headings: the document's title names it.
 *       Another OBX-4 then begins a paragraph, unless OBX-4 merely counts the lines.
 *   <li>Where there are several OBX-3, each text of more than one line is a paragraph headed by its
 *       name, and a value of one line stands behind its name.
 *   <li>A discrete result is one line: {@code WBC: 7.2 10*3/uL (4.0-11.0) H}. Results in a row
 *       stand under each other without blank lines.
 *   <li>NTE lines stand where they come, without a mark of their own: many senders put the report
 *       itself there.
 * </ul>
 *
 * <p>Not safe for several threads; one for each report.
 */
final class ReportText {

  private final String anchor;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();
  private final List<CoverageNote> notes = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private boolean begun;
  private boolean lastLineBlank = true;
  private boolean headed;

  /** Something is said: not only blank lines and names of results without a value. */
  private boolean worthFiling;

  /** An OBX or the lines of an NTE, in message order. */
  private record Entry(Optional<ReportObservation> observation, List<String> lines, String source) {
    boolean is(Predicate<ReportObservation> what) {
      return observation.filter(what).isPresent();
    }
  }

  /**
   * @param anchor {@code OBR[2]}
   */
  ReportText(String anchor) {
    this.anchor = anchor;
  }

  void observation(ReportObservation observation) {
    entries.add(new Entry(Optional.of(observation), List.of(), observation.path(5)));
    notes.addAll(observation.notes());
  }

  /** Adds something to the notes of the text's part. */
  void remark(CoverageNote note) {
    notes.add(note);
  }

  void note(ReportLines.Line nte) {
    V2Field comment = nte.segment().field(3);
    List<V2Value> values =
        comment.isEmpty() ? List.of(comment.repetition(1)) : comment.repetitions();
    List<String> lines =
        values.stream()
            .map(value -> value.isNull() ? "" : value.whole())
            .flatMap(each -> linesOf(each).stream())
            .toList();
    entries.add(new Entry(Optional.empty(), lines, nte.path(3)));
    nte.note(3).ifPresent(notes::add);
    if (values.stream().anyMatch(value -> !value.unreadEscapes().isEmpty())) {
      remark(new CoverageNote(CoverageNote.Kind.LOSSY, nte.path(3), ReportObservation.LOST_ESCAPE));
    }
  }

  /** The text as a document; empty if it is blank and nothing in it needs a person. */
  Optional<ReportPart> part() {
    Optional<Verdict> refusal = refusal();
    layOut();
    if (refusal.isPresent()) {
      return Optional.of(
          new ReportPart(
              anchor, "", new byte[0], refusal.get(), List.copyOf(sources), firstOfEachKind()));
    }
    if (!worthFiling) {
      return Optional.empty();
    }
    return Optional.of(
        new ReportPart(
            anchor,
            EncapsulatedType.PLAIN.contentType(),
            text.toString().getBytes(StandardCharsets.UTF_8),
            Verdict.file("content"),
            List.copyOf(sources),
            firstOfEachKind()));
  }

  private Optional<Verdict> refusal() {
    for (Entry entry : entries) {
      if (entry.observation().isPresent()) {
        Optional<Verdict> refusal = entry.observation().get().refusal(true);
        if (refusal.isPresent()) {
          return refusal;
        }
      }
    }
    return Optional.empty();
  }

  /** Whether there are OBX with different OBX-3. */
  private boolean holdsSeveral() {
    String first = "";
    for (Entry entry : entries) {
      String identity = entry.observation().map(ReportObservation::identity).orElse("");
      if (first.isEmpty()) {
        first = identity;
      } else if (!identity.isEmpty() && !identity.equals(first)) {
        return true;
      }
    }
    return false;
  }

  private void layOut() {
    boolean several = holdsSeveral();
    int at = 0;
    while (at < entries.size()) {
      Entry entry = entries.get(at);
      if (entry.is(observation -> observation.holds() == ReportObservation.Holds.TEXT)) {
        int end = endOfRun(at);
        run(entries.subList(at, end), several);
        at = end;
      } else {
        entry.observation().ifPresentOrElse(this::result, () -> plain(entry));
        at++;
      }
    }
  }

  /** After the last OBX of the same text; NTE in between belong to it. */
  private int endOfRun(int start) {
    String identity = entries.get(start).observation().map(ReportObservation::identity).orElse("");
    int end = start + 1;
    for (int at = end; at < entries.size(); at++) {
      Optional<ReportObservation> next = entries.get(at).observation();
      if (next.isEmpty()) {
        continue;
      }
      String other = next.get().identity();
      boolean same = other.isEmpty() || other.equals(identity);
      if (next.get().holds() != ReportObservation.Holds.TEXT || !same) {
        break;
      }
      end = at + 1;
    }
    return end;
  }

  private void run(List<Entry> run, boolean several) {
    ReportObservation first = run.get(0).observation().orElseThrow();
    boolean measured = first.has(6) || first.has(7);
    if (run.size() == 1 && first.isOneLine() && (several || measured)) {
      result(first);
      return;
    }
    boolean blank = run.size() == 1 && first.lines().stream().allMatch(String::isBlank);
    if (blank && !first.statusWords().isEmpty() && several) {
      result(first);
      return;
    }
    if (several && !blank && !first.name().isEmpty()) {
      paragraph();
      line(first.name() + ":");
      sources.add(first.path(3));
    }
    text(run);
    headed = several && !blank;
  }

  /** The lines of one text; another OBX-4 begins a paragraph unless it counts lines. */
  private void text(List<Entry> run) {
    Optional<ReportObservation> before = Optional.empty();
    int sameSubId = 0;
    for (Entry entry : run) {
      Optional<ReportObservation> now = entry.observation();
      if (now.isPresent()) {
        String subId = now.get().subId();
        boolean same = before.map(ReportObservation::subId).orElse(subId).equals(subId);
        if (!same && !(sameSubId == 1 && counts(before.get().subId(), subId))) {
          paragraph();
        }
        sameSubId = same ? sameSubId + 1 : 1;
        before = now;
      }
      plain(entry);
    }
  }

  /** {@code 1}, {@code 2}: some senders number the lines of a text in OBX-4. */
  private static boolean counts(String before, String now) {
    boolean numbers = before.matches("\\d{1,6}") && now.matches("\\d{1,6}");
    return numbers && Integer.parseInt(now) == Integer.parseInt(before) + 1;
  }

  private void result(ReportObservation observation) {
    if (headed) {
      paragraph();
      headed = false;
    }
    line(observation.result());
    worthFiling |= observation.saysAnything();
    for (int field : new int[] {3, 5, 6, 7, 8, 11}) {
      if (field == 5 || observation.has(field)) {
        sources.add(observation.path(field));
      }
    }
  }

  private void plain(Entry entry) {
    for (String line : entry.observation().map(ReportObservation::lines).orElse(entry.lines())) {
      line(line);
      worthFiling |= !line.isBlank();
    }
    sources.add(entry.source());
  }

  private void paragraph() {
    if (begun && !lastLineBlank) {
      line("");
    }
  }

  private void line(String line) {
    if (begun) {
      text.append('\n');
    }
    text.append(line);
    begun = true;
    lastLineBlank = line.isBlank();
  }

  /** A report of a thousand lines without OBX-2 has one thing to say about it, not a thousand. */
  private List<CoverageNote> firstOfEachKind() {
    List<CoverageNote> first = new ArrayList<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    notes.forEach(note -> counts.merge(note.sentence(), 1, Integer::sum));
    for (CoverageNote note : notes) {
      Integer count = counts.remove(note.sentence());
      if (count != null) {
        String more = count > 1 ? " (and " + (count - 1) + " more in this report)" : "";
        first.add(new CoverageNote(note.kind(), note.path(), note.sentence() + more));
      }
    }
    return List.copyOf(first);
  }

  /** CRLF and CR, which come as {@code \X0D\}, made one kind of line end. */
  static String linesEndedByLf(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /** The lines of a text, blank ones kept; a text without line end is one line. */
  static List<String> linesOf(String text) {
    String lines = linesEndedByLf(text);
    return lines.indexOf('\n') < 0 ? List.of(lines) : List.of(lines.split("\n", -1));
  }
}

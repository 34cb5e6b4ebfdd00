package org.millrace.mapping;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Segment;

/**
 * Decides by status what becomes of a report: the status of the whole (OBR-25), else the worst of
 * its parts (OBX-11). Three statuses of parts count whatever the whole says: one that holds the
 * report; one that withdraws it, if all parts do, since a report cannot be withdrawn in part; and a
 * correction, if the report is filed at all.
 *
 * <p>Source: HL7 v2.5.1 tables 0123 and 0085; Cerner Millennium R4, DocumentReference, Create
 * (docStatus is final or amended).
 *
 * @param before a status that decides before all others where it does not file: TXA-19, which says
 *     that a document was deleted
 * @param whole OBR-25 and its table
 * @param part OBX-11 and its table
 * @param content the field of a part, OBX-5, without which it decides only where no other part does
 * @param corrects when a report that is filed takes the place of an earlier one whatever its
 *     status: the events T08 and T10 of MDM
 * @param where the line that says all this, {@code messages/ORU_R01.yaml:19}
 */
record Verdicts(
    Optional<Status> before,
    Status whole,
    Status part,
    int content,
    Optional<Condition> corrects,
    String where) {

  /** A status field and the table it is judged by. */
  record Status(V2Place place, VerdictTable table) {}

  /** The verdict, and the docStatus to file with. */
  record Judged(Verdict verdict, String docStatus) {
    boolean files() {
      return verdict.decision().files();
    }

    boolean withdraws() {
      return verdict.decision() == Verdict.Decision.WITHDRAW;
    }

    /** The same, in the place of an earlier one. */
    Judged correcting() {
      Verdict correct =
          new Verdict(Verdict.Decision.CORRECT, verdict.code(), verdict.path(), "", "");
      return new Judged(correct, docStatus);
    }
  }

  /**
   * @param group the segments of one report
   * @param facts what the condition of {@link #corrects} is asked of
   */
  Judged judge(List<V2Segment> group, V2Marks marks, Condition.Facts facts, Run run) {
    Optional<Judged> first = before.flatMap(status -> unlessItFiles(status, group, marks, run));
    Judged judged = first.orElseGet(() -> byWholeAndParts(group, marks, run));
    boolean replaces = judged.files() && corrects.filter(when -> when.holds(facts)).isPresent();
    return replaces ? judged.correcting() : judged;
  }

  private Optional<Judged> unlessItFiles(
      Status status, List<V2Segment> group, V2Marks marks, Run run) {
    Optional<V2Segment> segment = first(group, status.place().owner());
    String code = segment.map(one -> read(one, status.place(), marks, run)).orElse("");
    if (segment.isEmpty() || code.isEmpty()) {
      return Optional.empty();
    }
    Optional<VerdictTable.Row> row = status.table().row(code);
    Judged judged =
        row.isPresent()
            ? judged(new Found(segment.get(), row.get()), status.place(), marks, run)
            : unknown(marks.path(segment.get(), status.place().field()), status.table());
    return judged.files() ? Optional.empty() : Optional.of(judged);
  }

  private static Optional<V2Segment> first(List<V2Segment> group, String name) {
    return group.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private Judged byWholeAndParts(List<V2Segment> group, V2Marks marks, Run run) {
    Parts valued = new Parts();
    Parts bare = new Parts();
    for (V2Segment segment : group) {
      if (segment.name().equals(part.place().owner())) {
        Parts to = segment.field(content).isEmpty() ? bare : valued;
        to.add(segment, read(segment, part.place(), marks, run), part.table());
      }
    }
    Optional<Judged> stopped = stopped(valued, bare, marks, run);
    if (stopped.isPresent()) {
      return stopped.get();
    }
    // Headings and cancelled tests without a value decide only where nothing else does.
    Parts parts = valued.saysNothing() ? bare : valued;
    Optional<V2Segment> head = first(group, whole.place().owner());
    String status = head.map(segment -> read(segment, whole.place(), marks, run)).orElse("");
    if (head.isPresent() && !status.isEmpty()) {
      return byWhole(head.get(), whole.table().row(status), valued, marks, run);
    }
    if (parts.unknown.isPresent()) {
      return unknown(marks.path(parts.unknown.get(), part.place().field()), part.table());
    }
    if (parts.worst.isPresent()) {
      return judged(parts.worst.get(), part.place(), marks, run);
    }
    return missing(head.map(segment -> marks.path(segment, whole.place().field())), whole, run);
  }

  /** A deleted or wrong part is usually sent without its value: it counts like the others. */
  private Optional<Judged> stopped(Parts valued, Parts bare, V2Marks marks, Run run) {
    Optional<Found> held =
        valued.first(Verdict.Decision.HOLD).or(() -> bare.first(Verdict.Decision.HOLD));
    if (held.isPresent()) {
      return held.map(found -> judged(found, part.place(), marks, run));
    }
    Optional<Found> withdrawn =
        valued.first(Verdict.Decision.WITHDRAW).or(() -> bare.first(Verdict.Decision.WITHDRAW));
    boolean others = valued.saysMoreThanWithdrawn() || bare.saysMoreThanWithdrawn();
    return withdrawn
        .map(found -> judged(found, part.place(), marks, run))
        .map(judged -> others ? inPart(judged.verdict()) : judged);
  }

  private static Judged inPart(Verdict withdraw) {
    return new Judged(
        Verdict.hold(
            withdraw.code(),
            withdraw.path(),
            withdraw.reason() + " Other results of the same report stay.",
            "Correct the earlier report in the chart by hand, then discard this message; or ask the"
                + " sender for the whole report, corrected."),
        "");
  }

  private Judged byWhole(
      V2Segment head, Optional<VerdictTable.Row> row, Parts valued, V2Marks marks, Run run) {
    if (row.isEmpty()) {
      return unknown(marks.path(head, whole.place().field()), whole.table());
    }
    // Some senders say of the part only that it was corrected.
    Optional<Found> corrected = valued.first(Verdict.Decision.CORRECT);
    return row.get().decision() == Verdict.Decision.FILE && corrected.isPresent()
        ? judged(corrected.get(), part.place(), marks, run)
        : judged(new Found(head, row.get()), whole.place(), marks, run);
  }

  /** The statuses of some parts of a report. */
  private static final class Parts {
    private final Map<Verdict.Decision, Found> first = new EnumMap<>(Verdict.Decision.class);
    private Optional<Found> worst = Optional.empty();
    private Optional<V2Segment> unknown = Optional.empty();

    void add(V2Segment segment, String code, VerdictTable table) {
      Optional<VerdictTable.Row> row = table.row(code);
      row.filter(known -> known.severity() > 0)
          .ifPresent(known -> first.putIfAbsent(known.decision(), new Found(segment, known)));
      if (row.isPresent() && row.get().severity() > worst.map(Found::severity).orElse(0)) {
        worst = Optional.of(new Found(segment, row.get()));
      } else if (row.isEmpty() && !code.isEmpty() && unknown.isEmpty()) {
        unknown = Optional.of(segment);
      }
    }

    /** The first part of which this is to become, if its status counts for anything. */
    Optional<Found> first(Verdict.Decision decision) {
      return Optional.ofNullable(first.get(decision));
    }

    boolean saysMoreThanWithdrawn() {
      return unknown.isPresent()
          || first.keySet().stream().anyMatch(each -> each != Verdict.Decision.WITHDRAW);
    }

    boolean saysNothing() {
      return worst.isEmpty() && unknown.isEmpty();
    }
  }

  private record Found(V2Segment segment, VerdictTable.Row row) {
    int severity() {
      return row.severity();
    }
  }

  private String read(V2Segment segment, V2Place place, V2Marks marks, Run run) {
    List<V2Node> nodes = V2Reading.read(segment, place, marks);
    if (nodes.isEmpty() || nodes.get(0).isNull()) {
      return "";
    }
    run.used(nodes.get(0).path(), Run.USED_FOR + "the verdict", where);
    return nodes.get(0).text().strip();
  }

  private static Judged judged(Found found, V2Place place, V2Marks marks, Run run) {
    VerdictTable.Row row = found.row();
    String path = marks.path(found.segment(), place.field());
    if (row.word().equals("preliminary") && run.given("preliminary").equals("file")) {
      Verdict verdict = new Verdict(Verdict.Decision.FILE, row.word(), path, "", "");
      return new Judged(verdict, "final");
    }
    boolean files = row.decision().files();
    boolean filtered = row.decision() == Verdict.Decision.FILTER;
    String reason = files ? "" : row.sentences().reason();
    String remedy = files || filtered ? "" : row.sentences().remedy();
    return new Judged(
        new Verdict(row.decision(), row.word(), path, reason, remedy), row.docStatus());
  }

  private static Judged unknown(String path, VerdictTable table) {
    return new Judged(
        Verdict.hold(
            "status-unknown",
            path,
            "The status is in no row of table " + table.name() + ".",
            "Add the sender's status to the table, then release the message."),
        "");
  }

  private static Judged missing(Optional<String> path, Status whole, Run run) {
    if (run.given("status-missing").equals("final")) {
      return new Judged(
          new Verdict(Verdict.Decision.FILE, "status-missing", path.orElse(""), "", ""), "final");
    }
    return new Judged(
        Verdict.hold(
            "status-missing",
            path.orElse(""),
            "Neither the report nor any of its parts says a status.",
            "Ask the sender for the report with a status in "
                + whole.place()
                + ", then send it again."),
        "");
  }
}

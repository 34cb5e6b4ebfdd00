package org.millrace.console;

import java.util.List;
import java.util.Optional;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeSummary;

/** The codes that no mapping table knows, as a work list. */
final class CodesPage {
  private static final int MOST = 200;

  private final ConsoleSources sources;
  private final Layout layout;

  CodesPage(ConsoleSources sources, Layout layout) {
    this.sources = sources;
    this.layout = layout;
  }

  /**
   * A code of one sender.
   *
   * @param command that lists the messages in which it stands
   */
  record Row(
      Mark mark,
      String table,
      String code,
      String text,
      String sender,
      String times,
      String held,
      Moment first,
      Moment last,
      String command) {}

  /** The page; of more than 200 the rest is left to the command. */
  record Model(List<Row> rows, String open, String mended, boolean hasMended, boolean more) {
    boolean hasRows() {
      return !rows.isEmpty();
    }
  }

  Answer show(Request request) {
    List<CodeSummary> codes =
        sources
            .journal()
            .codes()
            .list(new CodeFilter(Optional.empty(), Optional.empty(), Optional.empty()));
    long mended = codes.stream().filter(this::mended).count();
    Model model =
        new Model(
            codes.stream().limit(MOST).map(this::row).toList(),
            Count.text(codes.size() - mended),
            Count.text(mended),
            mended > 0,
            codes.size() > MOST);
    return layout.page(request, Head.of("Codes", "Codes").with("./millrace codes"), "codes", model);
  }

  private boolean mended(CodeSummary each) {
    return sources.mapping().knows(each.sender(), each.table(), each.code(), each.text());
  }

  private Row row(CodeSummary each) {
    return new Row(
        mended(each) ? new Mark("mended", Mark.Tone.GOOD) : new Mark("open", Mark.Tone.HELD),
        each.table(),
        each.code(),
        each.text(),
        each.sender(),
        Count.text(each.times()),
        Count.text(each.held()),
        sources.moment(each.firstSeen()),
        sources.moment(each.lastSeen()),
        "./millrace codes show " + ShellWord.of(each.table()) + " " + ShellWord.of(each.code()));
  }
}

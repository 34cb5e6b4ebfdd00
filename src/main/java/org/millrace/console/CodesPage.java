package org.millrace.console;

import java.util.List;
import java.util.Optional;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeSummary;

/**
 * The codes that no mapping table knows, as a work list. Anything may stand where a code is
 * expected, a name or a number of a patient too, and no rule tells it from a code: code and text
 * are covered until they are asked for.
 */
final class CodesPage {
  private static final int MOST = 200;

  /** What the audit trail calls the list. */
  private static final String LIST = "codes that no table knows";

  private static final String PATH = "/codes";

  private final ConsoleSources sources;
  private final Layout layout;
  private final Reveals reveals;

  CodesPage(ConsoleSources sources, Layout layout, Reveals reveals) {
    this.sources = sources;
    this.layout = layout;
    this.reveals = reveals;
  }

  /**
   * A code of one sender.
   *
   * @param tableHref where its table can be changed and tried
   * @param command that lists the messages in which it stands; empty while the code is covered
   */
  record Row(
      Mark mark,
      String table,
      String tableHref,
      String code,
      String text,
      String sender,
      String times,
      String held,
      Moment first,
      Moment last,
      String command) {}

  /** The page; of more than 200 the rest is left to the command. */
  record Model(
      List<Row> rows,
      boolean covered,
      String open,
      String mended,
      boolean hasMended,
      boolean more) {
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
    Cover cover = reveals.cover(request.session(), LIST);
    Model model =
        new Model(
            codes.stream().limit(MOST).map(each -> row(each, cover)).toList(),
            !cover.open(),
            Count.text(codes.size() - mended),
            Count.text(mended),
            mended > 0,
            codes.size() > MOST);
    return layout.page(request, Head.of("Codes", "Codes").with("./millrace codes"), "codes", model);
  }

  /** Shows what is covered; that it is looked at is on record before. */
  Answer reveal(Request request) throws InterruptedException {
    reveals.show(request, LIST);
    return Answer.seeOther(Link.to(PATH));
  }

  Answer cover(Request request) {
    reveals.hide(request.session(), LIST);
    return Answer.seeOther(Link.to(PATH));
  }

  private boolean mended(CodeSummary each) {
    return sources
        .mapping()
        .ofTenant(each.tenant())
        .knows(each.sender(), each.table(), each.code(), each.text());
  }

  private String file(CodeSummary each) {
    return sources
        .rules()
        .mapper()
        .mappings()
        .ofTenant(each.tenant())
        .tableFile(each.sender(), each.table())
        .orElse("");
  }

  private Row row(CodeSummary each, Cover cover) {
    return new Row(
        mended(each) ? new Mark("mended", Mark.Tone.GOOD) : new Mark("open", Mark.Tone.HELD),
        each.table(),
        Link.to("/workbench").with("file", file(each)).text(),
        cover.of(each.code()),
        cover.of(each.text()),
        each.sender(),
        Count.text(each.times()),
        Count.text(each.held()),
        sources.moment(each.firstSeen()),
        sources.moment(each.lastSeen()),
        cover.open()
            ? "./millrace codes show "
                + ShellWord.of(each.table())
                + " "
                + ShellWord.of(each.code())
            : "");
  }
}

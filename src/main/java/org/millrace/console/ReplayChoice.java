package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.millrace.mapping.RuleFiles;

/**
 * Which messages are to be run dry, and by which rules. What was typed stands in the form of the
 * page only.
 *
 * @param query which ones of the journal
 * @param numbers of messages that were ticked in the list; then the query counts for nothing
 * @param most how many of them, newest first; empty if none were asked for
 * @param pasted messages one after the other; empty for none
 * @param scratch the rules that were changed on the workbench
 * @param byOthers whether the rules on disk with these changes are asked for, and not those in
 *     force
 */
record ReplayChoice(
    MessageQuery query,
    List<Long> numbers,
    Optional<Integer> most,
    String pasted,
    Scratch scratch,
    boolean byOthers) {
  private static final List<Integer> SIZES = List.of(20, 50, 100, 200);
  private static final String OTHERS = "others";

  /** More at once are read by nobody, and hold up whoever waits. */
  static final int MOST = 200;

  /** As long as a text may be, in characters. */
  static final int LONGEST = 2 * 1024 * 1024;

  /**
   * @param sources for the charsets of senders; what a file holds goes before what was pasted
   */
  static ReplayChoice read(Request request, RuleFiles files, ConsoleSources sources) {
    Params params = request.post() ? request.form() : request.query();
    Scratch scratch = request.post() ? Scratch.read(params, files).rulesOnly() : Scratch.EMPTY;
    String by = params.text("by");
    return new ReplayChoice(
        MessageQuery.read(params),
        ManyChoice.numbers(params).stream().limit(MOST).toList(),
        params.has("most") ? Optional.of(size(params.text("most"))) : Optional.empty(),
        params.has("upload")
            ? TriedMessage.text(
                params.exactly("upload").getBytes(StandardCharsets.ISO_8859_1), sources)
            : params.exactly("pasted"),
        scratch,
        by.isEmpty() ? !scratch.changed().isEmpty() : by.equals(OTHERS));
  }

  /** The nearest that is offered: an address that somebody wrote is no reason to list nothing. */
  private static int size(String typed) {
    int asked = typed.matches("[0-9]{1,6}") ? Integer.parseInt(typed) : 50;
    return SIZES.stream().filter(each -> each >= asked).findFirst().orElse(MOST);
  }

  boolean typed() {
    return !pasted.isBlank();
  }

  /** Whether there is nothing to run. */
  boolean isEmpty() {
    return !typed() && most.isEmpty() && numbers.isEmpty();
  }

  /** Whether an address says all of it. */
  boolean fitsAnAddress() {
    return !typed() && scratch.changed().isEmpty();
  }

  /** The same from an older message on. */
  ReplayChoice before(long number) {
    return new ReplayChoice(query.before(number), numbers, most, pasted, scratch, byOthers);
  }

  Link link() {
    Link link =
        query.link("/replay").withAll("number", numbers.stream().map(String::valueOf).toList());
    return link.with("most", most.map(String::valueOf).orElse(""))
        .with("before", query.before() == 0 ? "" : Long.toString(query.before()))
        .with("by", byOthers ? OTHERS : "");
  }

  /** What a form needs to ask for the same messages of the journal. */
  List<Link.Field> fields() {
    return link().fields();
  }

  List<FilterChoices.Choice> sizes() {
    return SIZES.stream()
        .map(
            each ->
                new FilterChoices.Choice(
                    each.toString(), each.toString(), each.equals(most.orElse(50))))
        .toList();
  }

  List<FilterChoices.Choice> rules() {
    return List.of(
        new FilterChoices.Choice("in-force", "those in force", !byOthers),
        new FilterChoices.Choice(
            OTHERS,
            scratch.changed().isEmpty() ? "those on disk" : "those of the workbench",
            byOthers));
  }

  /** The query only. */
  @Override
  public String toString() {
    return query.toString();
  }
}

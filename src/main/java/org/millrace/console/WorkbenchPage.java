package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.millrace.hl7.V2Header;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.RuleFiles;

/**
 * Rules tried on a message: a scratch copy of the site's files, what a message becomes by it, and
 * how that differs from what the engine makes of it now.
 */
final class WorkbenchPage {
  private static final RuleTrial.Outcome NOT_TRIED = RuleTrial.Outcome.none("");

  private final ConsoleSources sources;
  private final Layout layout;
  private final Reveals reveals;
  private final RuleTrial trial;
  private final FieldNames names = new FieldNames();
  private final Attempts attempts;
  private final RulesOnDisk disk;

  WorkbenchPage(
      ConsoleSources sources, Layout layout, Reveals reveals, RulesOnDisk disk, Attempts attempts) {
    this.sources = sources;
    this.layout = layout;
    this.reveals = reveals;
    this.disk = disk;
    this.attempts = attempts;
    this.trial = new RuleTrial(sources, disk.atStart());
  }

  Answer show(Request request) throws InterruptedException {
    RuleFiles files = disk.now();
    Params query = request.query();
    String file = query.text("file");
    return page(
        request,
        new Scratch(
            query.text("message"),
            "",
            files.texts().containsKey(file) ? file : "",
            Map.of(),
            Set.of()),
        files,
        "");
  }

  /** Tries what the form holds. */
  Answer attempt(Request request) throws InterruptedException {
    RuleFiles files = disk.now();
    String wanted = Scratch.wanted(request.form());
    boolean refused = !wanted.isEmpty() && NewRuleFile.named(wanted).isEmpty();
    return page(request, Scratch.read(request.form(), files), files, refused ? wanted : "");
  }

  /**
   * Shows what is covered of a message of the journal; that it is looked at is on record before.
   */
  Answer reveal(Request request) throws InterruptedException {
    Optional<Long> number = Scratch.number(request.form().text("message"));
    if (number.isPresent() && sources.journal().listing().find(number.get()).isPresent()) {
      reveals.show(request, Reveals.message(number.get()));
    }
    return attempt(request);
  }

  Answer cover(Request request) throws InterruptedException {
    Scratch.number(request.form().text("message"))
        .ifPresent(number -> reveals.hide(request.session(), Reveals.message(number)));
    return attempt(request);
  }

  /** What was changed, as a file. */
  Answer patch(Request request) throws InterruptedException {
    RuleFiles files = disk.now();
    Scratch scratch = Scratch.read(request.form(), files);
    if (scratch.changed().isEmpty() || !scratch.problem().isEmpty()) {
      return page(request, scratch, files, "");
    }
    String folder = String.valueOf(sources.rules().folder().getFileName());
    return new Answer(
        200,
        Map.of(
            "Content-Type",
            "text/x-diff; charset=utf-8",
            "Content-Disposition",
            "attachment; filename=\"millrace-rules.patch\""),
        scratch.patch(folder, files).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param refused a name that no new file may have; empty for none
   */
  private Answer page(Request request, Scratch scratch, RuleFiles files, String refused)
      throws InterruptedException {
    Optional<Long> number = Scratch.number(scratch.message());
    Cover cover =
        number
            .map(each -> reveals.cover(request.session(), Reveals.message(each)))
            .orElse(new Cover(true));
    if (number.isPresent() && !cover.open() && !scratch.changed().isEmpty()) {
      // Conditions of a rule can find out what a covered value is.
      reveals.tried(request, Reveals.message(number.get()));
    }
    RuleTrial.Outcome outcome = outcome(scratch, files);
    String command =
        number.isPresent()
            ? "./millrace messages dry-run " + number.get()
            : "./millrace map --diff mappings --mappings CHANGED-FOLDER FILE";
    return layout.page(
        request,
        Head.of("Workbench", "Workbench").with(command),
        "workbench",
        model(scratch, files, outcome, cover, refused));
  }

  private RuleTrial.Outcome outcome(Scratch scratch, RuleFiles files) throws InterruptedException {
    if (scratch.isEmpty()) {
      return NOT_TRIED;
    }
    if (!scratch.problem().isEmpty()) {
      return RuleTrial.Outcome.none(scratch.problem());
    }
    return attempts.of(
        () -> trial.of(scratch, files),
        "is there a regular expression that never ends?",
        RuleTrial.Outcome::none);
  }

  private WorkbenchView.Model model(
      Scratch scratch, RuleFiles files, RuleTrial.Outcome outcome, Cover cover, String refused) {
    Optional<Long> number = Scratch.number(scratch.message());
    return new WorkbenchView.Model(
        scratch.message(),
        number.map(each -> "/messages/" + each).orElse(""),
        cover.open(),
        scratch.pasted(),
        scratch.file(),
        scratch.text(files),
        all(scratch, files).stream().map(each -> file(each, scratch, files)).toList(),
        scratch.kept(),
        !scratch.changed().isEmpty(),
        outcome.both().map(both -> WorkbenchResult.files(both.now())).orElse(List.of()).stream()
            .map(each -> file(each, scratch, files))
            .toList(),
        disk.stale(files),
        new WorkbenchView.Making(
            over(scratch, files, outcome), refused, refused.isEmpty() ? "" : NewRuleFile.NOT_SO),
        under(scratch, files),
        !scratch.isEmpty(),
        outcome.problem(),
        outcome.faults().stream().map(each -> fault(each, scratch, files)).toList(),
        outcome.warnings().stream().map(each -> fault(each, scratch, files)).toList(),
        outcome.both().map(both -> new WorkbenchResult(names, cover).of(both)));
  }

  /** Those on disk, and those that were made here. */
  private static Set<String> all(Scratch scratch, RuleFiles files) {
    Set<String> all = new TreeSet<>(files.texts().keySet());
    all.addAll(scratch.changed().keySet());
    return all;
  }

  /** For the sender of the message, and for its tenant if that has a name. */
  private List<String> over(Scratch scratch, RuleFiles files, RuleTrial.Outcome outcome) {
    if (scratch.file().isEmpty() || outcome.both().isEmpty()) {
      return List.of();
    }
    V2Header header = outcome.both().get().message().header();
    String tenant = sources.rules().feeds().tenant(header.type(), header.sender());
    Set<String> there = all(scratch, files);
    return Stream.of(
            "senders/" + header.sender() + "/" + scratch.file(),
            tenant.isEmpty() ? "" : "tenants/" + tenant + "/" + scratch.file())
        .filter(name -> !there.contains(name))
        .filter(name -> NewRuleFile.named(name).flatMap(each -> each.under(files)).isPresent())
        .toList();
  }

  private static Optional<WorkbenchView.Under> under(Scratch scratch, RuleFiles files) {
    return files.texts().containsKey(scratch.file())
        ? Optional.empty()
        : NewRuleFile.named(scratch.file())
            .flatMap(each -> each.under(files))
            .map(
                name ->
                    new WorkbenchView.Under(
                        name, UnifiedPatch.plain(files.texts().getOrDefault(name, ""))));
  }

  private static WorkbenchView.File file(String name, Scratch scratch, RuleFiles files) {
    return new WorkbenchView.File(
        name,
        name.equals(scratch.file()),
        scratch.changed().containsKey(name),
        !files.texts().containsKey(name));
  }

  private static WorkbenchView.Fault fault(RuleFault fault, Scratch scratch, RuleFiles files) {
    String text =
        scratch.changed().getOrDefault(fault.file(), files.texts().getOrDefault(fault.file(), ""));
    return new WorkbenchView.Fault(
        fault.file(),
        fault.line(),
        fault.sentence(),
        text.lines().skip(Math.max(0, fault.line() - 1L)).findFirst().orElse("").strip(),
        fault.file().equals(scratch.file()));
  }
}

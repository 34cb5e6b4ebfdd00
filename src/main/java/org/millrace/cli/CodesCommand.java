package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.journal.CodeSummary;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.Mappings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "codes",
    mixinStandardHelpOptions = true,
    description = {
      "The codes of messages that no mapping table knows.",
      "Each with the line to add and the file to add it to. A code that the mapping files know by now is mended:",
      "its messages can go again (retry) or be corrected (correct), once the engine was restarted."
    },
    subcommands = {CodesShow.class, CodesRetry.class, CodesCorrect.class})
final class CodesCommand implements Callable<Integer> {
  private static final String ROW = "%-7s  %-16s  %-12s  %-20s  %-20s  %6s  %5s  %-20s  %s%n";

  @Mixin private CodeChoice choice = new CodeChoice();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "200",
      description = "At most so many; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "One JSON line for each code.")
  private boolean json;

  @Mixin private MappingsOption mappingFiles = new MappingsOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** A line of the list, and what the mapping files say to it. */
  private record Line(CodeSummary code, boolean mended, Optional<RowToAdd> row) {}

  @Override
  public Integer call() throws Exception {
    ListingOptions.atLeastOne(limit);
    Mappings mappings = mappingFiles.load();
    PrintWriter out = spec.commandLine().getOut();
    List<CodeSummary> codes;
    try (JournalDatabase open = journal.readOnly()) {
      codes = open.codes().list(choice.filter());
    }
    mappings.check(
        (tenant, sender) ->
            codes.stream()
                .anyMatch(each -> each.tenant().equals(tenant) && each.sender().equals(sender)));
    int open = 0;
    int mended = 0;
    if (!json) {
      out.printf(
          ROW, "", "table", "code", "text", "sender", "times", "held", "first seen", "last seen");
    }
    for (CodeSummary each : codes.subList(0, Math.min(limit, codes.size()))) {
      Line line = line(each, mappings);
      mended += line.mended() ? 1 : 0;
      open += line.mended() ? 0 : 1;
      print(line, out);
    }
    if (!json) {
      close(codes.size(), open, mended, out);
    }
    return 0;
  }

  private Line line(CodeSummary code, Mappings mappings) throws PlainException, IOException {
    Mappings ofTenant = mappings.ofTenant(code.tenant());
    Optional<String> file = ofTenant.tableFile(code.sender(), code.table());
    return new Line(
        code,
        ofTenant.knows(code.sender(), code.table(), code.code(), code.text()),
        file.isEmpty()
            ? Optional.empty()
            : Optional.of(
                RowToAdd.of(mappingFiles.folder(), file.get(), code.code(), code.text())));
  }

  private void print(Line line, PrintWriter out) {
    CodeSummary code = line.code();
    if (json) {
      out.println(asJson(line));
      return;
    }
    out.printf(
        ROW,
        line.mended() ? "mended" : "open",
        OnScreen.text(code.table()),
        OnScreen.text(code.code()),
        OnScreen.text(code.text()),
        OnScreen.text(code.sender()),
        code.times(),
        code.held(),
        code.firstSeen().toString().substring(0, 19) + "Z",
        code.lastSeen().toString().substring(0, 19) + "Z");
    if (!line.mended()) {
      out.println(
          line.row()
              .map(
                  row ->
                      "         add to "
                          + mappingFiles.shown()
                          + "/"
                          + row.file()
                          + ":  "
                          + OnScreen.text(row.line()))
              .orElse("         the mapping files have no table of this name any more"));
    }
  }

  private void close(int all, int open, int mended, PrintWriter out) {
    out.println();
    String more = open + mended < all ? " (of " + all + "; --limit shows more)" : "";
    out.println(open + " open, " + mended + " mended" + more);
    if (open > 0) {
      out.println(
          "Fill in the FHIR cells of a line, or leave them empty if FHIR has no such code; then"
              + " restart the engine.");
    }
    if (mended > 0) {
      out.println(
          "Held messages go again by 'millrace codes retry --why TEXT'; what was filed is corrected"
              + " by 'millrace codes correct --why TEXT'.");
    }
  }

  private static ObjectNode asJson(Line line) {
    CodeSummary code = line.code();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("table", code.table());
    json.put("code", code.code());
    json.put("text", code.text());
    json.put("sender", code.sender());
    json.put("tenant", code.tenant());
    json.put("times", code.times());
    json.put("messages", code.messages());
    json.put("held", code.held());
    json.put("firstSeen", code.firstSeen().toString());
    json.put("lastSeen", code.lastSeen().toString());
    json.put("mended", line.mended());
    line.row().ifPresent(row -> json.put("file", row.file()).put("line", row.line()));
    return json;
  }
}

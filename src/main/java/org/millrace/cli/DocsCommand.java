package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.millrace.mapping.Conformance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "docs",
    mixinStandardHelpOptions = true,
    description = {
      "Write down what is mapped, and what the code says of itself, as pages.",
      "For each message, segment and data type: what becomes of every field, by which rule, and",
      "where that differs from the official guide. For each command its options, for each metric",
      "its labels."
    })
final class DocsCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      defaultValue = "",
      description =
          "Where the folders conformance/ and reference/ go; docs/ beside the launcher if absent.")
  private String to = "";

  @Option(
      names = "--mappings",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "Mapping files; mappings/ beside the launcher if absent.")
  private String mappingsFolder = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path mappings =
        mappingsFolder.isEmpty() ? Millrace.home().resolve("mappings") : Path.of(mappingsFolder);
    if (!Files.isDirectory(mappings)) {
      throw new PlainException("there is no folder " + mappings + " of mapping files");
    }
    Path folder = to.isEmpty() ? Millrace.home().resolve("docs") : Path.of(to);
    ConformancePages conformance =
        new ConformancePages(Conformance.of(mappings), GuideFiles.read(mappings));
    write(folder.resolve("conformance"), conformance.pages(), ConformancePages.FIRST_LINE);
    write(
        folder.resolve("reference"), ReferencePages.pages(spec.root()), ReferencePages.FIRST_LINE);
    for (GuideFiles.Deviation each : conformance.unknown()) {
      spec.commandLine()
          .getOut()
          .println(
              "warning: guide/deviations.csv: "
                  + each.map()
                  + " "
                  + each.v2()
                  + " is no row of the guide");
    }
    return 0;
  }

  /**
   * Writes pages, and takes away those that an earlier run wrote and this one does not.
   *
   * @param texts by their paths under the folder
   * @param mark what pages of this kind begin with
   */
  private void write(Path folder, Map<String, String> texts, String mark) throws IOException {
    List<Path> gone = gone(folder, texts, mark);
    for (Path page : gone) {
      Files.delete(page);
    }
    for (Map.Entry<String, String> page : texts.entrySet()) {
      Path file = folder.resolve(page.getKey());
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, page.getValue(), StandardCharsets.UTF_8);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(texts.size() + " pages in " + folder + ", " + gone.size() + " old ones removed");
  }

  /** Pages that an earlier run wrote and this one does not; what people wrote is left alone. */
  private static List<Path> gone(Path folder, Map<String, String> pages, String mark)
      throws IOException {
    List<Path> gone = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return gone;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(each -> each.toString().endsWith(".md")).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!pages.containsKey(name)
            && Files.readString(file, StandardCharsets.UTF_8).startsWith(mark.strip())) {
          gone.add(file);
        }
      }
    }
    return gone;
  }
}

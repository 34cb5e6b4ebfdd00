package org.millrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import picocli.CommandLine.Option;

/** {@code --mappings}, for commands that read the mapping files as they are now. */
final class MappingsOption {
  @Option(
      names = "--mappings",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "Mapping files; mappings/ beside the launcher if absent.")
  private String folder = "";

  Path folder() throws PlainException {
    Path chosen = folder.isEmpty() ? Millrace.home().resolve("mappings") : Path.of(folder);
    if (!Files.isDirectory(chosen)) {
      throw new PlainException("there is no folder " + chosen + " of mapping files");
    }
    return chosen;
  }

  /** The folder as a person would write it from the launcher's place. */
  String shown() {
    return folder.isEmpty() ? "mappings" : folder;
  }

  Mappings load() throws PlainException, RuleFaultsException {
    return Mappings.load(folder());
  }
}

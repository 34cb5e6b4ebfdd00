package org.millrace.mapping;

import java.nio.file.Path;
import java.util.Set;

/**
 * All rules, tables and sender variants of a mappings folder, compiled. Immutable and thread-safe.
 */
public final class Mappings {

  private Mappings() {}

  /**
   * Reads, checks and compiles a folder.
   *
   * @throws RuleFaultsException with every fault of every file
   */
  public static Mappings load(Path folder) throws RuleFaultsException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The message types that have a message file: {@code ORU^R01}. */
  public Set<String> messageTypes() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** A table by its file name without {@code .csv}, for those who look up outside a rule. */
  public CodeTable table(String name) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The assigning authorities (HD) that are known, and their URIs. */
  public Namespaces namespaces() {
    throw new UnsupportedOperationException("not built yet");
  }
}

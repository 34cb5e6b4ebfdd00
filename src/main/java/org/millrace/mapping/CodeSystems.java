package org.millrace.mapping;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The codes of FHIR R4's and HL7's own code systems, those of HL7 v2 tables among them. Used at
 * load only; thread-safe. The list is made from the definitions of R4 (see {@code
 * CodeSystemListTest}).
 *
 * <p>Other systems are not listed; of LOINC and SNOMED CT the check digit is known.
 */
final class CodeSystems {
  /** A system of HL7 v2 tables, up to the number of the table. */
  static final String V2 = "http://terminology.hl7.org/CodeSystem/v2-";

  static final String FILE = "code-systems.txt";

  /** The first word of the line that names the tables HL7 defines itself. */
  static final String OWN_TABLES = "tables-of-hl7";

  private final Map<String, String> lines = new HashMap<>();
  private final Map<String, Set<String>> read = new ConcurrentHashMap<>();
  private final Set<String> ownTables;

  /** Read when the first table is checked, and once. */
  private static final class Once {
    static final CodeSystems R4 = new CodeSystems();
  }

  static CodeSystems ofR4() {
    return Once.R4;
  }

  private CodeSystems() {
    InputStream file =
        Objects.requireNonNull(CodeSystems.class.getResourceAsStream(FILE), FILE + " is missing");
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        int tab = line.indexOf('\t');
        if (!line.startsWith("#")) {
          lines.put(tab < 0 ? line : line.substring(0, tab), tab < 0 ? "" : line.substring(tab));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The list of code systems in the program is damaged", e);
    }
    ownTables = codes(OWN_TABLES);
  }

  private Set<String> codes(String system) {
    return read.computeIfAbsent(
        system,
        name -> {
          Set<String> codes = new LinkedHashSet<>();
          Arrays.stream(lines.getOrDefault(name, "").split("\t", -1))
              .filter(code -> !code.isEmpty())
              .forEach(codes::add);
          return codes;
        });
  }

  /** True if R4 defines this system, also where its codes are not all listed. */
  boolean isKnown(String system) {
    return lines.containsKey(system);
  }

  /** True if 2.5.1 has this table for fields of type ID: its codes are HL7's, not the site's. */
  boolean isTableOfHl7(String number) {
    return ownTables.contains(number);
  }

  /** A sentence on why a system cannot have this code; empty if it has, or if nobody here knows. */
  Optional<String> fault(String system, String code) {
    if (system.equals("http://loinc.org")) {
      return CheckDigits.loinc(code)
          ? Optional.empty()
          : Optional.of("'" + code + "' is no LOINC code: look at its digits again.");
    }
    if (system.equals("http://snomed.info/sct")) {
      return CheckDigits.snomed(code)
          ? Optional.empty()
          : Optional.of("'" + code + "' is no SNOMED CT code: look at its digits again.");
    }
    Set<String> codes = codes(system);
    if (codes.isEmpty() || codes.contains(code)) {
      return Optional.empty();
    }
    String meant =
        codes.stream()
            .filter(each -> each.equalsIgnoreCase(code))
            .findFirst()
            .map(each -> "; it is written '" + each + "'")
            .orElse("");
    return Optional.of("The system " + system + " has no code '" + code + "'" + meant + ".");
  }
}

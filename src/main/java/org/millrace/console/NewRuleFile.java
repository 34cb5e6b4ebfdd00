package org.millrace.console;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.mapping.RuleFiles;

/**
 * A mapping file that is not on disk: how it may be called, and with what it begins. One of a
 * sender or a tenant begins as the least that lies over the file of all.
 *
 * @param name its path under the mappings folder
 * @param path the same without the folder of its sender or tenant, which is that of the file it
 *     lies over
 */
record NewRuleFile(String name, String path) {
  static final String NOT_SO =
      "A new mapping file is named by its path: segments/ZPD.yaml, tables/lab-codes.csv,"
          + " senders/LAB@NORTH/segments/OBR.yaml, tenants/north/tables/HL70001.csv or"
          + " senders/LAB@NORTH/sender.yaml.";

  private static final String PROFILE = "sender.yaml";

  /** The name of a sender is any text; it becomes a folder, and a line of a patch. */
  private static final Pattern NAME =
      Pattern.compile(
          "((?:senders|tenants)/(?!\\.{1,2}/)[^/\\\\\"\\p{Cntrl}]{1,120}/)?"
              + "((?:actions|datatypes|messages|segments)/[A-Za-z0-9_][A-Za-z0-9._-]{0,80}\\.yaml"
              + "|tables/[A-Za-z0-9_][A-Za-z0-9._-]{0,80}\\.csv"
              + "|"
              + Pattern.quote(PROFILE)
              + ")");

  private static final Pattern SCALAR = Pattern.compile("(?!source:)[a-z-]+: .*");
  private static final Pattern SCHEMA =
      Pattern.compile("(?m)^(# yaml-language-server: \\$schema=)(.*)$");
  private static final String TABLE =
      "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred";

  /** Empty if no mapping file may be called so. */
  static Optional<NewRuleFile> named(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String folder = parts.group(1) == null ? "" : parts.group(1);
    boolean profile = parts.group(2).equals(PROFILE);
    return profile && !folder.startsWith("senders/")
        ? Optional.empty()
        : Optional.of(new NewRuleFile(name, parts.group(2)));
  }

  private boolean layered() {
    return !name.equals(path);
  }

  /** The file that it lies over, if there is one. */
  Optional<String> under(RuleFiles files) {
    return Optional.of(path).filter(each -> layered() && files.texts().containsKey(each));
  }

  /** With what it begins. Who wrote it, and the rules that differ, are left to be written. */
  String beginning(RuleFiles files) {
    if (path.equals(PROFILE)) {
      return "# yaml-language-server: $schema=../../schema/sender.schema.json\nsource:\n";
    }
    Optional<String> below =
        under(files).map(each -> UnifiedPatch.plain(files.texts().getOrDefault(each, "")));
    return name.endsWith(".csv") ? table(below) : rules(below);
  }

  private String table(Optional<String> below) {
    String own = path.substring(path.indexOf('/') + 1).replace(".csv", "");
    // Lines of a sender's authorities go first without a word.
    boolean extending = below.isPresent() && !own.equals("namespaces");
    String columns =
        below
            .flatMap(text -> text.lines().filter(line -> !line.startsWith("#")).findFirst())
            .orElse(TABLE);
    return (extending ? "# extends: " + own + "\n" : "") + "# source:\n" + columns + "\n";
  }

  private String rules(Optional<String> below) {
    if (below.isEmpty()) {
      return "source:\n";
    }
    String text = deeper(below.get());
    List<String> lines = text.lines().toList();
    int rules = lines.indexOf("rules:");
    if (rules < 0) {
      // Of a message or an action: it takes the place of the whole file.
      return text;
    }
    String head =
        lines.subList(0, rules).stream()
            .filter(line -> SCALAR.matcher(line).matches() || SCHEMA.matcher(line).matches())
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    return head + "extends: " + path + "\nsource:\nrules:\n";
  }

  /** The folder of a sender or tenant is two further down. */
  private static String deeper(String text) {
    return SCHEMA.matcher(text).replaceFirst("$1../../$2");
  }
}

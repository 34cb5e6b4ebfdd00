package org.millrace.mapping;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millrace.hl7.SenderProfile;

/**
 * All rules, tables and sender variants of a mappings folder, compiled. Immutable and thread-safe.
 */
public final class Mappings {
  static final String SENDERS = "senders/";
  private static final String USUAL_CALLS = "cerner";
  private final RuleSet rules;
  private final Set<String> messageTypes;
  private final Map<String, RuleSet> senders;
  private final Map<String, SenderProfile> profiles;
  private final List<RuleFault> warnings;

  private Mappings(
      RuleSet rules,
      Map<String, RuleSet> senders,
      Map<String, SenderProfile> profiles,
      List<RuleFault> warnings) {
    this.rules = rules;
    this.messageTypes =
        rules.messages().keySet().stream()
            .filter(key -> key.indexOf('/') < 0)
            .collect(Collectors.toUnmodifiableSet());
    this.senders = Map.copyOf(senders);
    this.profiles = Map.copyOf(profiles);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads, checks and compiles a folder.
   *
   * @throws RuleFaultsException with every fault of every file
   * @throws UncheckedIOException if the folder cannot be read
   */
  public static Mappings load(Path folder) throws RuleFaultsException {
    return of(RuleFiles.read(folder));
  }

  static Mappings of(RuleFiles files) throws RuleFaultsException {
    FhirModel model = new FhirModel();
    FaultLog log = new FaultLog();
    files.faults().forEach(each -> log.fault(each.file(), each.line(), each.sentence()));
    Map<String, String> base = new LinkedHashMap<>();
    Map<String, Map<String, String>> own = new TreeMap<>();
    Map<String, SenderProfile> profiles = new HashMap<>();
    files
        .texts()
        .forEach(
            (file, text) -> {
              String content = RuleFiles.withoutMark(text);
              if (file.startsWith(SENDERS)) {
                int end = file.indexOf('/', SENDERS.length());
                String sender = end < 0 ? "" : file.substring(SENDERS.length(), end);
                if (end > 0 && file.substring(end + 1).equals(SenderFiles.NAME)) {
                  RuleText.read(file, content, log)
                      .ifPresent(read -> profiles.put(sender, SenderFiles.read(read)));
                } else if (end > 0) {
                  own.computeIfAbsent(sender, name -> new LinkedHashMap<>()).put(file, content);
                }
              } else {
                base.put(file, content);
              }
            });
    Loading loading = new Loading(log, new V2Dictionary(), model);
    RuleSet rules = loading.compile(base, Map.of(), "");
    Map<String, RuleSet> senders = new HashMap<>();
    own.forEach(
        (sender, more) -> senders.put(sender, loading.compile(base, more, SENDERS + sender + "/")));
    if (!log.faults().isEmpty()) {
      throw new RuleFaultsException(log.faults());
    }
    return new Mappings(rules, senders, profiles, log.warnings());
  }

  /** Compiles the files of all, or of one sender laid over them. */
  private record Loading(FaultLog log, V2Dictionary dictionary, FhirModel model) {
    RuleSet compile(Map<String, String> base, Map<String, String> more, String prefix) {
      TableFiles tables = new TableFiles(log);
      Map<String, RuleText> yaml = new LinkedHashMap<>();
      base.forEach((file, content) -> read(file, content, tables, file, yaml));
      more.forEach(
          (file, content) -> read(file, content, tables, file.substring(prefix.length()), yaml));
      RuleSet rules = new RuleSet(tables.tables(), tables.verdicts(), tables.namespaces());
      Compiler compiler = new Compiler(dictionary, model, rules);
      new MappingFiles(compiler, yaml).compile();
      Unreachable unreachable = new Unreachable(compiler, log);
      unreachable.rules();
      more.keySet().stream()
          .filter(
              file ->
                  file.startsWith(prefix + TargetFiles.FOLDER)
                      || file.startsWith(prefix + CallFiles.FOLDER))
          .forEach(
              file ->
                  log.fault(file, 1, "What a target takes holds for all senders; see targets/."));
      if (more.isEmpty()) {
        unreachable.segments();
        rules.targets().putAll(new TargetFiles(compiler).compile(yaml));
        rules.calls().putAll(new CallFiles(compiler).read(yaml));
        ActionFiles.checkParameters(yaml, rules.calls().values());
        unused(compiler, rules, base);
      }
      return rules;
    }

    private void read(
        String file, String content, TableFiles tables, String name, Map<String, RuleText> yaml) {
      if (file.endsWith(".csv")) {
        if (name.startsWith("tables/")) {
          tables.read(file, content);
        }
        return;
      }
      Optional<RuleText> text = RuleText.read(file, content, log);
      if (text.isEmpty()) {
        return;
      }
      if (text.get().has("extends")) {
        String extended = text.get().text("extends");
        RuleText under = yaml.get(extended);
        if (under == null || !extended.equals(name)) {
          text.get()
              .get("extends")
              .orElseThrow()
              .fault("Write the path of the file that this one changes: " + name + ".");
          return;
        }
        Unreachable.sender(under, text.get());
        yaml.put(name, under.overlaid(text.get()));
      } else {
        yaml.put(name, text.get());
      }
    }

    private static boolean isKept(RuleSet rules, String table) {
      CodeTable found = rules.tables().get(table);
      return found != null && !found.head().keptFor().isEmpty();
    }

    private void unused(Compiler compiler, RuleSet rules, Map<String, String> base) {
      Set<String> standing = Set.of("namespaces", "HL70396");
      for (String file : base.keySet()) {
        String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.csv$", "");
        boolean table = file.startsWith("tables/") && file.endsWith(".csv");
        boolean kept = table && isKept(rules, name);
        if (kept && compiler.isUsed(name)) {
          log.warning(file, 1, "A rule names this table: take out kept-for.");
        } else if (table && !kept && !compiler.isUsed(name) && !standing.contains(name)) {
          log.warning(
              file, 1, "No rule names this table, and no kept-for says what it is here for.");
        }
      }
    }
  }

  RuleSet rulesFor(String sender) {
    return senders.getOrDefault(sender, rules);
  }

  /**
   * How messages of a sender differ on the wire.
   *
   * @param sender {@code MSH-3.1@MSH-4.1}
   */
  public SenderProfile sender(String sender) {
    return profiles.getOrDefault(sender, SenderProfile.NONE);
  }

  /** The message types that have a message file: {@code ORU^R01}. */
  public Set<String> messageTypes() {
    return messageTypes;
  }

  /** As {@link #messageTypes}, and the variants: {@code ORU^R01/observations}. */
  public Set<String> messageFiles() {
    return Set.copyOf(rules.messages().keySet());
  }

  /**
   * Whether a type has a message file.
   *
   * @param variant as the file names itself; empty for the file of all
   */
  public boolean isMapped(String type, String variant) {
    return rules.messages().containsKey(variant.isEmpty() ? type : type + "/" + variant);
  }

  /**
   * A table by its file name without {@code .csv}, for those who look up outside a rule.
   *
   * @throws IllegalArgumentException if there is none
   */
  public CodeTable table(String name) {
    CodeTable table = rules.tables().get(name);
    if (table == null) {
      throw new IllegalArgumentException("There is no table " + name + " in the mappings folder");
    }
    return table;
  }

  /**
   * Whether a table, as this sender's files have it, has a row for a code of a message: what a run
   * put among its unknown codes is not among them any more.
   *
   * @param table by its file name without {@code .csv}; {@code namespaces} for an authority
   * @param text what the message calls the code; empty if it does not say
   */
  public boolean knows(String sender, String table, String code, String text) {
    RuleSet seen = rulesFor(sender);
    if (table.equals(Namespaces.TABLE)) {
      return seen.namespaces().knows(code, text);
    }
    CodeTable found = seen.tables().get(table);
    if (found == null) {
      return false;
    }
    boolean byCode = !code.isEmpty() && found.forward(code).isPresent();
    return byCode || DocumentFunctions.DocumentType.knows(found, code, text);
  }

  /** The assigning authorities (HD) that are known, and their URIs. */
  public Namespaces namespaces() {
    return rules.namespaces();
  }

  /** The servers of which a file under {@code targets/} says what they take, by name, sorted. */
  public Set<String> targets() {
    return new TreeSet<>(rules.targets().keySet());
  }

  /**
   * What a server takes.
   *
   * @param name {@code none} for a server that takes whatever is mapped
   * @throws IllegalArgumentException if there is no file for it
   */
  Optional<TargetProfile> target(String name) {
    if (name.equals(TargetFiles.NONE)) {
      return Optional.empty();
    }
    TargetProfile target = rules.targets().get(name);
    if (target == null) {
      throw new IllegalArgumentException(
          "There is no target " + name + " in the mappings folder; there are " + targets());
    }
    return Optional.of(target);
  }

  /**
   * What can be asked of a server; nothing if no file says it. Of a server that takes whatever is
   * mapped ({@code none}) the same can be asked as of Cerner.
   */
  TargetCalls calls(String target) {
    String name = target.equals(TargetFiles.NONE) ? USUAL_CALLS : target;
    return rules.calls().getOrDefault(name, TargetCalls.NONE);
  }

  /**
   * What is not wrong but asks to be looked at: tables and data types that no rule names, rules
   * that cannot matter.
   */
  public List<RuleFault> warnings() {
    return warnings;
  }

  /** The JSON actions that have a file, by name, sorted. */
  List<ActionMap> actions() {
    return new TreeSet<>(rules.actions().keySet())
        .stream().map(name -> rules.actions().getOrDefault(name, ActionMap.NONE)).toList();
  }
}

package org.millrace.mapping;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.hl7.SenderProfile;

/**
 * All rules, tables and variants of tenants and senders of a mappings folder, compiled. Immutable
 * and thread-safe.
 */
public final class Mappings {
  private static final String USUAL_CALLS = "cerner";
  private final RuleLayers.Layer tenant;
  private final RuleSet rules;
  private final Set<String> messageTypes;
  private final Map<String, RuleSet> senders;
  private final Map<String, Mappings> tenants;
  private final Shared shared;

  /**
   * What is the same for all tenants.
   *
   * @param tables every file of a table, by path under the folder
   */
  private record Shared(RuleLoading loading, Set<String> tables, List<RuleFault> warnings) {
    RuleLayers layers() {
      return loading.layers();
    }
  }

  private Mappings(
      RuleLayers.Layer tenant,
      RuleSet rules,
      Map<String, RuleSet> senders,
      Map<String, Mappings> tenants,
      Shared shared) {
    this.tenant = tenant;
    this.rules = rules;
    this.messageTypes =
        rules.messages().keySet().stream()
            .filter(key -> key.indexOf('/') < 0)
            .collect(Collectors.toUnmodifiableSet());
    this.senders = new ConcurrentHashMap<>(senders);
    this.tenants = Map.copyOf(tenants);
    this.shared = shared;
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
    FaultLog log = new FaultLog();
    files.faults().forEach(each -> log.fault(each.file(), each.line(), each.sentence()));
    RuleLayers layers = RuleLayers.of(files, log);
    RuleLoading loading = new RuleLoading(layers, log, new V2Dictionary(), new FhirModel());
    RuleSet rules = loading.compile(RuleLayers.Layer.NONE, RuleLayers.Layer.NONE);
    Map<String, RuleSet> senders = new HashMap<>();
    layers
        .senders()
        .forEach((sender, own) -> senders.put(sender, loading.compile(RuleLayers.Layer.NONE, own)));
    Map<String, RuleSet> ofTenants = new HashMap<>();
    layers
        .tenants()
        .forEach(
            (tenant, own) -> {
              FaultLog more = new FaultLog();
              ofTenants.put(tenant, loading.with(more).compile(own, RuleLayers.Layer.NONE));
              log.takeOver(more, own.folder());
            });
    thrown(log);
    Shared shared = new Shared(loading, layers.tables(), log.warnings());
    Map<String, Mappings> tenants = new HashMap<>();
    layers
        .tenants()
        .forEach(
            (tenant, own) ->
                tenants.put(
                    tenant,
                    new Mappings(
                        own,
                        Objects.requireNonNull(ofTenants.get(tenant)),
                        Map.of(),
                        Map.of(),
                        shared)));
    return new Mappings(RuleLayers.Layer.NONE, rules, senders, tenants, shared);
  }

  private static void thrown(FaultLog log) throws RuleFaultsException {
    if (!log.faults().isEmpty()) {
      throw new RuleFaultsException(log.faults());
    }
  }

  /**
   * Compiles what the files of senders lay over those of tenants. What is not asked for here is
   * compiled with the first message: as many sets as there are tenants and senders would take long,
   * though each sender's messages go to one tenant.
   *
   * @param sends whether messages of a tenant, the first, come of a sender, the second
   * @throws RuleFaultsException with every fault that only both together have
   */
  public void check(BiPredicate<String, String> sends) throws RuleFaultsException {
    FaultLog log = new FaultLog();
    new TreeMap<>(tenants)
        .forEach(
            (name, own) ->
                shared.layers().senders().keySet().stream()
                    .filter(sender -> sends.test(name, sender))
                    .forEach(sender -> own.tried(sender, log)));
    thrown(log);
  }

  private void tried(String sender, FaultLog log) {
    FaultLog own = new FaultLog();
    RuleSet set = over(sender, own);
    if (own.faults().isEmpty()) {
      senders.put(sender, set);
    }
    own.faults().forEach(each -> log.fault(each.file(), each.line(), each.sentence()));
  }

  private RuleSet over(String sender, FaultLog log) {
    FaultLog more = new FaultLog();
    RuleLayers.Layer own = Objects.requireNonNull(shared.layers().senders().get(sender));
    RuleSet set = shared.loading().with(more).compile(tenant, own);
    log.takeOver(more, tenant.folder());
    return set;
  }

  /**
   * @throws UnfitMappingsException if its files do not fit over those of the tenant
   */
  RuleSet rulesFor(String sender) {
    if (!shared.layers().senders().containsKey(sender)) {
      return rules;
    }
    return senders.computeIfAbsent(sender, this::unchecked);
  }

  private RuleSet unchecked(String sender) {
    FaultLog log = new FaultLog();
    RuleSet set = over(sender, log);
    if (!log.faults().isEmpty()) {
      throw new UnfitMappingsException(log.faults());
    }
    return set;
  }

  /**
   * The same with what the files of a tenant lay over those of all; itself where a tenant has none.
   *
   * @param name as settings have it; empty for the tenant without a name
   */
  public Mappings ofTenant(String name) {
    return tenants.getOrDefault(name, this);
  }

  /** The tenants that have files of their own, sorted. */
  public Set<String> tenants() {
    return new TreeSet<>(tenants.keySet());
  }

  /**
   * How messages of a sender differ on the wire.
   *
   * @param sender {@code MSH-3.1@MSH-4.1}
   */
  public SenderProfile sender(String sender) {
    return shared.layers().profiles().getOrDefault(sender, SenderProfile.NONE);
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

  /**
   * The file of a table that a row for a code of this sender belongs into: the sender's own, else
   * the tenant's, else that of all; empty if there is no such table.
   *
   * @param table by its file name without {@code .csv}
   * @return its path under the folder: {@code tables/HL70001.csv}
   */
  public Optional<String> tableFile(String sender, String table) {
    return Stream.of(RuleLayers.SENDERS + sender + "/", tenant.folder(), "")
        .map(folder -> folder + "tables/" + table + ".csv")
        .filter(shared.tables()::contains)
        .findFirst();
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
    return shared.warnings();
  }

  /** The JSON actions that have a file, by name, sorted. */
  List<ActionMap> actions() {
    return new TreeSet<>(rules.actions().keySet())
        .stream().map(name -> rules.actions().getOrDefault(name, ActionMap.NONE)).toList();
  }
}

package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/**
 * Runs compiled rules. Immutable and thread-safe; one run never fails half: a resource is whole or
 * its verdict says why not.
 */
public final class Mapper {
  private final Mappings mappings;
  private final String server;
  private final Optional<TargetProfile> target;
  private final TargetCalls calls;
  private final Map<String, String> site;

  /** A mapper for a server that takes whatever is mapped. */
  public Mapper(Mappings mappings) {
    this(mappings, TargetFiles.NONE, Map.of());
  }

  private Mapper(Mappings mappings, String server, Map<String, String> site) {
    this.mappings = mappings;
    this.server = server;
    this.site = Map.copyOf(site);
    this.target = mappings.target(server);
    this.calls = mappings.calls(server);
  }

  /**
   * The same for a server of which a file under {@code targets/} says what it takes.
   *
   * @param name of the file, or {@code none}
   * @throws IllegalArgumentException if there is no such file
   */
  public Mapper forTarget(String name) {
    return new Mapper(mappings, name, site);
  }

  /**
   * The same for one site of the server.
   *
   * @param supplied what the site puts into creates of callers who leave it out, where the server's
   *     file has {@code supplied: organization}: a reference, by that name
   */
  public Mapper forSite(Map<String, String> supplied) {
    return new Mapper(mappings, server, supplied);
  }

  /**
   * One by other rules, for the same server.
   *
   * @throws IllegalArgumentException if they have no file for the server
   */
  public Mapper by(Mappings others) {
    return new Mapper(others, server, site);
  }

  /** The same by what the files of a tenant lay over those of all, where it has any. */
  public Mapper ofTenant(String name) {
    return by(mappings.ofTenant(name));
  }

  /** What can be asked of the server. */
  public TargetCalls calls() {
    return calls;
  }

  /** The JSON actions that have a file, by name, sorted, with what this site must be told. */
  public List<ActionShape> actions() {
    return mappings.actions().stream().map(this::ofSite).map(ActionMap::shape).toList();
  }

  /** What the server does not want, or the site supplies, callers may leave out. */
  private ActionMap ofSite(ActionMap action) {
    return action.needing(
        field ->
            field.supplied().isEmpty()
                || (!site.containsKey(field.supplied())
                    && target
                        .filter(to -> to.wants(action.resource(), field.supplied()))
                        .isPresent()));
  }

  public Mappings mappings() {
    return mappings;
  }

  /**
   * v2 to FHIR, by the message file of MSH-9.
   *
   * @throws IllegalArgumentException if there is no message file for this type; ask {@link
   *     Mappings#messageTypes} first
   */
  public MappingRun map(V2Message message, MappingContext context) {
    return map(message, "", context);
  }

  /**
   * v2 to FHIR, by a variant of the message file of MSH-9.
   *
   * @param variant as the file names itself, {@code observations}; empty for the file of all
   * @throws IllegalArgumentException if there is no such message file
   */
  public MappingRun map(V2Message message, String variant, MappingContext context) {
    RuleSet rules = mappings.rulesFor(context.sender());
    MessageMap map = messageMap(rules, keyOf(message.header().type(), variant));
    MappingRun run = new MessageRun(message, map, new Run(rules, context, Map.of())).map();
    return target.isEmpty() ? run : new TargetRun(target.get(), context).applied(run, message);
  }

  private static String keyOf(String type, String variant) {
    return variant.isEmpty() ? type : type + "/" + variant;
  }

  private static MessageMap messageMap(RuleSet rules, String type) {
    MessageMap map = rules.messages().get(type);
    if (map == null) {
      throw new IllegalArgumentException("There is no message file for this type of message");
    }
    return map;
  }

  /**
   * FHIR to v2: writes one group of a message file, its segments in the file's order. A segment for
   * which no resource is there is written as the file's {@code otherwise} says, or not at all.
   *
   * @param message for example {@code ADR^A19}
   * @param group for example {@code QUERY_RESPONSE}
   * @param resources what the group is made from, by type: one Patient, at most one Encounter, and
   *     any Location that the Encounter points at
   * @throws IllegalArgumentException if no message file has such a group
   */
  public WrittenRun write(
      V2Writer writer,
      String message,
      String group,
      List<? extends JsonNode> resources,
      MappingContext context) {
    RuleSet rules = mappings.rulesFor(context.sender());
    MessageMap.Group found =
        messageMap(rules, message)
            .group(group)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("There is no group " + group + " in " + message));
    ResourcePool pool =
        new ResourcePool(
            resources.stream().map(each -> new ResourcePool.Source("", each)).toList());
    Run run = new Run(rules, context, pool.resolvable());
    new GroupWriting(writer, pool, run).writeOne(found);
    pool.noteUnread(run);
    return new WrittenRun(run.lineage(), run.notes());
  }

  /**
   * FHIR to v2: writes a whole message of a message file, each group once for each resource that
   * leads it. Whatever MSH holds besides what a MessageHeader says has been written by the caller.
   *
   * @param type {@code ADT^A01}; with a variant {@code ORU^R01/observations}
   * @param resources what it is made from, by the URL that a bundle gives each, or its type and id
   * @throws IllegalArgumentException if there is no such message file
   */
  public WrittenRun writeAll(
      V2Writer writer, String type, Map<String, JsonNode> resources, MappingContext context) {
    RuleSet rules = mappings.rulesFor(context.sender());
    MessageMap map = messageMap(rules, type);
    List<ResourcePool.Source> sources = new ArrayList<>();
    resources.forEach((url, json) -> sources.add(new ResourcePool.Source(url, json)));
    ResourcePool pool = new ResourcePool(sources);
    Run run = new Run(rules, context, pool.resolvable());
    GroupWriting writing = new GroupWriting(writer, pool, run);
    map.groups().forEach(writing::writeEach);
    pool.noteUnread(run);
    pool.noteUnwritten(run);
    return new WrittenRun(run.lineage(), run.notes());
  }

  /**
   * The fields of a JSON action to the FHIR resource it sends, by {@code actions/<name>.yaml}.
   *
   * @throws IllegalArgumentException if there is no such action
   */
  public ActionRun toFhir(String action, JsonNode fields, MappingContext context) {
    ActionMapping mapping = action(action, context);
    ActionRun run = mapping.toFhir(fields);
    return target.isEmpty() || !run.faults().isEmpty() || !mapping.makesWhole()
        ? run
        : new TargetRun(target.get(), withSite(context)).applied(run);
  }

  private MappingContext withSite(MappingContext context) {
    Map<String, String> given = new HashMap<>(site);
    given.putAll(context.given());
    return new MappingContext(context.zone(), context.sender(), given);
  }

  /**
   * Holds a resource that a caller wants to create against the target. What the target would ignore
   * is taken out of it, what the site supplies is put in.
   *
   * @return all that the target would refuse or ignore, in the order of its rules
   */
  public List<TargetFinding> checkCreate(ObjectNode resource) {
    return checked(resource, TargetProfile.Interaction.CREATE);
  }

  /** As {@link #checkCreate}, for a resource that takes the place of another version. */
  public List<TargetFinding> checkUpdate(ObjectNode resource) {
    return checked(resource, TargetProfile.Interaction.UPDATE);
  }

  private List<TargetFinding> checked(ObjectNode resource, TargetProfile.Interaction interaction) {
    MappingContext context = new MappingContext(ZoneOffset.UTC, "", site);
    return target
        .map(to -> new TargetRun(to, context).checked(resource, interaction))
        .orElse(List.of());
  }

  /**
   * What a JSON action answers, drawn out of a FHIR resource, by {@code actions/<name>.yaml}. An
   * answer that its file gives no path for ({@code resourceId} of what was created) is the
   * caller's.
   *
   * @throws IllegalArgumentException if there is no such action
   */
  public ObjectNode fromFhir(String action, JsonNode resource, MappingContext context) {
    return action(action, context).fromFhir(resource);
  }

  private ActionMapping action(String action, MappingContext context) {
    RuleSet rules = mappings.rulesFor(context.sender());
    ActionMap map = rules.actions().get(action);
    if (map == null) {
      throw new IllegalArgumentException("There is no file for this action under actions/");
    }
    return new ActionMapping(ofSite(map), new Run(rules, context, Map.of()));
  }

  /** Lineage and coverage of a run from FHIR to v2. */
  public record WrittenRun(List<Lineage> lineage, List<CoverageNote> coverage) {}

  /**
   * The input of a JSON action, checked and mapped.
   *
   * @param resource empty if there are faults or the action sends no resource
   * @param faults every fault of every field at once
   * @param notTaken what the target ignores, so that it was taken out of the resource
   */
  public record ActionRun(
      ObjectNode resource,
      List<FieldFault> faults,
      List<Lineage> lineage,
      List<TargetFinding> notTaken) {

    /**
     * The field that an element came from; empty if no field made it.
     *
     * @param place a FHIR path: {@code DocumentReference.type}
     */
    public String field(String place) {
      return new LineageIndex(lineage)
          .nearest(place, resource.path("resourceType").asText()).stream()
              .map(Lineage::source)
              .filter(source -> source.startsWith(ActionMapping.OF_FIELD))
              .map(source -> source.substring(ActionMapping.OF_FIELD.length()))
              .findFirst()
              .orElse("");
    }
  }

  /**
   * What is wrong with one field of a JSON action: {@code ssn}, "is not of the form ddd-dd-dddd".
   */
  public record FieldFault(String field, String message) {}
}

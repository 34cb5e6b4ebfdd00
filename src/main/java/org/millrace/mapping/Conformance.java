package org.millrace.mapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files of a mappings folder do with every message, segment and data type, as they say it:
 * for the pages under {@code docs/conformance}. What differs for one sender or tenant is left out.
 *
 * @param messages in order of file
 * @param segments the files under {@code segments/}, in order of file
 * @param datatypes the files under {@code datatypes/}, in order of file
 * @param targets the files under {@code targets/}, in order of file
 */
public record Conformance(
    List<MessageFile> messages,
    List<RuleFile> segments,
    List<RuleFile> datatypes,
    List<TargetFile> targets) {
  public Conformance {
    targets = List.copyOf(targets);
    messages = List.copyOf(messages);
    segments = List.copyOf(segments);
    datatypes = List.copyOf(datatypes);
  }

  /**
   * A file that binds a segment or data type to a resource or type.
   *
   * @param name of the file, without folder and end
   * @param fhir the resource, or the FHIR type
   * @param source what its rules follow
   */
  public record RuleFile(String name, String v2, String fhir, String source, List<RuleLine> rules) {
    public RuleFile {
      rules = List.copyOf(rules);
    }
  }

  /**
   * A message file.
   *
   * @param name of the file, without folder and end
   * @param types {@code ORU^R01}, and those that go the same way
   * @param says its other keys that are one text, by name
   * @param rules places that are read for the message as a whole
   */
  public record MessageFile(
      String name,
      List<String> types,
      Map<String, String> says,
      List<Group> groups,
      List<RuleLine> rules) {
    public MessageFile {
      types = List.copyOf(types);
      says = Map.copyOf(says);
      groups = List.copyOf(groups);
      rules = List.copyOf(rules);
    }
  }

  /**
   * A group of a message file.
   *
   * @param says its keys that are one text, by name: {@code starts-at}, {@code action}, {@code
   *     content}
   * @param entries its segments, each with its keys that are one text: {@code segment}, {@code
   *     resource}, {@code required}
   * @param rules its own rules, and the places that its verdict and keys read
   */
  public record Group(
      String name,
      Map<String, String> says,
      List<Map<String, String>> entries,
      List<RuleLine> rules) {
    public Group {
      says = Map.copyOf(says);
      entries = List.copyOf(entries);
      rules = List.copyOf(rules);
    }
  }

  /**
   * What a server takes.
   *
   * @param name of the file, without folder and end
   * @param title what sentences call the server
   */
  public record TargetFile(String name, String title, List<TargetEntry> entries) {
    public TargetFile {
      entries = List.copyOf(entries);
    }
  }

  /**
   * What a server takes of some resources.
   *
   * @param takes FHIR places, each with all below it; empty if nothing is said of it
   * @param says its keys that are one text, by name: {@code others}, {@code refused}, {@code
   *     source}
   */
  public record TargetEntry(
      List<String> resources,
      List<String> interactions,
      List<String> takes,
      List<TargetRule> rules,
      Map<String, String> says) {
    public TargetEntry {
      resources = List.copyOf(resources);
      interactions = List.copyOf(interactions);
      takes = List.copyOf(takes);
      rules = List.copyOf(rules);
      says = Map.copyOf(says);
    }
  }

  /**
   * One rule of a server.
   *
   * @param places from the resource on
   * @param says its keys by name, a list with commas between: {@code ignored}, {@code refused},
   *     {@code when}, {@code max}
   */
  public record TargetRule(List<String> places, Map<String, String> says) {
    public TargetRule {
      places = List.copyOf(places);
      says = Map.copyOf(says);
    }
  }

  /**
   * A field of a segment, or a component of a data type, in HL7 v2.5.1.
   *
   * @param number from 1
   * @param type {@code XPN}; empty if anything may stand there
   * @param repeats always false for components
   */
  public record Field(int number, String name, String type, boolean repeats) {}

  /**
   * Reads a folder.
   *
   * @throws RuleFaultsException with every fault of every file
   * @throws java.io.UncheckedIOException if the folder cannot be read
   */
  public static Conformance of(Path folder) throws RuleFaultsException {
    Mappings.load(folder);
    return new ConformanceReader(folder).read();
  }

  /** The fields of a segment in order; empty if HL7 v2.5.1 has no such segment. */
  public static List<Field> fields(String segment) {
    return new V2Names().fields(segment);
  }

  /** The components of a data type in order; empty if it has none, or HL7 v2.5.1 has no such. */
  public static List<Field> components(String type) {
    return new V2Names().components(type);
  }

  /** Whether HL7 v2.5.1 has a place: {@code PID-3}, {@code XPN.1}. */
  public static boolean isKnown(String place) {
    Optional<V2Place> read = V2Place.parse(place);
    return read.isPresent() && new V2Dictionary().find(read.get()) instanceof V2Dictionary.Found;
  }

  /** Every rule of every file, each once. */
  public List<RuleLine> rules() {
    List<RuleLine> all = new ArrayList<>();
    segments.forEach(file -> all.addAll(file.rules()));
    datatypes.forEach(file -> all.addAll(file.rules()));
    for (MessageFile message : messages) {
      all.addAll(message.rules());
      message.groups().forEach(group -> all.addAll(group.rules()));
    }
    return all.stream().distinct().toList();
  }
}

package org.millrace.mapping;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All compiled files as one sender of one tenant sees them. Immutable once loaded. */
final class RuleSet {
  static final RuleSet EMPTY = new RuleSet(Map.of(), Map.of(), new Namespaces(List.of()));
  private static final String CODING_SYSTEMS = "HL70396";
  private final Map<String, CodeTable> tables;
  private final Map<String, VerdictTable> verdicts;
  private final Namespaces namespaces;
  private final Map<String, SegmentMap> segments = new HashMap<>();
  private final Map<String, MessageMap> messages = new HashMap<>();
  private final Map<String, ActionMap> actions = new HashMap<>();
  private final Map<String, TargetProfile> targets = new HashMap<>();
  private final Map<String, TargetCalls> calls = new HashMap<>();

  RuleSet(
      Map<String, CodeTable> tables, Map<String, VerdictTable> verdicts, Namespaces namespaces) {
    this.tables = tables;
    this.verdicts = verdicts;
    this.namespaces = namespaces;
  }

  Map<String, CodeTable> tables() {
    return tables;
  }

  Map<String, VerdictTable> verdicts() {
    return verdicts;
  }

  Namespaces namespaces() {
    return namespaces;
  }

  /** By {@code PID/Patient}. */
  Map<String, SegmentMap> segments() {
    return segments;
  }

  /** By {@code ORU^R01}. */
  Map<String, MessageMap> messages() {
    return messages;
  }

  Map<String, ActionMap> actions() {
    return actions;
  }

  /** By the name of the file. Sets of senders have none: what a server takes holds for all. */
  Map<String, TargetProfile> targets() {
    return targets;
  }

  /** What can be asked of each server, by the name of the file; as {@link #targets}. */
  Map<String, TargetCalls> calls() {
    return calls;
  }

  /** The URI of a coding system as CE.3 names it; the empty string if CE.3 says nothing. */
  String codingSystem(String name, Conversion.Trip trip, V2Node from) {
    if (name.isBlank()) {
      return "";
    }
    CodeTable systems = tables.get(CODING_SYSTEMS);
    Optional<CodeTable.Row> row =
        systems == null ? Optional.empty() : systems.forward(name.strip());
    if (row.isPresent()) {
      return row.get().fhirCode();
    }
    if (name.matches("HL7\\d{4}")) {
      return "http://terminology.hl7.org/CodeSystem/v2-" + name.substring(3);
    }
    trip.run()
        .unknown(
            new UnknownCode(CODING_SYSTEMS, name.strip(), "", from.path(), false),
            "Table "
                + CODING_SYSTEMS
                + " does not know this coding system; it is sent as the sender's.");
    return Namespaces.local(trip.run().context().sender(), name.strip());
  }

  /** A coding system's URI as CE.3 names it; a URI that no table knows is written as it is. */
  String codingSystemName(String uri) {
    CodeTable systems = tables.get(CODING_SYSTEMS);
    Optional<CodeTable.Row> row = systems == null ? Optional.empty() : systems.reverse(uri);
    if (row.isPresent()) {
      return row.get().v2Code();
    }
    if (uri.matches("http://terminology\\.hl7\\.org/CodeSystem/v2-\\d{4}")) {
      return "HL7" + uri.substring(uri.length() - 4);
    }
    return Namespaces.localName(uri).orElse(uri);
  }
}

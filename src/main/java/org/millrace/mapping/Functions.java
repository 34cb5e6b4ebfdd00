package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The closed list of functions that a rule may name; rule files hold no code of their own. */
final class Functions {
  private static final Set<String> NAMES =
      Set.of(
          "base64",
          "base64-checked",
          "coding-system",
          "date",
          "date-time",
          "date-time-full",
          "display-name",
          "document-name",
          "document-type",
          "location-chain",
          "namespace",
          "reference-id");

  private Functions() {}

  static String names() {
    return String.join(", ", new TreeSet<>(NAMES));
  }

  /**
   * A function by its name.
   *
   * @param to the resource type a reference names
   */
  static Optional<Conversion> named(String name, String to, Optional<CodeTable> table) {
    return switch (name) {
      case "base64" -> Optional.of(new Base64Text());
      case "base64-checked" -> Optional.of(new Base64Checked());
      case "coding-system" -> Optional.of(new CodingSystem());
      case "date" -> Optional.of(new Day());
      case "date-time" -> Optional.of(new DateTime(false));
      case "date-time-full" -> Optional.of(new DateTime(true));
      case "display-name" -> Optional.of(new DisplayName());
      case "document-name" -> table.map(DocumentName::new);
      case "document-type" -> table.map(DocumentType::new);
      case "location-chain" -> table.map(LocationChain::new);
      case "namespace" -> Optional.of(new Namespace());
      case "reference-id" -> Optional.of(new ReferenceId(to));
      default -> Optional.empty();
    };
  }

  /** A trip whose notes nobody reads: for values that the rules themselves fix. */
  static Conversion.Trip silent(String rule) {
    MappingContext context = new MappingContext(ZoneOffset.UTC, "", Map.of());
    return new Conversion.Trip(new Run(RuleSet.EMPTY, context, Map.of()), rule);
  }

  private static Made unreadable(V2Node from, Conversion.Trip trip, String what) {
    trip.note(
        CoverageNote.Kind.UNREADABLE, from.path(), "This is no " + what + "; it is left out.");
    return Made.nothing();
  }

  private static Made text(String text, V2Node from, Conversion.Trip trip, String through) {
    return Made.value(TextNode.valueOf(text), from.path(), trip.rule(), through);
  }

  /** UTF-8 text as base64, on the way to an attachment. */
  private record Base64Text() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      byte[] bytes = from.text().getBytes(StandardCharsets.UTF_8);
      return text(Base64.getEncoder().encodeToString(bytes), from, trip, "base64");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      try {
        byte[] bytes = Base64.getDecoder().decode(from.text());
        String text = new String(bytes, StandardCharsets.UTF_8);
        return to.write(text, from.path(), trip.rule(), "base64");
      } catch (IllegalArgumentException e) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no base64; it is left out.");
        return false;
      }
    }
  }

  /** Base64 that somebody else made; what is none gives nothing. */
  private record Base64Checked() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      try {
        boolean empty = Base64.getDecoder().decode(from.text()).length == 0;
        return empty ? Made.nothing() : text(from.text(), from, trip, "base64-checked");
      } catch (IllegalArgumentException e) {
        return unreadable(from, trip, "base64");
      }
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      return to.write(from.text(), from.path(), trip.rule(), "");
    }
  }

  /** A LOINC code, or a name that the table knows. */
  private record DocumentName(CodeTable table) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String said = from.text().strip();
      ObjectNode concept = JsonNodeFactory.instance.objectNode();
      Optional<CodeTable.Row> row =
          table.byText(said).or(() -> table.reverse(said, DocumentType.LOINC));
      if (row.isPresent()) {
        DocumentType.coding(concept, row.get());
      } else if (said.matches("\\d{1,7}-\\d")) {
        concept.putArray("coding").addObject().put("system", DocumentType.LOINC).put("code", said);
      } else {
        return unreadable(from, trip, "kind of document");
      }
      List<Made.Leaf> leaves = new ArrayList<>();
      DocumentType.trace(concept, from, trip, table, leaves);
      return Made.of(concept, leaves);
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      return false;
    }
  }

  /** CE.3 by HL7 table 0396 to a coding system's URI. */
  private record CodingSystem() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String uri = trip.run().rules().codingSystem(from.text(), trip, from);
      return uri.isEmpty() ? Made.nothing() : text(uri, from, trip, "coding-system");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      if (from.text().isEmpty()) {
        return false;
      }
      String name = trip.run().rules().codingSystemName(from.text());
      return to.write(name, from.path(), trip.rule(), "coding-system");
    }
  }

  /** The date part of a time; a birthday is never moved by a zone. */
  private record Day() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      return Times.date(from.text())
          .map(day -> text(day, from, trip, "date"))
          .orElseGet(() -> unreadable(from, trip, "date"));
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      Optional<String> day = Times.toV2Date(from.text());
      if (day.isEmpty() && !from.text().isEmpty()) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no date; it is left out.");
      }
      return day.isPresent() && to.write(day.get(), from.path(), trip.rule(), "date");
    }
  }

  /** A time in the feed's zone where it says none. {@code full}: never a date alone. */
  private record DateTime(boolean full) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      Optional<Times.Read> read = Times.dateTime(from.text(), trip.run().context().zone(), full);
      if (read.isEmpty()) {
        return unreadable(from, trip, "time");
      }
      if (read.get().timeAssumed()) {
        trip.note(
            CoverageNote.Kind.ZONE_ASSUMED,
            from.path(),
            "A date alone; midnight in the feed's zone is sent.");
      } else if (read.get().zoneAssumed()) {
        trip.note(
            CoverageNote.Kind.ZONE_ASSUMED,
            from.path(),
            "A time without offset; the feed's zone was assumed.");
      }
      if (read.get().secondsAssumed()) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "A time without seconds; it comes back with :00.");
      }
      return text(read.get().text(), from, trip, "date-time");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      Optional<String> time = Times.toV2(from.text(), trip.run().context().zone());
      if (time.isEmpty() && !from.text().isEmpty()) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no time; it is left out.");
      }
      return time.isPresent() && to.write(time.get(), from.path(), trip.rule(), "date-time");
    }
  }

  /** "Family, Given Middle" in a reference's display, and XCN.2, .3 and .4. */
  private record DisplayName() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String family = from.child(2).child(1).text().strip();
      String given = (from.child(3).text() + " " + from.child(4).text()).strip();
      String name = family.isEmpty() || given.isEmpty() ? family + given : family + ", " + given;
      return name.isEmpty() ? Made.nothing() : text(name, from, trip, "display-name");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      String name = from.text().strip();
      int comma = name.indexOf(',');
      String family = comma < 0 ? name : name.substring(0, comma).strip();
      String given = comma < 0 ? "" : name.substring(comma + 1).strip();
      int blank = given.indexOf(' ');
      String first = blank < 0 ? given : given.substring(0, blank);
      String further = blank < 0 ? "" : given.substring(blank + 1).strip();
      String rule = trip.rule();
      boolean wrote = to.child(2).child(1).write(family, from.path(), rule, "display-name");
      to.child(3).write(first, from.path(), rule, "display-name");
      to.child(4).write(further, from.path(), rule, "display-name");
      return wrote;
    }
  }

  /**
   * What kind of document a report is: LOINC as it stands, else by code, else by name. One coding
   * only, since Cerner refuses LOINC beside its own codes.
   */
  private record DocumentType(CodeTable table) implements Conversion {
    private static final String LOINC = "http://loinc.org";

    @Override
    public Made toFhir(V2Node from, Trip trip) {
      ObjectNode concept = JsonNodeFactory.instance.objectNode();
      String said = from.child(2).text().strip();
      for (int first : new int[] {1, 4}) {
        String code = from.child(first).text().strip();
        String text = from.child(first + 1).text().strip();
        String system = from.child(first + 2).text().strip();
        said = said.isEmpty() ? text : said;
        if (concept.isEmpty() && !code.isEmpty()) {
          Optional<CodeTable.Row> row = table.forward(code, system);
          if (row.isPresent()) {
            coding(concept, row.get());
          } else if (system.equals("LN")) {
            concept.putArray("coding").addObject().put("system", LOINC).put("code", code);
          }
        }
      }
      String name = said.isEmpty() ? from.child(1).text() : said;
      if (concept.isEmpty() && !name.isBlank()) {
        table.byText(name).ifPresent(row -> coding(concept, row));
      }
      if (concept.isEmpty()) {
        defaulted(concept, from, trip);
      }
      if (concept.isEmpty()) {
        return Made.nothing();
      }
      if (!said.isEmpty()) {
        concept.put("text", said);
      }
      List<Made.Leaf> leaves = new ArrayList<>();
      trace(concept, from, trip, table, leaves);
      if (!said.isEmpty()) {
        leaves.add(new Made.Leaf(".text", from.path(), trip.rule(), ""));
      }
      return Made.of(concept, leaves);
    }

    private static void trace(
        ObjectNode concept, V2Node from, Trip trip, CodeTable table, List<Made.Leaf> leaves) {
      concept
          .path("coding")
          .path(0)
          .fieldNames()
          .forEachRemaining(
              field ->
                  leaves.add(
                      new Made.Leaf(
                          ".coding[0]." + field, from.path(), trip.rule(), table.name())));
    }

    private static void coding(ObjectNode concept, CodeTable.Row row) {
      ObjectNode coding = concept.putArray("coding").addObject();
      coding.put("system", row.fhirSystem()).put("code", row.fhirCode());
      if (!row.fhirDisplay().isEmpty()) {
        coding.put("display", row.fhirDisplay());
      }
    }

    /** The site's type for reports that the table does not know: a LOINC code or system|code. */
    private void defaulted(ObjectNode concept, V2Node from, Trip trip) {
      String given = trip.run().given("document-type");
      if (given.isEmpty()) {
        return;
      }
      trip.note(
          CoverageNote.Kind.DEFAULTED,
          from.path(),
          "Table " + table.name() + " does not know this report; the default type was put in.");
      int bar = given.indexOf('|');
      String system = bar < 0 ? LOINC : given.substring(0, bar);
      String code = given.substring(bar + 1);
      Optional<CodeTable.Row> row =
          table.reverse(code, system).or(() -> bar < 0 ? table.byText(code) : Optional.empty());
      if (row.isPresent()) {
        coding(concept, row.get());
      } else {
        concept.putArray("coding").addObject().put("system", system).put("code", code);
      }
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markWhole(trip.run());
      JsonNode coding = from.json().path("coding").path(0);
      boolean loinc = coding.path("system").asText().equals(LOINC);
      boolean wrote = to.child(1).write(coding.path("code").asText(), from.path(), trip.rule(), "");
      String text = from.json().path("text").asText(coding.path("display").asText());
      wrote |= to.child(2).write(text, from.path(), trip.rule(), "");
      to.child(3).write(loinc ? "LN" : "L", from.path(), trip.rule(), "");
      return wrote;
    }
  }

  /** A location and what it is part of, by physical type, to the components of PL. */
  private record LocationChain(CodeTable levels) implements Conversion {
    private static final int DEEPEST = 8;

    @Override
    public Made toFhir(V2Node from, Trip trip) {
      return Made.nothing();
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      boolean wrote = false;
      FhirNode at = from;
      for (int i = 0; i < DEEPEST; i++) {
        String reference = at.json().path("reference").asText();
        JsonNode location = trip.run().resolvable().get(reference);
        if (location == null) {
          break;
        }
        at.markWhole(trip.run());
        FhirNode found = FhirNode.root(location, reference);
        for (JsonNode coding : location.path("physicalType").path("coding")) {
          Optional<CodeTable.Row> level = levels.reverse(coding.path("code").asText());
          if (level.isPresent()) {
            V2Slot part = to.child(Integer.parseInt(level.get().v2Code()));
            String name = location.path("name").asText();
            wrote |=
                !part.isTaken()
                    && part.write(name, reference + ".name", trip.rule(), levels.name());
            break;
          }
        }
        at = FhirNode.root(location.path("partOf"), found.path() + ".partOf");
      }
      return wrote;
    }
  }

  /** HD to URI by the registry; a name that only its sender knows gets a URI of our own. */
  private record Namespace() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String name = from.child(1).text();
      String id = from.child(2).text();
      String type = from.child(3).text();
      Optional<String> uri = trip.run().rules().namespaces().uri(name, id, type);
      if (uri.isPresent()) {
        Namespaces.Authority back = trip.run().rules().namespaces().authority(uri.get());
        boolean same =
            (name.isEmpty() || name.equals(back.namespaceId()))
                && (id.isEmpty() || id.equals(back.universalId()));
        if (!same) {
          trip.note(
              CoverageNote.Kind.LOSSY,
              from.path(),
              "The authority is kept as one URI; its name or id comes back as namespaces.csv has it.");
        }
        return text(uri.get(), from, trip, "namespaces");
      }
      String local = name.isEmpty() ? id : name;
      if (local.isBlank()) {
        return Made.nothing();
      }
      trip.note(
          CoverageNote.Kind.UNKNOWN_CODE,
          from.path(),
          "namespaces.csv does not know this authority; it is sent as the sender's own name.");
      return text(Namespaces.local(trip.run().context().sender(), local), from, trip, "namespaces");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      if (from.text().isEmpty()) {
        return false;
      }
      Namespaces.Authority hd = trip.run().rules().namespaces().authority(from.text());
      boolean wrote = to.child(1).write(hd.namespaceId(), from.path(), trip.rule(), "namespaces");
      wrote |= to.child(2).write(hd.universalId(), from.path(), trip.rule(), "namespaces");
      to.child(3).write(hd.universalIdType(), from.path(), trip.rule(), "namespaces");
      return wrote;
    }
  }

  /** {@code 12} and {@code Organization/12}. */
  private record ReferenceId(String type) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String id = from.text();
      if (!id.matches("[A-Za-z0-9\\-.]{1,64}")) {
        return unreadable(from, trip, "FHIR id");
      }
      return text(type + "/" + id, from, trip, "reference-id");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      if (!from.text().startsWith(type + "/")) {
        return false;
      }
      from.markRead(trip.run());
      String id = from.text().substring(type.length() + 1);
      return to.write(id, from.path(), trip.rule(), "reference-id");
    }
  }
}

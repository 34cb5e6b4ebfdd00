package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A code through a table, both ways. What the table does not know, or would not give back, travels
 * beside: as a second coding of the v2 table's own system, or, beside a code, in the extension
 * {@code alternate-codes}.
 *
 * <p>Source: v2-to-FHIR IG 1.0.0, Mapping Guidelines, "Concept maps" (unmapped codes).
 *
 * @param coded the v2 side is a CE or CWE: code, text and system, else the code alone
 * @param unknown what becomes of a code that no row knows
 */
record TableConversion(CodeTable table, String fhirType, boolean coded, Unknown unknown)
    implements Conversion {

  /** What becomes of a code that no row knows. */
  enum Unknown {
    /** It goes on as it is, as the sender's own, and is noted. */
    PASS,
    /** On the way to FHIR the message waits for the row. */
    HOLD,
    /** On the way to v2 it is left out. */
    DROP
  }

  static final String ALTERNATE_CODES = "http://hl7.org/fhir/StructureDefinition/alternate-codes";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    V2Node codeNode = coded ? from.child(1) : from;
    String code = codeNode.text();
    String text = coded && fhirType.equals("CodeableConcept") ? said(from.child(2), trip) : "";
    if (coded && from.child(3).text().length() > 0) {
      String named = from.child(3).peek();
      if (!named.equals(table.v2Name())) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.child(3).path(),
            "The code is read by table " + table.name() + "; its system comes back as that table.");
      }
    }
    if (code.isBlank() && text.isBlank()) {
      return Made.nothing();
    }
    Optional<CodeTable.Row> row = table.forward(code);
    if (row.isEmpty() && table.head().openSystem().isEmpty() && !code.isBlank()) {
      boolean held = unknown == Unknown.HOLD;
      trip.run()
          .unknown(
              new UnknownCode(table.name(), code, nameOf(from), codeNode.path(), held),
              "Table "
                  + table.name()
                  + " has no row for this code; "
                  + (held ? "the message waits for one." : "it is kept as it is."));
    }
    return new Target(trip, codeNode.path(), from, code, text, row).make();
  }

  private String nameOf(V2Node from) {
    return coded ? from.child(2).peek() : "";
  }

  /** A text that FHIR can hold; else a note and nothing. */
  private static String said(V2Node from, Trip trip) {
    String text = from.text();
    if (!text.isBlank() && CopyConversion.json("string", text).isMissingNode()) {
      trip.note(
          CoverageNote.Kind.UNREADABLE, from.path(), "FHIR cannot hold this text; it is left out.");
      return "";
    }
    return text;
  }

  /** One code on its way to FHIR. */
  private final class Target {
    private final Trip trip;
    private final String source;
    private final V2Node from;
    private final String code;
    private final String text;
    private final Optional<CodeTable.Row> row;
    private final List<Made.Leaf> leaves = new ArrayList<>();

    Target(
        Trip trip,
        String source,
        V2Node from,
        String code,
        String text,
        Optional<CodeTable.Row> row) {
      this.trip = trip;
      this.source = source;
      this.from = from;
      this.code = code;
      this.text = text;
      this.row = row;
    }

    private String through() {
      return table.name() + row.map(found -> ":" + found.line()).orElse("");
    }

    private void leaf(String path) {
      leaves.add(new Made.Leaf(path, source, trip.rule(), through()));
    }

    Made make() {
      return switch (fhirType) {
        case "CodeableConcept" -> concept();
        case "Coding" -> coding();
        default -> primitive();
      };
    }

    /** The coding the table gives; missing if it gives none. */
    private ObjectNode mapped() {
      ObjectNode coding = JSON.objectNode();
      if (row.isPresent() && !row.get().fhirCode().isEmpty()) {
        fill(coding, row.get().fhirSystem(), row.get().fhirCode(), row.get().fhirDisplay());
      } else if (row.isEmpty() && !table.head().openSystem().isEmpty() && !code.isBlank()) {
        fill(coding, table.head().openSystem(), code, "");
      }
      return coding;
    }

    /** The v2 code under its own system, where the mapped one would not bring it back. */
    private ObjectNode original() {
      ObjectNode coding = JSON.objectNode();
      boolean comesBack =
          row.isPresent() ? table.isReversible(row.get()) : !table.head().openSystem().isEmpty();
      if (!comesBack && !code.isBlank()) {
        fill(coding, originalSystem(), code, "");
      }
      return coding;
    }

    /** A code that HL7's table does not hold may not claim its system; it is the sender's own. */
    private String originalSystem() {
      return row.isPresent()
          ? table.head().v2System()
          : Namespaces.local(trip.run().context().sender(), table.v2Name());
    }

    private void fill(ObjectNode coding, String system, String value, String display) {
      if (!system.isEmpty()) {
        coding.put("system", system);
      }
      String clean = value.strip().replaceAll("[\\s\\x00]+", " ");
      if (!clean.equals(value)) {
        trip.note(
            CoverageNote.Kind.LOSSY, source, "FHIR codes hold single blanks only; others are cut.");
      }
      coding.put("code", clean);
      if (!display.isEmpty()) {
        coding.put("display", display);
      }
    }

    private Made concept() {
      ObjectNode concept = JSON.objectNode();
      ArrayNode codings = JSON.arrayNode();
      for (ObjectNode coding : List.of(mapped(), original())) {
        if (!coding.isEmpty()) {
          addLeaves(coding, ".coding[" + codings.size() + "]");
          codings.add(coding);
        }
      }
      if (coded) {
        otherCoding(codings);
      }
      if (!codings.isEmpty()) {
        concept.set("coding", codings);
      }
      if (!text.isBlank()) {
        concept.put("text", text);
        leaves.add(new Made.Leaf(".text", from.child(2).path(), trip.rule(), ""));
      }
      return Made.of(concept, leaves);
    }

    /** The alternate coding, CE.4 to CE.6, as it is. */
    private void otherCoding(ArrayNode codings) {
      String other = from.child(4).text();
      if (other.isBlank()) {
        return;
      }
      ObjectNode coding = JSON.objectNode();
      String system = trip.run().rules().codingSystem(from.child(6).text(), trip, from.child(6));
      fill(coding, system, other, from.child(5).text());
      String path = ".coding[" + codings.size() + "]";
      coding
          .fieldNames()
          .forEachRemaining(
              name ->
                  leaves.add(
                      new Made.Leaf(path + "." + name, from.child(4).path(), trip.rule(), "")));
      codings.add(coding);
    }

    private void addLeaves(ObjectNode coding, String path) {
      coding.fieldNames().forEachRemaining(name -> leaf(path + "." + name));
    }

    private Made coding() {
      ObjectNode coding = mapped();
      if (coding.isEmpty()) {
        coding = original();
      }
      if (coding.isEmpty()) {
        return Made.nothing();
      }
      addLeaves(coding, "");
      return Made.of(coding, leaves);
    }

    private Made primitive() {
      String value = mapped().path("code").asText();
      JsonNode json =
          value.isEmpty() ? MissingNode.getInstance() : CopyConversion.json(fhirType, value);
      ObjectNode beside = JSON.objectNode();
      if (!json.isMissingNode()) {
        leaf("");
      }
      ObjectNode original = original();
      if (original.has("system")) {
        ObjectNode extension = beside.putArray("extension").addObject();
        extension.put("url", ALTERNATE_CODES);
        extension.putObject("valueCodeableConcept").putArray("coding").add(original);
        leaf("~.extension[0].url");
        original
            .fieldNames()
            .forEachRemaining(
                name -> leaf("~.extension[0].valueCodeableConcept.coding[0]." + name));
      }
      return new Made(json, beside, leaves);
    }
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    if (fhirType.equals("CodeableConcept")) {
      return codedToV2(from, from.json().path("coding"), to, trip);
    }
    if (fhirType.equals("Coding")) {
      return codedToV2(from, JSON.arrayNode().add(from.json()), to, trip);
    }
    from.markRead(trip.run());
    for (JsonNode extension : from.beside().path("extension")) {
      if (extension.path("url").asText().equals(ALTERNATE_CODES)) {
        JsonNode coding = extension.path("valueCodeableConcept").path("coding").path(0);
        if (isOriginal(coding)) {
          from.markAlternate(trip.run());
          return to.write(coding.path("code").asText(), from.path(), trip.rule(), table.name());
        }
      }
    }
    Optional<CodeTable.Row> row = table.reverse(from.text());
    if (row.isEmpty() && !from.text().isEmpty()) {
      noteUnknown(from, trip);
    }
    return row.isPresent()
        && to.write(
            row.get().v2Code(), from.path(), trip.rule(), table.name() + ":" + row.get().line());
  }

  /** The v2 code as it was, under the v2 table's system or the sender's own. */
  private boolean isOriginal(JsonNode coding) {
    String system = coding.path("system").asText();
    String own = table.head().v2System();
    return (!own.isEmpty() && system.equals(own))
        || Namespaces.localName(system).filter(table.v2Name()::equals).isPresent();
  }

  private void noteUnknown(FhirNode from, Trip trip) {
    trip.note(
        CoverageNote.Kind.UNKNOWN_CODE,
        from.path(),
        "Table "
            + table.name()
            + " has no v2 code for this"
            + (unknown == Unknown.DROP ? "; it is left out." : "; it is sent as it is."));
  }

  /** A v2 code found for a concept. */
  private record Back(String code, String text, String through) {}

  private boolean codedToV2(FhirNode from, JsonNode codings, V2Slot to, Trip trip) {
    from.markWhole(trip.run());
    String text = from.json().path("text").asText();
    Optional<Back> back = back(codings);
    JsonNode first = firstSaid(codings);
    if (back.isPresent()) {
      return write(to, back.get(), text, from, trip);
    }
    if (first.isMissingNode() && text.isEmpty()) {
      return false;
    }
    noteUnknown(from, trip);
    if (unknown == Unknown.DROP) {
      return false;
    }
    String code = first.path("code").asText();
    String display = text.isEmpty() ? first.path("display").asText() : text;
    if (!coded) {
      return to.write(code.isEmpty() ? display : code, from.path(), trip.rule(), "");
    }
    boolean wrote = to.child(1).write(code, from.path(), trip.rule(), "");
    wrote |= to.child(2).write(display, from.path(), trip.rule(), "");
    String system = first.path("system").asText();
    if (!system.isEmpty() && !code.isEmpty()) {
      to.child(3).write(trip.run().rules().codingSystemName(system), from.path(), trip.rule(), "");
    }
    return wrote;
  }

  private boolean write(V2Slot to, Back back, String text, FhirNode from, Trip trip) {
    if (!coded) {
      return to.write(back.code(), from.path(), trip.rule(), back.through());
    }
    to.child(1).write(back.code(), from.path(), trip.rule(), back.through());
    String said = text.isEmpty() ? back.text() : text;
    to.child(2).write(said, from.path(), trip.rule(), back.through());
    to.child(3).write(table.v2Name(), "fixed", trip.rule(), back.through());
    return true;
  }

  /** The v2 table's own coding first, then any that a row knows, then the open system's. */
  private Optional<Back> back(JsonNode codings) {
    for (JsonNode coding : codings) {
      String code = coding.path("code").asText();
      if (isOriginal(coding) && !code.isEmpty()) {
        Optional<CodeTable.Row> row = table.forward(code);
        String text = row.map(CodeTable.Row::v2Text).orElse(coding.path("display").asText());
        return Optional.of(new Back(code, text, table.name()));
      }
    }
    for (JsonNode coding : codings) {
      Optional<CodeTable.Row> row =
          table.reverse(coding.path("code").asText(), coding.path("system").asText());
      if (row.isPresent()) {
        String through = table.name() + ":" + row.get().line();
        return Optional.of(new Back(row.get().v2Code(), row.get().v2Text(), through));
      }
    }
    for (JsonNode coding : codings) {
      String open = table.head().openSystem();
      if (!open.isEmpty() && coding.path("system").asText().equals(open)) {
        return Optional.of(
            new Back(coding.path("code").asText(), coding.path("display").asText(), table.name()));
      }
    }
    return Optional.empty();
  }

  /** The first coding that is not only a word for "not known". */
  private static JsonNode firstSaid(JsonNode codings) {
    for (JsonNode coding : codings) {
      String system = coding.path("system").asText();
      if (!system.endsWith("/data-absent-reason") && !system.endsWith("/v3-NullFlavor")) {
        return coding;
      }
    }
    return MissingNode.getInstance();
  }
}

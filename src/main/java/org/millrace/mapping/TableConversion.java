package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final int ALTERNATE = 4;
  private static final int ALTERNATE_END = 7;
  private static final int ORIGINAL_TEXT = 9;

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    V2Node codeNode = coded ? from.child(1) : from;
    String code = codeNode.isEmpty() ? "" : codeNode.text();
    Optional<CodeTable.Row> row = table.forward(code);
    boolean keepsText =
        fhirType.equals("CodeableConcept") || (fhirType.equals("Coding") && row.isEmpty());
    String text = coded && keepsText ? said(from.child(2), trip) : "";
    if (coded) {
      account(from, code, row, trip);
    }
    if (code.isBlank() && (text.isBlank() || !fhirType.equals("CodeableConcept"))) {
      return Made.nothing();
    }
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

  /** What a coded field says besides its code, and what of that cannot be kept. */
  private void account(V2Node from, String code, Optional<CodeTable.Row> row, Trip trip) {
    boolean concept = fhirType.equals("CodeableConcept");
    String named = from.child(3).text();
    if (named.equals(table.v2Name()) && !code.isBlank()) {
      trip.run().used(from.child(3).path(), Run.USED_FOR + "the table of the code", trip.rule());
    } else if (!named.isEmpty()) {
      lost(
          from.child(3),
          "The code is read by table " + table.name() + "; its system comes back as that table.",
          trip);
    }
    if (!concept && !(fhirType.equals("Coding") && row.isEmpty() && !code.isBlank())) {
      boolean same = row.map(CodeTable.Row::v2Text).orElse("").equals(from.child(2).peek());
      if (same && !from.child(2).isEmpty()) {
        trip.run().used(from.child(2).path(), Run.USED_FOR + "the text of the code", trip.rule());
        from.child(2).markWhole();
      } else {
        lost(from.child(2), "The code is kept; its text comes back as the table has it.", trip);
      }
    }
    boolean other = concept && !from.child(4).isEmpty();
    for (int part = other ? ALTERNATE_END : ALTERNATE; part <= ORIGINAL_TEXT; part++) {
      lost(from.child(part), "One code is kept here; this is not.", trip);
    }
  }

  private static void lost(V2Node node, String sentence, Trip trip) {
    if (!node.isEmpty()) {
      node.markWhole();
      trip.note(CoverageNote.Kind.LOSSY, node.path(), sentence);
    }
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
    private final String through;
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
      this.through = row.isPresent() ? table.name() + ":" + row.get().line() : table.name();
    }

    private void leaf(String path) {
      leaves.add(new Made.Leaf(path, source, trip.rule(), through));
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
      boolean kept = !originalSystem().isEmpty() || !coding(fhirType);
      if (!comesBack && !code.isBlank() && !kept) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            source,
            "Several codes of table " + table.name() + " mean the same; its preferred comes back.");
      } else if (!comesBack && !code.isBlank()) {
        fill(coding, originalSystem(), code, fhirType.equals("Coding") ? text : "");
      }
      return coding;
    }

    private static boolean coding(String type) {
      return type.equals("CodeableConcept") || type.equals("Coding");
    }

    /** A code that HL7's table does not hold may not claim its system; it is the sender's own. */
    private String originalSystem() {
      return row.isPresent()
          ? table.head().v2System()
          : Namespaces.local(trip.run().context().sender(), table.v2Name());
    }

    private void fill(ObjectNode coding, String system, String value, String display) {
      fill(coding, system, value, display, source);
    }

    private void fill(ObjectNode coding, String system, String value, String display, String path) {
      if (!system.isEmpty()) {
        coding.put("system", system);
      }
      String clean = CopyConversion.singleBlanks(value);
      if (!clean.equals(value)) {
        trip.note(
            CoverageNote.Kind.LOSSY, path, "FHIR codes hold single blanks only; others are cut.");
      }
      if (!clean.isEmpty()) {
        coding.put("code", clean);
      }
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
      if (from.child(4).isEmpty()) {
        return;
      }
      String other = from.child(4).text();
      ObjectNode coding = JSON.objectNode();
      String system = trip.run().rules().codingSystem(from.child(6).text(), trip, from.child(6));
      fill(coding, system, other, from.child(5).text(), from.child(4).path());
      String path = ".coding[" + codings.size() + "]";
      Map<String, Integer> parts = Map.of("code", 4, "display", 5, "system", 6);
      coding
          .fieldNames()
          .forEachRemaining(
              name ->
                  leaves.add(
                      new Made.Leaf(
                          path + "." + name,
                          from.child(parts.getOrDefault(name, 4)).path(),
                          trip.rule(),
                          "")));
      codings.add(coding);
    }

    private void addLeaves(ObjectNode coding, String path) {
      coding.fieldNames().forEachRemaining(name -> leaf(path + "." + name));
      if (coded && !text.isEmpty() && coding.path("display").asText().equals(text)) {
        leaves.add(new Made.Leaf(path + ".display", from.child(2).path(), trip.rule(), ""));
      }
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
      if (!json.isMissingNode()) {
        leaf("");
      }
      ObjectNode original = original();
      JsonNode beside = MissingNode.getInstance();
      if (original.has("system")) {
        ObjectNode holder = JSON.objectNode();
        beside = holder;
        ObjectNode extension = holder.putArray("extension").addObject();
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
    return new TableBackward(table, coded, unknown, trip).write(from, fhirType, to);
  }
}

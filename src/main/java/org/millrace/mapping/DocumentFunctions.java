package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions that find the kind of a document. */
final class DocumentFunctions {
  private DocumentFunctions() {}

  /** A LOINC code, or a name that the table knows. */
  record DocumentName(CodeTable table) implements Conversion {
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
        return Functions.unreadable(from, trip, "kind of document");
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

  /** What a document without a title is called: its kind, as the table displays it. */
  record DocumentTitle(CodeTable table) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String said = from.text().strip();
      String title =
          table
              .byText(said)
              .or(() -> table.reverse(said, DocumentType.LOINC))
              .map(CodeTable.Row::fhirDisplay)
              .filter(display -> !display.isEmpty())
              .orElse(said);
      return Functions.text(title, from, trip, table.name());
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      return false;
    }
  }

  /**
   * What kind of document a report is: by the table's v2 codes, its LOINC codes, its names, else
   * the site's default. A LOINC code that the table does not hold is mostly a test or a panel,
   * which names no kind of document. One coding only, since Cerner refuses LOINC beside its own
   * codes.
   *
   * @param coded the v2 side is a CE, which names the code's system; else it is a code of the table
   * @param held a message of a kind that the table does not know waits for its row, whatever the
   *     site's default is
   */
  record DocumentType(CodeTable table, boolean coded, boolean held) implements Conversion {
    static final String LOINC = "http://loinc.org";
    private static final String TABLE = "document-type";

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
          table
              .forward(code, system)
              .or(() -> table.reverse(code, LOINC))
              .ifPresent(row -> coding(concept, row));
        }
      }
      String name = said.isEmpty() ? from.child(1).text() : said;
      if (concept.isEmpty() && !name.isBlank()) {
        table.byText(name).ifPresent(row -> coding(concept, row));
      }
      if (concept.isEmpty()) {
        defaulted(concept, from, trip);
      } else {
        tellOtherCode(concept, from, trip);
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

    /** Whether the table of document types has a row for a report, by any of the ways to one. */
    static boolean knows(CodeTable table, String code, String text) {
      String name = text.isEmpty() ? code : text;
      return table.name().equals(TABLE)
          && ((!code.isEmpty() && table.reverse(code, LOINC).isPresent())
              || (!name.isBlank() && table.byText(name).isPresent()));
    }

    private void tellOtherCode(ObjectNode concept, V2Node from, Trip trip) {
      String kind = concept.path("coding").path(0).path("code").asText();
      String back =
          coded ? kind : table.reverse(kind, LOINC).map(CodeTable.Row::v2Code).orElse(kind);
      if (!back.equals(from.child(1).peek().strip())) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "The kind of document is kept; it comes back as " + back + ".");
      }
    }

    static void trace(
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

    static void coding(ObjectNode concept, CodeTable.Row row) {
      ObjectNode coding = concept.putArray("coding").addObject();
      coding.put("system", row.fhirSystem()).put("code", row.fhirCode());
      if (!row.fhirDisplay().isEmpty()) {
        coding.put("display", row.fhirDisplay());
      }
    }

    /** The site's type for reports that the table does not know: a LOINC code or system|code. */
    private void defaulted(ObjectNode concept, V2Node from, Trip trip) {
      String given = trip.run().given("document-type");
      String code = from.child(1).peek().strip();
      String name = from.child(2).peek().strip();
      UnknownCode unknown = new UnknownCode(table.name(), code, name, from.path(), held);
      String sentence = "Table " + table.name() + " does not know this report; ";
      if (held) {
        trip.run().unknown(unknown, sentence + "the message waits for its row.");
        return;
      }
      if (given.isEmpty()) {
        trip.run().unknown(unknown, sentence + "there is no default type to put in.");
        return;
      }
      trip.note(
          CoverageNote.Kind.DEFAULTED, from.path(), sentence + "the default type was put in.");
      trip.run().unknown(unknown);
      defaulted(concept, given);
    }

    private void defaulted(ObjectNode concept, String given) {
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
      from.markRead(trip.run());
      JsonNode coding = preferred(from.json().path("coding"));
      String code = coding.path("code").asText();
      String text = from.json().path("text").asText(coding.path("display").asText());
      if (!coded) {
        return code(code, text, from, to, trip);
      }
      boolean loinc = coding.path("system").asText().equals(LOINC);
      boolean wrote = to.child(1).write(code, from.path(), trip.rule(), "");
      wrote |= to.child(2).write(text, from.path(), trip.rule(), "");
      if (!code.isEmpty()) {
        to.child(3).write(loinc ? "LN" : "L", from.path(), trip.rule(), "");
      }
      return wrote;
    }

    /** LOINC where it is said, since a receiver knows it; else the first. */
    private static JsonNode preferred(JsonNode codings) {
      for (JsonNode coding : codings) {
        if (coding.path("system").asText().equals(LOINC)) {
          return coding;
        }
      }
      return codings.path(0);
    }

    private boolean code(String code, String text, FhirNode from, V2Slot to, Trip trip) {
      Optional<CodeTable.Row> row = table.reverse(code, LOINC);
      if (row.isPresent()) {
        String through = table.name() + ":" + row.get().line();
        return to.write(row.get().v2Code(), from.path(), trip.rule(), through);
      }
      trip.note(
          CoverageNote.Kind.UNKNOWN_CODE,
          from.path(),
          "Table " + table.name() + " has no v2 code for this; it is sent as it is.");
      return to.write(code.isEmpty() ? text : code, from.path(), trip.rule(), "");
    }
  }
}

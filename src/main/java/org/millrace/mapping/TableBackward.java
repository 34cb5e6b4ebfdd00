package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A FHIR code through a table to v2. For one run, not thread-safe.
 *
 * @param coded the v2 side is a CE or CWE: code, text and system, else the code alone
 */
record TableBackward(
    CodeTable table, boolean coded, TableConversion.Unknown unknown, Conversion.Trip trip) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int ALTERNATE = 4;

  /** A v2 code found for a concept, and which of its codings it is. */
  private record Back(String code, String text, String through, int coding) {}

  boolean write(FhirNode from, String fhirType, V2Slot to) {
    return switch (fhirType) {
      case "CodeableConcept" -> concept(from, from.json().path("coding"), to);
      case "Coding" -> concept(from, JSON.arrayNode().add(from.json()), to);
      default -> primitive(from, to);
    };
  }

  private boolean primitive(FhirNode from, V2Slot to) {
    from.markRead(trip.run());
    for (JsonNode extension : from.beside().path("extension")) {
      if (extension.path("url").asText().equals(TableConversion.ALTERNATE_CODES)) {
        JsonNode coding = extension.path("valueCodeableConcept").path("coding").path(0);
        if (isOriginal(coding)) {
          from.markAlternate(trip.run());
          String code = coding.path("code").asText();
          String text = table.forward(code).map(CodeTable.Row::v2Text).orElse("");
          return code(to, new Back(code, text, table.name(), 0), from);
        }
      }
    }
    Optional<CodeTable.Row> row = table.reverse(from.text());
    if (row.isEmpty() && !from.text().isEmpty()) {
      noteUnknown(from);
    }
    row.ifPresent(found -> noteOneWay(found, from.text(), found.fhirSystem(), from.path()));
    if (row.isEmpty()) {
      return false;
    }
    String through = table.name() + ":" + row.get().line();
    return code(to, new Back(row.get().v2Code(), row.get().v2Text(), through, 0), from);
  }

  /** A code that is no concept in FHIR says no text; the table has one. */
  private boolean code(V2Slot to, Back back, FhirNode from) {
    if (!coded) {
      return to.write(back.code(), from.path(), trip.rule(), back.through());
    }
    return !back.code().isEmpty() && coded(to, back, back.text(), from);
  }

  private boolean coded(V2Slot to, Back back, String text, FhirNode from) {
    to.child(1).write(back.code(), from.path(), trip.rule(), back.through());
    to.child(2).write(text, from.path(), trip.rule(), back.through());
    to.child(3).write(table.v2Name(), "fixed", trip.rule(), back.through());
    return true;
  }

  /** The v2 code as it was, under the v2 table's system or the sender's own. */
  private boolean isOriginal(JsonNode coding) {
    String system = coding.path("system").asText();
    String own = table.head().v2System();
    return (!own.isEmpty() && system.equals(own))
        || Namespaces.localName(system).filter(table.v2Name()::equals).isPresent();
  }

  private void noteUnknown(FhirNode from) {
    boolean dropped = unknown == TableConversion.Unknown.DROP;
    trip.note(
        CoverageNote.Kind.UNKNOWN_CODE,
        from.path(),
        "Table "
            + table.name()
            + " has no v2 code for this"
            + (dropped ? "; it is left out." : "; it is sent as it is."));
  }

  /** Several FHIR codes may be one in v2: on the way to FHIR it becomes the one its row names. */
  private void noteOneWay(CodeTable.Row row, String code, String system, String path) {
    boolean same =
        table
            .forward(row.v2Code())
            .filter(back -> back.fhirCode().equals(code) && back.fhirSystem().equals(system))
            .isPresent();
    if (!same) {
      trip.note(
          CoverageNote.Kind.LOSSY,
          path,
          "Table " + table.name() + " has one v2 code for several; it comes back as another.");
    }
  }

  /** Words that find no room beside a code. */
  private void noteWords(String words, String kept, String path) {
    if (!words.isEmpty() && !words.equals(kept)) {
      trip.note(
          CoverageNote.Kind.LOSSY, path, "The code is sent; its words come back as the table's.");
    }
  }

  private boolean concept(FhirNode from, JsonNode codings, V2Slot to) {
    from.markRead(trip.run());
    String text = from.json().path("text").asText();
    Optional<Back> back = back(codings);
    int first = firstSaid(codings);
    if (back.isPresent()) {
      return write(to, back.get(), text, from, codings);
    }
    if (first < 0 && text.isEmpty()) {
      return false;
    }
    noteUnknown(from);
    if (unknown == TableConversion.Unknown.DROP) {
      return false;
    }
    JsonNode said = first < 0 ? MissingNode.getInstance() : codings.get(first);
    String code = said.path("code").asText();
    String display = text.isEmpty() ? said.path("display").asText() : text;
    if (!coded) {
      noteWords(code.isEmpty() ? "" : text, "", from.path() + ".text");
      return to.write(code.isEmpty() ? display : code, from.path(), trip.rule(), "");
    }
    noteWords(said.path("display").asText(), display, from.path());
    boolean wrote = to.child(1).write(code, from.path(), trip.rule(), "");
    wrote |= to.child(2).write(display, from.path(), trip.rule(), "");
    system(to.child(3), said, code, from);
    others(to, codings, Set.of(first), from);
    return wrote;
  }

  private void system(V2Slot to, JsonNode coding, String code, FhirNode from) {
    String system = coding.path("system").asText();
    if (!system.isEmpty() && !code.isEmpty()) {
      String name = trip.run().rules().codingSystemName(system);
      to.write(name, from.path(), trip.rule(), "");
    }
  }

  private boolean write(V2Slot to, Back back, String text, FhirNode from, JsonNode codings) {
    JsonNode coding = codings.get(back.coding());
    String at = from.path() + (from.json().has("coding") ? ".coding[" + back.coding() + "]" : "");
    Optional<CodeTable.Row> row = table.forward(back.code());
    String shown = row.map(CodeTable.Row::fhirDisplay).orElse("");
    table
        .reverse(coding.path("code").asText(), coding.path("system").asText())
        .filter(found -> !isOriginal(coding))
        .ifPresent(
            found ->
                noteOneWay(
                    found, coding.path("code").asText(), coding.path("system").asText(), at));
    if (!coded) {
      noteWords(text, "", from.path() + ".text");
      noteWords(coding.path("display").asText(), shown, at + ".display");
      return to.write(back.code(), from.path(), trip.rule(), back.through());
    }
    noteWords(coding.path("display").asText(), shown, at + ".display");
    coded(to, back, text.isEmpty() ? back.text() : text, from);
    Set<Integer> spoken = new HashSet<>(Set.of(back.coding()));
    for (int i = 0; i < codings.size(); i++) {
      if (says(codings.get(i), back.code())) {
        spoken.add(i);
      }
    }
    others(to, codings, spoken, from);
    return true;
  }

  /** Whether a coding is the same v2 code, mapped or as it was. */
  private boolean says(JsonNode coding, String code) {
    String mapped = coding.path("code").asText();
    boolean row =
        table
            .forward(code)
            .filter(found -> found.fhirCode().equals(mapped))
            .filter(found -> found.fhirSystem().equals(coding.path("system").asText()))
            .isPresent();
    return row || (isOriginal(coding) && mapped.equals(code));
  }

  /**
   * One more coding has room as the alternate. A receiver can read it only if its system has a name
   * in table 0396; what has none, such as a tenant's own code sets, and what goes beyond is told.
   */
  private void others(V2Slot to, JsonNode codings, Set<Integer> said, FhirNode from) {
    boolean room = true;
    for (int i = 0; i < codings.size(); i++) {
      JsonNode coding = codings.get(i);
      String code = coding.path("code").asText();
      if (said.contains(i) || code.isEmpty() || isUnknownWord(coding)) {
        continue;
      }
      String system = coding.path("system").asText();
      String name = system.isEmpty() ? "" : trip.run().rules().codingSystemName(system);
      boolean named = system.isEmpty() || !name.equals(system);
      if (room && named) {
        to.child(ALTERNATE).write(code, from.path(), trip.rule(), "");
        String display = coding.path("display").asText();
        to.child(ALTERNATE + 1).write(display, from.path(), trip.rule(), "");
        to.child(ALTERNATE + 2).write(name, from.path(), trip.rule(), "coding-system");
        room = false;
      } else {
        trip.note(
            CoverageNote.Kind.FIRST_OF_MANY,
            from.path() + ".coding[" + i + "]",
            named
                ? "A coded field holds two codings; this one is left out."
                : "Another coding was sent; the system of this one has no name in v2.");
      }
    }
  }

  /** The v2 table's own coding first, then any that a row knows, then the open system's. */
  private Optional<Back> back(JsonNode codings) {
    for (int i = 0; i < codings.size(); i++) {
      JsonNode coding = codings.get(i);
      String code = coding.path("code").asText();
      if (isOriginal(coding) && !code.isEmpty()) {
        Optional<CodeTable.Row> row = table.forward(code);
        String text = row.map(CodeTable.Row::v2Text).orElse(coding.path("display").asText());
        return Optional.of(new Back(code, text, table.name(), i));
      }
    }
    for (int i = 0; i < codings.size(); i++) {
      JsonNode coding = codings.get(i);
      Optional<CodeTable.Row> row =
          table.reverse(coding.path("code").asText(), coding.path("system").asText());
      if (row.isPresent()) {
        String through = table.name() + ":" + row.get().line();
        return Optional.of(new Back(row.get().v2Code(), row.get().v2Text(), through, i));
      }
    }
    return open(codings);
  }

  private Optional<Back> open(JsonNode codings) {
    String open = table.head().openSystem();
    for (int i = 0; i < codings.size(); i++) {
      JsonNode coding = codings.get(i);
      if (!open.isEmpty() && coding.path("system").asText().equals(open)) {
        String display = coding.path("display").asText();
        return Optional.of(new Back(coding.path("code").asText(), display, table.name(), i));
      }
    }
    return Optional.empty();
  }

  /** The first coding that is not only a word for "not known"; -1 if there is none. */
  private static int firstSaid(JsonNode codings) {
    for (int i = 0; i < codings.size(); i++) {
      if (!isUnknownWord(codings.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isUnknownWord(JsonNode coding) {
    String system = coding.path("system").asText();
    return system.endsWith("/data-absent-reason") || system.endsWith("/v3-NullFlavor");
  }
}

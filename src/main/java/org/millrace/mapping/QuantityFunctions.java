package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions of measurements: their units and the ranges they should lie in. */
final class QuantityFunctions {
  private QuantityFunctions() {}

  /**
   * A unit (OBX-6) as the unit, code and system of a Quantity. A unit that names no system is what
   * the table says of it, which is UCUM; one that the table does not know stays a text.
   *
   * <p>Source: HL7 v2.5.1 ch. 7.4.2.6 (OBX-6); FHIR R4, Quantity.
   */
  record Unit(CodeTable table) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String said = from.child(1).text().strip();
      String name = from.child(2).text().strip();
      String system = from.child(3).text().strip();
      if (said.isEmpty() && name.isEmpty()) {
        return Made.nothing();
      }
      if (said.equals("10") && system.isEmpty() && name.matches("\\d.{0,40}")) {
        // 10^3/uL: the sender left its circumflex unescaped.
        said = said + "^" + name;
        name = "";
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "The unit's ^ was not escaped; it comes back so.");
      }
      Parts parts = new Parts(from, trip);
      if (said.isEmpty()) {
        parts.put("unit", name, from.child(2).path(), "");
      } else if (system.isEmpty()) {
        unsaid(said, name, parts, trip);
      } else {
        parts.put("unit", name, from.child(2).path(), "");
        String uri = trip.run().rules().codingSystem(system, trip, from.child(3));
        parts.put("system", uri, from.child(3).path(), "coding-system");
        parts.put("code", said, from.child(1).path(), "");
      }
      return parts.made();
    }

    private void unsaid(String said, String name, Parts parts, Trip trip) {
      String source = parts.from.child(1).path();
      parts.put(
          "unit",
          name.isEmpty() ? said : name,
          name.isEmpty() ? source : parts.from.child(2).path(),
          "");
      Optional<CodeTable.Row> row = table.forward(said);
      if (row.isEmpty()) {
        trip.run()
            .unknown(
                new UnknownCode(table.name(), said, name, source, false),
                "Table " + table.name() + " does not know this unit; it is kept as text.");
        if (!name.isEmpty()) {
          trip.note(
              CoverageNote.Kind.LOSSY, source, "Of a unit without a system the name was kept.");
        }
        return;
      }
      String through = table.name() + ":" + row.get().line();
      parts.put("system", row.get().fhirSystem(), source, through);
      parts.put("code", row.get().fhirCode(), source, through);
      trip.note(CoverageNote.Kind.LOSSY, source, "The unit comes back as UCUM writes it.");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      String code = text(from, "code", trip);
      String unit = text(from, "unit", trip);
      String system = text(from, "system", trip);
      String rule = trip.rule();
      if (code.isEmpty()) {
        if (!system.isEmpty()) {
          trip.note(
              CoverageNote.Kind.LOSSY,
              from.path() + ".system",
              "The system of a unit is not sent without its code.");
        }
        return to.child(1).write(unit, from.path() + ".unit", rule, "");
      }
      boolean wrote = to.child(1).write(code, from.path() + ".code", rule, "");
      wrote |= to.child(2).write(unit, from.path() + ".unit", rule, "");
      String name = trip.run().rules().codingSystemName(system);
      to.child(3).write(name, from.path() + ".system", rule, "coding-system");
      return wrote;
    }

    private static String text(FhirNode from, String name, Trip trip) {
      trip.run().fhirRead(from.path() + "." + name);
      return from.json().path(name).asText();
    }
  }

  /** Some elements of a Quantity, one after the other. */
  private static final class Parts {
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final List<Made.Leaf> leaves = new ArrayList<>();
    private final V2Node from;
    private final Conversion.Trip trip;

    Parts(V2Node from, Conversion.Trip trip) {
      this.from = from;
      this.trip = trip;
    }

    void put(String name, String text, String source, String through) {
      if (text.isEmpty()) {
        return;
      }
      JsonNode value = CopyConversion.json(name.equals("code") ? "code" : "string", text);
      boolean readable = !value.isMissingNode();
      if (readable && name.equals("system")) {
        readable = !CopyConversion.json("uri", text).isMissingNode();
      }
      if (!readable) {
        trip.note(
            CoverageNote.Kind.UNREADABLE, source, "FHIR cannot hold this text; it is left out.");
        return;
      }
      json.set(name, value);
      leaves.add(new Made.Leaf("." + name, source, trip.rule(), through));
    }

    Made made() {
      return json.isEmpty() ? Made.nothing() : Made.of(json, leaves);
    }
  }

  /**
   * An end of a reference range that is written as two numbers: {@code 3.5-5.0}.
   *
   * @param end 1 for the lower, 2 for the upper
   */
  record RangeEnd(int end) implements Conversion {
    private static final Pattern RANGE =
        Pattern.compile(
            "\\s*([+-]?\\d{1,20}(?:[.]\\d{1,20})?)\\s*-\\s*(\\d{1,20}(?:[.]\\d{1,20})?)\\s*");

    @Override
    public Made toFhir(V2Node from, Trip trip) {
      Matcher range = RANGE.matcher(from.text());
      if (!range.matches()) {
        return Made.nothing();
      }
      JsonNode number = CopyConversion.json("decimal", range.group(end));
      return Made.value(number, from.path(), trip.rule(), end == 1 ? "range-low" : "range-high");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      return false;
    }
  }

  /** The text of a reference range that has only its ends. */
  record RangeText() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      return Made.nothing();
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      String low = end(from, "low", trip);
      String high = end(from, "high", trip);
      String text =
          high.isEmpty()
              ? (low.isEmpty() ? "" : ">=" + low)
              : low.isEmpty() ? "<=" + high : low + "-" + high;
      return to.write(text, from.path(), trip.rule(), "range-text");
    }

    private static String end(FhirNode from, String name, Trip trip) {
      JsonNode value = from.json().path(name).path("value");
      if (!value.isNumber() || Math.abs(value.decimalValue().scale()) > 40) {
        return "";
      }
      trip.run().fhirRead(from.path() + "." + name + ".value");
      BigDecimal number = value.decimalValue();
      return number.toPlainString();
    }
  }
}

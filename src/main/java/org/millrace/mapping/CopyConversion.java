package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.millrace.hl7.V2Time;

/**
 * Text as it stands, checked to be what the FHIR type allows.
 *
 * <p>Source: FHIR R4, Data Types, primitive types.
 */
record CopyConversion(String fhirType) implements Conversion {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9]\\d{0,8}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,30}([.]\\d{0,30})?|[.]\\d{1,30})");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\x00\\p{Z}]+");
  private static final int MOST_DIGITS = 60;
  private static final Pattern DAY = Pattern.compile("\\d{4}(-\\d{2}(-\\d{2})?)?");

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    String text = from.text();
    if (text.isBlank()) {
      return Made.nothing();
    }
    JsonNode json = json(fhirType, text);
    String clean = fhirType.equals("code") && json.isMissingNode() ? singleBlanks(text) : "";
    if (!clean.isEmpty()) {
      json = TextNode.valueOf(clean);
      trip.note(
          CoverageNote.Kind.LOSSY,
          from.path(),
          "FHIR codes hold single blanks only; others are cut.");
    }
    if (json instanceof DecimalNode number && !number.asText().equals(text)) {
      trip.note(CoverageNote.Kind.LOSSY, from.path(), "The number comes back as FHIR writes it.");
    }
    if (json.isMissingNode()) {
      trip.note(
          CoverageNote.Kind.UNREADABLE,
          from.path(),
          "This is not a FHIR " + fhirType + "; it is left out.");
      return Made.nothing();
    }
    return Made.value(json, from.path(), trip.rule(), "");
  }

  /** Digits only: v2 has no exponents. One of a thousand digits is no measurement. */
  private static boolean number(FhirNode from, V2Slot to, Trip trip) {
    BigDecimal value = from.json().decimalValue();
    if (Math.abs(value.scale()) > MOST_DIGITS || value.precision() > MOST_DIGITS) {
      trip.note(
          CoverageNote.Kind.UNREADABLE,
          from.path(),
          "HL7 v2 cannot hold this number; it is left out.");
      return false;
    }
    return to.write(value.toPlainString(), from.path(), trip.rule(), "");
  }

  /** The text as a FHIR primitive; missing if it cannot be one. */
  static JsonNode json(String fhirType, String text) {
    return switch (fhirType) {
      case "boolean" ->
          text.equals("true") || text.equals("false")
              ? BooleanNode.valueOf(text.equals("true"))
              : MissingNode.getInstance();
      case "integer", "positiveInt", "unsignedInt" ->
          INTEGER.matcher(text).matches() && fits(fhirType, Integer.parseInt(text))
              ? IntNode.valueOf(Integer.parseInt(text))
              : MissingNode.getInstance();
      case "decimal" -> decimal(text);
      case "code" -> isCode(text) ? TextNode.valueOf(text) : MissingNode.getInstance();
      case "id" -> ID.matcher(text).matches() ? TextNode.valueOf(text) : MissingNode.getInstance();
      case "uri", "url", "canonical", "oid", "uuid" ->
          holdsBlank(text) ? MissingNode.getInstance() : TextNode.valueOf(text);
      case "date" ->
          DAY.matcher(text).matches() && V2Time.fromFhir(text).isPresent()
              ? TextNode.valueOf(text)
              : MissingNode.getInstance();
      default ->
          text.isBlank() || text.indexOf('\0') >= 0
              ? MissingNode.getInstance()
              : TextNode.valueOf(text);
    };
  }

  /** Every digit is kept: 7.20 says more than 7.2. */
  private static JsonNode decimal(String text) {
    return DECIMAL.matcher(text.strip()).matches()
        ? DecimalNode.valueOf(new BigDecimal(text.strip()))
        : MissingNode.getInstance();
  }

  /** Words with one blank between them; a pattern would recurse once for each. */
  private static boolean isCode(String text) {
    boolean blankBefore = true;
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      boolean blank = each == ' ';
      boolean other = Character.isWhitespace(each) || Character.isSpaceChar(each);
      if (blank ? blankBefore : other) {
        return false;
      }
      blankBefore = blank;
    }
    return !blankBefore;
  }

  /** As FHIR holds a code: none at its ends, and one where several stood. */
  static String singleBlanks(String text) {
    boolean plain = !holdsBlank(text) && text.indexOf('\0') < 0;
    return plain ? text : BLANKS.matcher(text).replaceAll(" ").strip();
  }

  private static boolean holdsBlank(String text) {
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (Character.isWhitespace(each) || Character.isSpaceChar(each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String type, int number) {
    return type.equals("integer") || number >= (type.equals("positiveInt") ? 1 : 0);
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    from.markRead(trip.run());
    if (from.json().isFloatingPointNumber()) {
      return number(from, to, trip);
    }
    return to.write(from.text(), from.path(), trip.rule(), "");
  }
}

package org.millrace.mapping;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Values of v2 types by chance, mostly such as senders send. Not thread-safe. */
final class GeneratedValues {
  private static final String VERSION = "2.5.1";
  private static final DefaultModelClassFactory MODELS = new DefaultModelClassFactory();
  private static final List<String> WORDS =
      List.of(
          "Main",
          "ZZTEST",
          "Ward 3",
          "O'Neil",
          "漢字",
          "Müller",
          "a&b",
          "c^d",
          "e~f",
          "g\\h",
          "i|j",
          "tab\there",
          "x",
          "MRN",
          "HOSP",
          "LAB",
          "Ω≈ç",
          "😀",
          "(816)501-0580",
          "two  blanks",
          " lead",
          "7.20",
          "N/A",
          "<b>",
          "é",
          "no\u00a0break",
          "line\nbreak");
  private static final List<String> TIMES =
      List.of(
          "2026",
          "202611",
          "20261120",
          "202611200830",
          "20261120083015",
          "20261120083015.1234",
          "20261120083015-0600",
          "202611200830+0100",
          "20261120083015.25+0000",
          "00000000",
          "20261399",
          "20240229");
  private static final List<String> NUMBERS =
      List.of("0", "1", "7.20", "-3", "100", "0.05", "1e5", "+4", "000", "12345678901234567890");

  private final Random random;

  GeneratedValues(Random random) {
    this.random = random;
  }

  /** Text for a primitive type. */
  String primitive(String type, Optional<CodeTable> table) {
    if (table.isPresent() && random.nextInt(5) > 0) {
      List<CodeTable.Entry> rows = table.get().entries();
      String code = rows.isEmpty() ? "" : rows.get(random.nextInt(rows.size())).row().v2Code();
      return code.isEmpty() ? "ZZ" : code;
    }
    return switch (type) {
      case "TS", "DTM" -> pick(TIMES);
      case "DT" -> pick(TIMES.subList(0, 3));
      case "TM" -> pick(List.of("08", "0830", "083015", "083015.1", "0830-0600", "9999"));
      case "NM" -> pick(NUMBERS);
      case "SI" -> String.valueOf(1 + random.nextInt(9));
      case "ID", "IS" ->
          pick(List.of("Y", "N", "A", "L", "H", "ISO", "PH", "MR", "F", "U", "LN", "ZZ"));
      default -> pick(WORDS);
    };
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A segment of the dictionary; empty if it has none of that name. */
  static Optional<Segment> segment(String name) {
    try {
      Class<? extends Segment> model = MODELS.getSegmentClass(name, VERSION);
      if (model == null || !model.getPackageName().endsWith("v251.segment")) {
        return Optional.empty();
      }
      return Optional.of(
          model
              .getConstructor(Group.class, ModelClassFactory.class)
              .newInstance(new ca.uhn.hl7v2.model.v251.message.ACK(MODELS), MODELS));
    } catch (HL7Exception | ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  /** A data type of the dictionary. */
  static Optional<Type> type(String name) {
    try {
      Class<? extends Type> model = MODELS.getTypeClass(name, VERSION);
      return Optional.of(
          model
              .getConstructor(Message.class)
              .newInstance(new ca.uhn.hl7v2.model.v251.message.ACK(MODELS)));
    } catch (HL7Exception | ReflectiveOperationException e) {
      return Optional.empty();
    }
  }
}

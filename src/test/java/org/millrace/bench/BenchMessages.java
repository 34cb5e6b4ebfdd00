package org.millrace.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;

/** Invented messages of a given size, and the repository's own mappings to run on them. */
final class BenchMessages {
  /** What an ordinary report of a laboratory has. */
  static final int ORDINARY = 2400;

  static final Mapper MAPPER = new Mapper(mappings());
  static final MappingContext CONTEXT =
      new MappingContext(
          ZoneId.of("America/Chicago"),
          "LABSYS@NORTH",
          Map.of("subject", "Patient/12724066", "document-type", "11506-3"));

  private static final String HEAD =
      "MSH|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120090000-0600||ORU^R01^ORU_R01|R0013|D|2.5.1"
          + "|||||USA|UNICODE UTF-8\r"
          + "PID|1||9900101^^^MRN&2.16.840.1.113883.6.1000&ISO^MR~990011^^^NORTH^PI"
          + "||ZZTESTMILLER^ANNA^B||19610314|F|||12 MILL LANE^^KANSAS CITY^MO^64108^USA^H"
          + "||(816)501-0580^PRN^PH\r"
          + "PV1|1|I|4N^412^A^NORTH||||1234^ADLER^GRETE^^^DR|||MED||||||||V|990077^^^FIN\r"
          + "ORC|RE|P00013^LABSYS|F00013^LABSYS||CM\r"
          + "OBR|1|P00013^LABSYS|F00013^LABSYS|11506-3^Progress note^LN|||20261119143000|||||||||"
          + "1234^ADLER^GRETE^^^DR||||||20261119151500||LAB|F\r";
  private static final String LINE_START = "|TX|11506-3^Progress note^LN|1|";
  private static final String LINE =
      "Line of the report, with 5 \\T\\ 6 mg, seen on the ward.||||||F\r";
  private static final String PID =
      "PID|1||9900101^^^MRN&2.16.840.1.113883.6.1000&ISO^MR~990011^^^NORTH^PI"
          + "||ZZTESTMILLER^ANNA^B^JR^DR^^L~ZZTESTADLER^ANNA^^^^^M||19610314|F||2106-3^White^HL70005|12"
          + " MILL LANE^FLAT 3^KANSAS CITY^MO^64108^USA^H^^JACKSON~PO BOX 9^^KANSAS"
          + " CITY^MO^64109^USA^M"
          + "||(816)501-0580^PRN^PH~^NET^Internet^anna@example.org|(816)501-0581^WPN^PH"
          + "|eng^English^HL70296|M^Married^HL70002|CHR^Christian^HL70006||||||2186-5^Not"
          + " Hispanic^HL70189||N|||||||N\r";

  private BenchMessages() {}

  /** What makes a report long. */
  enum Shape {
    /** One OBX for each line. */
    MANY_OBX,
    /** One OBX-5 that holds it all. */
    ONE_OBX
  }

  private static Mappings mappings() {
    try {
      return Mappings.load(Path.of("mappings"));
    } catch (RuleFaultsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An ORU^R01 of about that many bytes. */
  static byte[] report(Shape shape, int size) {
    StringBuilder text = new StringBuilder(size + 256).append(HEAD);
    if (shape == Shape.ONE_OBX) {
      text.append("OBX|1").append(LINE_START);
      while (text.length() < size - 10) {
        text.append("Line of the report, with 5 \\T\\ 6 mg, seen on the ward.\\.br\\");
      }
      text.append("||||||F\r");
    }
    for (int number = 1; text.length() < size; number++) {
      text.append("OBX|").append(number).append(LINE_START).append(LINE);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A message with one well-filled PID, as the map of ADR^A19 reads it. */
  static byte[] patient() {
    return (HEAD.substring(0, HEAD.indexOf('\r') + 1).replace("ORU^R01^ORU_R01", "ADR^A19^ADR_A19")
            + PID)
        .getBytes(StandardCharsets.UTF_8);
  }

  static V2Message read(byte[] bytes) {
    try {
      return V2Message.read(bytes);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }
}

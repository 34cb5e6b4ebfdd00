package org.millrace.query;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.v251.message.ADR_A19;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A reply as its receiver sees it. */
final class Adr {
  private static final HapiContext HAPI = hapi();

  private final String text;
  private final char fieldSeparator;
  private final String componentSeparator;

  Adr(byte[] reply, Charset charset) {
    text = new String(reply, charset);
    fieldSeparator = text.charAt(3);
    componentSeparator = text.substring(4, 5);
  }

  private static HapiContext hapi() {
    HapiContext context = new DefaultHapiContext();
    context.setModelClassFactory(new CanonicalModelClassFactory("2.5.1"));
    return context;
  }

  String text() {
    return text;
  }

  /** Names of all segments in order. */
  List<String> structure() {
    return lines().stream().map(line -> line.substring(0, 3)).toList();
  }

  List<String> all(String segment) {
    return lines().stream().filter(line -> line.startsWith(segment + fieldSeparator)).toList();
  }

  private List<String> lines() {
    return Arrays.stream(text.split("\r")).filter(line -> !line.isEmpty()).toList();
  }

  /** A field of the first segment of that name as it is written, empty if there is none. */
  String field(String segment, int number) {
    List<String> lines = all(segment);
    return lines.isEmpty() ? "" : fieldOf(lines.get(0), number);
  }

  private String fieldOf(String line, int number) {
    String[] fields = line.split(Pattern.quote("" + fieldSeparator), -1);
    int index = line.startsWith("MSH") ? number - 1 : number;
    return index < fields.length ? fields[index] : "";
  }

  /** PID-3.1 of each group: the first number only. */
  List<String> numbers() {
    return all("PID").stream()
        .map(line -> fieldOf(line, 3).split("[~\\" + componentSeparator + "]", -1)[0])
        .toList();
  }

  /** {@code AE 204 QRD^1^8}: what MSA-1, QAK-2, ERR-3.1 and ERR-2 say together. */
  String verdict() {
    String code = field("MSA", 1) + " " + field("QAK", 2);
    String error = field("ERR", 3).split("\\^", -1)[0];
    return error.isEmpty() ? code : (code + " " + error + " " + field("ERR", 2)).strip();
  }

  /** Reads the reply by HAPI's structures with its default validation. */
  ADR_A19 byHapi() throws HL7Exception {
    PipeParser parser = HAPI.getPipeParser();
    return (ADR_A19) parser.parse(text);
  }
}

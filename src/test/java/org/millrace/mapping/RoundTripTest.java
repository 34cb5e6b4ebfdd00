package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** What holds for every message, whatever stands in its fields. */
class RoundTripTest {
  private static final Arbitrary<String> WORD =
      Arbitraries.strings()
          .withChars("abcXYZéß漢 '-.")
          .ofMinLength(1)
          .ofMaxLength(12)
          .map(String::strip)
          .filter(word -> !word.isEmpty());
  private static final Arbitrary<String> MAYBE = Arbitraries.oneOf(WORD, Arbitraries.just(""));
  private static final Arbitrary<String> HOSTILE =
      Arbitraries.oneOf(
          MAYBE,
          Arbitraries.strings()
              .ascii()
              .ofMaxLength(20)
              .map(text -> text.replaceAll("[\\r\\n]", "")),
          Arbitraries.of(
              "\"\"",
              "^^^",
              "&&",
              "~~",
              "\\T\\",
              "\\X",
              "00000000",
              "20261399",
              "Y",
              "1^2&3&4^5~6",
              "99999999999999"));

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> use =
        Arbitraries.of("", "L", "R", "D", "M", "N", "A", "C", "BAD", "B", "TEMP", "NAV", "S", "ZZ");
    return Combinators.combine(WORD, WORD, MAYBE, MAYBE, MAYBE, use)
        .as(
            (family, given, more, suffix, prefix, type) ->
                family + "^" + given + "^" + more + "^" + suffix + "^" + prefix + "^^" + type);
  }

  @Provide
  Arbitrary<String> addresses() {
    Arbitrary<String> use =
        Arbitraries.of("", "H", "P", "B", "O", "C", "BA", "BI", "M", "SH", "BDL", "L", "QQ");
    return Combinators.combine(WORD, MAYBE, MAYBE, MAYBE, MAYBE, use, MAYBE)
        .as(
            (line, second, city, state, zip, type, county) ->
                line + "^" + second + "^" + city + "^" + state + "^" + zip + "^US^" + type + "^^"
                    + county);
  }

  @Provide
  Arbitrary<String> hostile() {
    return HOSTILE.list().ofMinSize(5).ofMaxSize(40).map(fields -> String.join("|", fields));
  }

  @Property(tries = 150)
  void namesAndAddressesComeBack(
      @ForAll("names") String name, @ForAll("addresses") String address) {
    String pid = "PID|||1^^^MRN||" + name + "|||A|||" + address;
    MappingRun run = Maps.toFhir(pid);
    Maps.Written back = Maps.write(List.of(Maps.resource(run, "Patient")), Maps.CONTEXT);
    V2Message sent = Maps.message("ADR^A19", pid);
    for (String path :
        List.of(
            "PID-5.1",
            "PID-5.2",
            "PID-5.3",
            "PID-5.4",
            "PID-5.5",
            "PID-5.7",
            "PID-8",
            "PID-11.1",
            "PID-11.2",
            "PID-11.3",
            "PID-11.4",
            "PID-11.5",
            "PID-11.6",
            "PID-11.7",
            "PID-11.9")) {
      assertThat(back.message().value(path)).as(path).isEqualTo(sent.value(path));
    }
  }

  @Property(tries = 150)
  void nothingThrowsAndNothingVanishes(
      @ForAll("hostile") String pid, @ForAll("hostile") String pv1, @ForAll("hostile") String nk1) {
    V2Message message =
        Maps.message(
            "ADR^A19", "PID|" + pid, "PD1|" + nk1, "NK1|" + nk1, "PV1|" + pv1, "ZZZ|" + pv1);
    MappingRun run = Maps.MAPPER.map(message, Maps.CONTEXT);
    assertThat(Maps.MAPPER.map(message, Maps.CONTEXT)).isEqualTo(run);
    everyLeafHasLineage(run);
    everyFieldIsAccountedFor(message, run);
  }

  @Example
  void aLocationThatFhirCannotHoldIsTold() {
    V2Message message = Maps.message("ADR^A19", "PID|1||1^^^MRN", "PV1|1|I|&\u0000|U");
    MappingRun run = Maps.MAPPER.map(message, Maps.CONTEXT);
    assertThat(run.coverage())
        .filteredOn(note -> note.path().startsWith("PV1-3"))
        .extracting(CoverageNote::kind)
        .contains(CoverageNote.Kind.UNREADABLE);
  }

  @Property(tries = 100)
  void reportsWithHostileFieldsNeverThrow(
      @ForAll("hostile") String obr, @ForAll("hostile") String obx) {
    V2Message message =
        Maps.message(
            "ORU^R01", "PID|1||A1^^^MRN", "OBR|" + obr, "OBX|" + obx, "OBX|1|TX|||Text||||||F");
    MappingRun run =
        Maps.MAPPER.map(
            message, Maps.context(Map.of("subject", "Patient/1", "document-type", "11506-3")));
    assertThat(run.resources()).isNotEmpty();
    everyLeafHasLineage(run);
    everyFieldIsAccountedFor(message, run);
  }

  static void everyLeafHasLineage(MappingRun run) {
    Set<String> targets = new HashSet<>();
    run.lineage().forEach(way -> targets.add(way.target()));
    for (MappedResource resource : run.resources()) {
      if (!resource.verdict().decision().files()) {
        assertThat(resource.json()).isEmpty();
        continue;
      }
      String type = resource.json().path("resourceType").asText();
      List<String> leaves = new ArrayList<>();
      leaves(resource.json(), resource.anchor() + " " + type, leaves);
      assertThat(targets).containsAll(leaves);
    }
  }

  private static void leaves(JsonNode node, String path, List<String> into) {
    if (node.isValueNode()) {
      into.add(path);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      leaves(node.get(i), path + "[" + i + "]", into);
    }
    if (node instanceof ObjectNode object) {
      assertThat(object).as("empty element at " + path).isNotEmpty();
      Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (!field.getKey().equals("resourceType")) {
          leaves(field.getValue(), path + "." + field.getKey(), into);
        }
      }
    }
  }

  static void everyFieldIsAccountedFor(V2Message message, MappingRun run) {
    Set<String> told = new HashSet<>();
    run.lineage().forEach(way -> told.add(field(way.source())));
    run.coverage().forEach(note -> told.add(field(note.path())));
    for (V2Segment segment : message.segments()) {
      if (Set.of("MSH", "OBX").contains(segment.name())) {
        continue;
      }
      for (int i = 1; i <= segment.fieldCount(); i++) {
        boolean valued = segment.field(i).repetitions().stream().anyMatch(RoundTripTest::holds);
        boolean used =
            Set.of(
                    "PID-1", "PV1-1", "NK1-1", "OBR-1", "OBR-2", "OBR-3", "OBR-25", "PID-24",
                    "PID-30")
                .contains(segment.name() + "-" + i);
        boolean finding =
            message.header().messageCode().equals("ORU") && segment.name().equals("PID");
        if (valued && !used && !finding) {
          assertThat(told).contains(segment.name() + "-" + i);
        }
      }
    }
  }

  private static boolean holds(V2Value value) {
    return value.components().stream()
        .anyMatch(part -> part.subcomponents().stream().anyMatch(sub -> !sub.text().isBlank()));
  }

  /** A path without occurrence, repetition and component. */
  private static String field(String path) {
    return path.replaceAll("\\[\\d+]", "").replaceAll("\\..*", "");
  }
}

package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.hl7.V2Message;

/** Whatever an admission holds, its maps keep it, or say what they do not keep. */
class AdmissionFieldsTest {
  private static final String PID = "PID|||A123^^^MRN^MR||ZZTEST^Ada";
  private static final List<String> ORDER =
      List.of("EVN", "PID", "PD1", "ROL", "NK1", "PV1", "PV2", "AL1", "DG1", "IN1", "IN2");
  private static final Arbitrary<String> HOSTILE =
      Arbitraries.oneOf(
          Arbitraries.strings()
              .ascii()
              .ofMaxLength(12)
              .map(text -> text.replaceAll("[\\r\\n]", "")),
          Arbitraries.of(
              "\"\"",
              "^^^",
              "&&",
              "~~",
              "\\T\\",
              "\\X",
              "00000000",
              "Y",
              "1^2&3&4^5~6",
              "SEL",
              ""));

  /** Every field holds a number with a text: what it is does not matter, that it is told does. */
  private static String full(String segment, int fields) {
    return segment
        + "|"
        + IntStream.rangeClosed(1, fields)
            .mapToObj(number -> number + "^T" + number)
            .collect(Collectors.joining("|"));
  }

  @ParameterizedTest
  @CsvSource({
    "EVN, 7", "PID, 39", "PD1, 21", "ROL, 12", "NK1, 39", "PV1, 52", "PV2, 49", "AL1, 6", "DG1, 21",
    "IN1, 53", "IN2, 72"
  })
  void everyFieldIsKeptOrDeclared(String segment, int fields) {
    Map<String, String> around =
        Map.of("EVN", "EVN||20261120", "PID", PID, "PV1", "PV1|1|I", "IN1", "IN1|1|P|C");
    String[] message =
        ORDER.stream()
            .map(name -> name.equals(segment) ? full(name, fields) : around.getOrDefault(name, ""))
            .filter(each -> !each.isEmpty())
            .toArray(String[]::new);
    MappingRun run = Maps.MAPPER.map(Maps.message("ADT^A01", message), Maps.CONTEXT);
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .extracting(CoverageNote::path)
        .filteredOn(path -> path.matches(segment + "(\\[1])?-\\d+"))
        .isEmpty();
    RoundTripTest.everyLeafHasLineage(run);
  }

  @ParameterizedTest
  @CsvSource({"ADT^A40", "ADT^A47", "ADT^A41"})
  void everyFieldOfAMergeIsKeptOrDeclared(String type) {
    MappingRun run =
        Maps.MAPPER.map(Maps.message(type, "EVN||20261120", PID, full("MRG", 7)), Maps.CONTEXT);
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .extracting(CoverageNote::path)
        .filteredOn(path -> path.matches("MRG(\\[1])?-\\d+"))
        .isEmpty();
  }

  /** A name prefix names nobody: there is no practitioner, and no name to show. */
  @Test
  void whatTellsOfNobodyIsTold() {
    MappingRun run =
        Maps.MAPPER.map(
            Maps.message("ADT^A01", "EVN||20261120|||^&van", PID, "PV1|1|I|||||^&van~^&de"),
            Maps.CONTEXT);
    assertThat(run.resources())
        .extracting(resource -> resource.json().path("resourceType").asText())
        .doesNotContain("Practitioner");
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.LOSSY)
        .extracting(CoverageNote::path)
        .contains("EVN-5.2.2", "PV1-7[1].2.2", "PV1-7[2].2.2");
  }

  @Provide
  Arbitrary<String> fields() {
    return HOSTILE.list().ofMinSize(4).ofMaxSize(55).map(fields -> String.join("|", fields));
  }

  @Property(tries = 100)
  void nothingThrowsAndNothingVanishes(
      @ForAll("fields") String one, @ForAll("fields") String two, @ForAll("fields") String three) {
    V2Message message =
        Maps.message(
            "ADT^A01",
            "EVN|" + three,
            "PID|" + one,
            "PD1|" + two,
            "ROL|" + three,
            "NK1|" + two,
            "NK1|" + one,
            "PV1|" + three,
            "PV2|" + one,
            "ROL|" + one,
            "AL1|" + two,
            "AL1|" + three,
            "DG1|" + one,
            "DG1|" + two,
            "IN1|" + three,
            "IN2|" + one,
            "IN1|" + one,
            "GT1|" + two);
    MappingRun run = Maps.MAPPER.map(message, Maps.CONTEXT);
    assertThat(Maps.MAPPER.map(message, Maps.CONTEXT)).isEqualTo(run);
    RoundTripTest.everyLeafHasLineage(run);
    RoundTripTest.everyFieldIsAccountedFor(message, run);
  }
}

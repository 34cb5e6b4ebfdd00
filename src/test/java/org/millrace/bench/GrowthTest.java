package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;
import org.millrace.hl7.V2Writer;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingRun;

/**
 * Cost grows with the size of a message and no faster, whatever stands in it. Ten times the size
 * would cost a hundred times as much if something were quadratic; the limit of forty leaves room
 * for a busy machine.
 */
class GrowthTest {
  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int MOST_GROWTH = 40;

  /** For some hundred messages of 100 KB: far above what they take, far below quadratic work. */
  private static final Duration CEILING = Duration.ofSeconds(60);

  private static final int HOSTILE = 100_000;

  /** The least of several times; of this thread only, since others build on the same machine. */
  private static Duration best(Runnable work) {
    Duration best = cost(work);
    for (int i = 0; i < 3; i++) {
      Duration next = cost(work);
      best = next.compareTo(best) < 0 ? next : best;
    }
    return best;
  }

  private static Duration cost(Runnable work) {
    long before = THREADS.getCurrentThreadCpuTime();
    work.run();
    return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);
  }

  private static void assertLinear(Runnable small, Runnable tenfold) {
    best(small);
    Duration before = best(small);
    assertThat(best(tenfold)).isLessThan(before.multipliedBy(MOST_GROWTH));
  }

  private static void everyPart(byte[] bytes) {
    int length = 0;
    for (V2Segment segment : BenchMessages.read(bytes).segments()) {
      for (int field = 1; field <= segment.fieldCount(); field++) {
        for (V2Value repetition : segment.field(field).repetitions()) {
          for (V2Value component : repetition.components()) {
            for (V2Value subcomponent : component.subcomponents()) {
              length += subcomponent.text().length();
            }
          }
        }
      }
    }
    assertThat(length).isPositive();
  }

  private static MappingRun map(byte[] bytes) {
    return BenchMessages.MAPPER.map(BenchMessages.read(bytes), BenchMessages.CONTEXT);
  }

  @ParameterizedTest
  @EnumSource(BenchMessages.Shape.class)
  void readingGrowsWithTheMessage(BenchMessages.Shape shape) {
    byte[] small = BenchMessages.report(shape, 100_000);
    byte[] large = BenchMessages.report(shape, 1_000_000);
    assertLinear(() -> everyPart(small), () -> everyPart(large));
  }

  @ParameterizedTest
  @EnumSource(BenchMessages.Shape.class)
  void mappingAReportGrowsWithTheMessage(BenchMessages.Shape shape) {
    byte[] small = BenchMessages.report(shape, 100_000);
    byte[] large = BenchMessages.report(shape, 1_000_000);
    assertLinear(() -> map(small), () -> map(large));
  }

  @Test
  void manyReportsInOneMessageGrowWithTheirNumber() {
    assertLinear(() -> map(reports(50)), () -> map(reports(500)));
  }

  /** Each OBR is a report of its own. */
  private static byte[] reports(int count) {
    String one = new String(BenchMessages.report(BenchMessages.Shape.MANY_OBX, 1_000), UTF_8);
    int order = one.indexOf("ORC|");
    return (one.substring(0, order) + one.substring(order).repeat(count)).getBytes(UTF_8);
  }

  @Test
  void patientsWithManyRepetitionsGrowWithTheirNumber() {
    assertLinear(() -> map(repetitions(100)), () -> map(repetitions(1_000)));
  }

  @Test
  void writingGrowsWithTheResource() {
    ObjectNode small = map(repetitions(100)).resources().get(0).json();
    ObjectNode large = map(repetitions(1_000)).resources().get(0).json();
    assertLinear(() -> write(small), () -> write(large));
  }

  private static void write(ObjectNode patient) {
    V2Writer writer = new V2Writer(Separators.STANDARD, UTF_8);
    writer.segment("MSH").set(9, 1, "ADR").set(9, 2, "A19");
    Mapper.WrittenRun run =
        BenchMessages.MAPPER.write(
            writer, "ADR^A19", "QUERY_RESPONSE", List.of(patient), BenchMessages.CONTEXT);
    assertThat(run.lineage()).isNotEmpty();
    assertThat(writer.bytes()).isNotEmpty();
  }

  /** Names, addresses, numbers and contacts, each that many times. */
  private static byte[] repetitions(int count) {
    List<String> fields = new ArrayList<>(List.of("PID", "1", ""));
    fields.add("9900101^^^MRN^MR" + "~990011^^^NORTH^PI".repeat(count));
    fields.add("");
    fields.add("ZZTESTMILLER^ANNA^B^^^^L" + "~ZZTESTADLER^ANNA^^^^^M".repeat(count));
    fields.addAll(List.of("", "19610314", "F", "", ""));
    fields.add("12 MILL LANE^^KANSAS CITY^MO" + "~PO BOX 9^^KANSAS CITY".repeat(count));
    fields.add("");
    fields.add("(816)501-0580^PRN^PH" + "~(816)501-0581^PRN^PH".repeat(count));
    String pid = String.join("|", fields) + "\r";
    return patientWith(pid, "NK1|1|ZZTESTMILLER^OTTO|FTH\r".repeat(count));
  }

  private static byte[] patientWith(String pid, String more) {
    String whole = new String(BenchMessages.patient(), UTF_8);
    return (whole.substring(0, whole.indexOf("PID|")) + pid + more).getBytes(UTF_8);
  }

  @Test
  void writingManySlicesGrowsWithTheirNumber() {
    assertLinear(back("ADT^A01", visit(300)), back("ADT^A01", visit(3_000)));
  }

  @Test
  void writingManyGroupsGrowsWithTheirNumber() {
    assertLinear(
        back("ORU^R01/observations", reports(200)), back("ORU^R01/observations", reports(2_000)));
  }

  /** The resources that a message becomes, written again. */
  private static Runnable back(String type, byte[] message) {
    String variant = type.substring(type.indexOf('/') + 1);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    BenchMessages.MAPPER
        .map(
            BenchMessages.read(message), variant.equals(type) ? "" : variant, BenchMessages.CONTEXT)
        .resources()
        .forEach(each -> resources.put(each.reference(), each.json()));
    assertThat(resources).hasSizeGreaterThan(40);
    return () -> {
      V2Writer writer = new V2Writer(Separators.STANDARD, UTF_8);
      writer.segment("MSH");
      Mapper.WrittenRun run =
          BenchMessages.MAPPER.writeAll(writer, type, resources, BenchMessages.CONTEXT);
      assertThat(run.lineage()).hasSizeGreaterThan(resources.size());
    };
  }

  /** Diagnoses, allergies, persons, and insurances whose insured are persons too. */
  private static byte[] visit(int count) {
    StringBuilder more = new StringBuilder("PV1|1|I|||||||||||||||||V77^^^CLINIC^VN\r");
    for (int i = 1; i <= count; i++) {
      more.append("NK1|").append(i).append("|ZZTESTMILLER^OTTO|FTH^Father^HL70063\r");
    }
    for (int i = 1; i <= count; i++) {
      more.append("AL1|").append(i).append("|DA^Drug allergy^HL70127|7980^Penicillin^RXNORM\r");
    }
    for (int i = 1; i <= count; i++) {
      more.append("DG1|").append(i).append("||R07.9^Chest pain^I10C||20261120|A\r");
    }
    for (int i = 1; i <= count; i++) {
      more.append("IN1|")
          .append(i)
          .append("|PLAN1^Gold|INS1^^^CLINIC^PI|||||||||||||")
          .append("ZZTEST^EVE|NCH^Natural child^HL70063\r");
    }
    String whole = new String(BenchMessages.patient(), UTF_8).replace("ADR^A19^ADR_A19", "ADT^A01");
    return (whole.replace("PID|", "EVN||20261120\rPID|") + more).getBytes(UTF_8);
  }

  static Stream<Arguments> hostileTexts() {
    return Stream.of(
            "&", "^", "~", "\\", "a&", "a^", "a~", "\\X", "\\X41\\", "\\T\\", "\\.br\\", "\\Z\\",
            "^&~\\", "\"\"~", " ", "1 ", "漢", "9")
        .map(text -> Arguments.of(text.isBlank() ? "blank" : text, repeated(text)));
  }

  private static String repeated(String text) {
    return text.repeat(HOSTILE / text.length());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileTexts")
  void anyFieldMayHoldHostileText(String name, String hostile) {
    String report = new String(BenchMessages.report(BenchMessages.Shape.MANY_OBX, 1_000), UTF_8);
    String patient = new String(BenchMessages.patient(), UTF_8);
    Duration cost =
        cost(
            () -> {
              everyFieldReplaced(report, hostile);
              everyFieldReplaced(patient, hostile);
            });
    assertThat(cost).as(name).isLessThan(CEILING);
  }

  /** One field after another is replaced. */
  private static void everyFieldReplaced(String message, String hostile) {
    List<String> segments = message.lines().toList();
    Set<String> names = new HashSet<>();
    for (int segment = 1; segment < segments.size(); segment++) {
      String[] fields = segments.get(segment).split("\\|", -1);
      // The second OBX is as the first.
      for (int field = 1; field < fields.length && names.add(fields[0] + field); field++) {
        String[] replaced = fields.clone();
        replaced[field] = hostile;
        List<String> whole = new ArrayList<>(segments);
        whole.set(segment, String.join("|", replaced));
        MappingRun run = map(String.join("\r", whole).getBytes(UTF_8));
        assertThat(run.lineage()).as(fields[0] + "-" + field).isNotEmpty();
      }
    }
  }
}

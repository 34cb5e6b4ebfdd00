package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** AL1 in answers, and what is told where it is lacking. */
class AllergiesTest {
  private static final String HEAD =
      "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120120000||QRY^A19|Q-1|D|%s\r";
  private static final String NUMBER = "QRD|2026|R|I|TAG-1|||1^RD|9900102|DEM\r";
  private static final String NAME = "QRD|2026|R|I|TAG-1|||10^RD|^ZZTESTMILLER|DEM\r";
  private static QueryBench bench;

  private final List<String> asked = new ArrayList<>();
  private PatientQuery query;

  @BeforeAll
  static void open() {
    bench = QueryBench.open();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @BeforeEach
  void reset() {
    bench.reset();
    query = bench.query(settings -> settings.with(QuerySettings.Visit.ALL));
  }

  private String answer(String version, String definition) {
    try {
      byte[] message = (HEAD.formatted(version) + definition).getBytes(StandardCharsets.UTF_8);
      return new String(query.answerWithAllergies(V2Message.read(message)), StandardCharsets.UTF_8);
    } catch (V2FormatException e) {
      throw new IllegalArgumentException("the test's message is no message", e);
    }
  }

  private static long segments(String reply, String name) {
    return reply.split("\r").length == 0
        ? 0
        : List.of(reply.split("\r")).stream().filter(line -> line.startsWith(name)).count();
  }

  private static ObjectNode allergy(String substance) {
    ObjectNode allergy = new ObjectMapper().createObjectNode();
    allergy.put("resourceType", "AllergyIntolerance");
    allergy.putObject("code").put("text", substance);
    allergy.putArray("category").add("food");
    return allergy;
  }

  private static Reply<AllergySource.Known> failed(FaultCode code) {
    return Reply.failed(new Fault(code, "It failed.", "", 0, "", Optional.empty(), true));
  }

  private synchronized Reply<AllergySource.Known> noting(
      String patient, Reply<AllergySource.Known> reply) {
    asked.add(patient);
    return reply;
  }

  private void knows(List<ObjectNode> allergies, int leftOut) {
    knows(allergies, leftOut, 0);
  }

  private void knows(List<ObjectNode> allergies, int leftOut, int contradicted) {
    query.withAllergies(
        (patient, call) ->
            noting(patient, Reply.done(new AllergySource.Known(allergies, leftOut, contradicted))));
  }

  @Test
  void eachVisitOfAPatientCarriesTheAllergies() {
    knows(List.of(allergy("Peanut"), allergy("Milk & eggs")), 0);
    String reply = answer("2.5.1", NUMBER);
    assertThat(asked).containsExactly("12990002");
    long visits = segments(reply, "PV1");
    assertThat(visits).isEqualTo(3);
    assertThat(segments(reply, "AL1")).isEqualTo(2 * visits);
    assertThat(reply).contains("AL1|1|FA").contains("AL1|2|FA").contains("Milk \\T\\ eggs");
    assertThat(segments(reply, "ERR")).isZero();
  }

  @Test
  void withoutASourceOrWithoutAWishThereIsNoneAndNobodyIsAsked() throws Exception {
    assertThat(segments(answer("2.5.1", NUMBER), "AL1")).isZero();
    knows(List.of(allergy("Peanut")), 0);
    byte[] plain =
        query.answer(
            V2Message.read((HEAD.formatted("2.5.1") + NUMBER).getBytes(StandardCharsets.UTF_8)));
    assertThat(segments(new String(plain, StandardCharsets.UTF_8), "AL1")).isZero();
    assertThat(asked).isEmpty();
  }

  @Test
  void whereTheyCannotBeReadThePatientsComeWithAWarning() {
    query.withAllergies((patient, call) -> noting(patient, failed(FaultCode.TOO_SLOW)));
    String reply = answer("2.5.1", NUMBER);
    assertThat(reply)
        .contains("MSA|AA|Q-1|Allergies could not be read (too-slow), AL1 is missing")
        .contains("|207^")
        .contains("^HL70357|W|")
        .contains("PID|1|");
    assertThat(segments(reply, "ERR")).isEqualTo(1);
    assertThat(segments(reply, "AL1")).isZero();
  }

  @Test
  void beforeVersion25TheWarningStandsInMsa3Alone() {
    query.withAllergies((patient, call) -> failed(FaultCode.UNAVAILABLE));
    String reply = answer("2.3", NUMBER);
    assertThat(reply).contains("MSA|AA|Q-1|Allergies could not be read (unavailable)");
    assertThat(segments(reply, "ERR")).isZero();
  }

  @Test
  void oneThatIsDownIsAskedForThePatientsUnderWayOnly() {
    query.withAllergies((patient, call) -> noting(patient, failed(FaultCode.UNREACHABLE)));
    String reply = answer("2.5.1", NAME);
    assertThat(segments(reply, "PID")).isGreaterThan(2);
    assertThat(reply)
        .containsPattern("Allergies of 3 patients could not be read \\(unreachable\\)");
    asked.clear();
    knows(List.of(), 0);
    assertThat(segments(answer("2.5.1", NAME), "ERR")).isZero();
    assertThat(asked).hasSize(3);
  }

  private int askedFor50Patients(FaultCode code) {
    asked.clear();
    AllergyReading reading =
        new AllergyReading(
            Optional.of((patient, call) -> noting(patient, failed(code))),
            new Troubles(() -> "id"));
    for (int i = 0; i < 50; i++) {
      Match match = new Match(QueryBench.patient("1299" + i, "99" + i, "ZZTEST", "ANY"), List.of());
      Page.Shown shown =
          reading.add(new Page.Shown(match, List.of()), Call.within(Duration.ofSeconds(5)));
      assertThat(shown.lack()).contains(code.label());
    }
    return asked.size();
  }

  @Test
  void onlyWhatFailedForOnePatientIsTriedForTheNext() {
    Set<FaultCode> ofOne =
        EnumSet.of(
            FaultCode.NOT_FOUND,
            FaultCode.SEVERAL_FOUND,
            FaultCode.REFUSED,
            FaultCode.CONFLICT,
            FaultCode.LOCKED,
            FaultCode.RECORD_DEFECT,
            FaultCode.TOO_MANY);
    for (FaultCode code : FaultCode.values()) {
      assertThat(askedFor50Patients(code))
          .as(code.label())
          .isEqualTo(ofOne.contains(code) ? 50 : 1);
    }
  }

  @Test
  void whatIsRecordedWithoutASubstanceIsTold() {
    knows(List.of(allergy("Peanut")), 1);
    String reply = answer("2.5.1", NUMBER);
    assertThat(reply).contains("AL1 is incomplete: an allergy is recorded without a substance");
    assertThat(segments(reply, "AL1")).isPositive();
  }

  @Test
  void thatARecordOfNoKnownAllergiesWasLeftOutIsTold() {
    knows(List.of(allergy("Peanut")), 0, 1);
    String reply = answer("2.5.1", NUMBER);
    assertThat(reply)
        .contains(
            "MSA|AA|Q-1|A record of no known allergies was left out: another record holds an"
                + " allergy");
    assertThat(segments(reply, "ERR")).isZero();
    assertThat(answer("2.5.1", NAME)).contains("was left out for 3 patients: another record");
  }

  @Test
  void aFifthOfTheTimeIsLeftForTheReply() {
    List<Duration> given = new ArrayList<>();
    query.withAllergies(
        (patient, call) -> {
          given.add(call.deadline().left());
          return Reply.done(new AllergySource.Known(List.of(), 0, 0));
        });
    answer("2.5.1", NUMBER);
    assertThat(given.get(0)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
  }
}

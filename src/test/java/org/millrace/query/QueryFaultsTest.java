package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.query.QueryBench.ask;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that cannot be answered: the sender's faults and Cerner's. */
class QueryFaultsTest {
  private static final String HEAD =
      "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120120000||QRY^A19|Q-1|D|2.5.1\r";
  private static final String NUMBER = HEAD + "QRD|2026|R|I|TAG-1|||1^RD|9900102|DEM\r";
  private static final String NAME = HEAD + "QRD|2026|R|I|TAG-1|||10^RD|^ZZTESTMILLER|DEM\r";

  private static QueryBench bench;

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
    query = bench.query();
  }

  @ParameterizedTest
  @CsvSource({
    "QRD|2026|R|I|TAG-1|||1^RD||DEM,                    101 QRD^1^8",
    "QRD|2026|R|I|TAG-1|||1^RD|^^^~\"\"|DEM,            101 QRD^1^8",
    "QRD|2026|R|I|TAG-1,                                101 QRD^1^8",
    "QRD|2026|R|I|TAG-1|||1^RD|9900101~^^^^^^^^X|DEM,   101 QRD^1^8^2",
    "QRD|2026|R|I|TAG-1|||1^RD|^*|DEM,                  101 QRD^1^8^1",
    "QRD|2026|D|I|TAG-1|||1^RD|9900101|DEM,             103 QRD^1^2",
    "QRD|2026|T|I|TAG-1|||1^RD|9900101|DEM,             103 QRD^1^2",
    "QRD|2026|R|I|TAG-1|||1^RD|9900101|ORD,             103 QRD^1^9",
    "QRD|2026|R|I|TAG-1|||1^RD|9900101|DEM~RES,         103 QRD^1^9",
    "QRD|2026|R|I|TAG-1|||ten^RD|9900101|DEM,           102 QRD^1^7",
    "QRD|2026|R|I|TAG-1|||-1^RD|9900101|DEM,            102 QRD^1^7",
    "QRD|2026|R|I|TAG-1|||0^RD|9900101|DEM,             102 QRD^1^7",
    "QRD|2026|R|I|TAG-1|||1.5|9900101|DEM,              102 QRD^1^7",
    "QRD|2026|R|I|TAG-1|||1^LI|9900101|DEM,             103 QRD^1^7^1^2",
  })
  void aFaultOfTheQueryIsToldWithItsPlace(String definition, String error) {
    Adr adr = ask(query, HEAD + definition + "\r");

    assertThat(adr.verdict()).isEqualTo("AE AE " + error);
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK", "QRD");
    assertThat(adr.field("QAK", 1)).isEqualTo("TAG-1");
    assertThat(adr.text()).contains("\r" + definition + "\r");
    assertThat(bench.asked()).isEmpty();
  }

  @Test
  void aMessageWithoutQrdIsOutOfSequence() {
    Adr adr = ask(query, HEAD);

    assertThat(adr.verdict()).isEqualTo("AE AE 100 QRD^1");
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QRD|2026|R|I|T|||+10.0^RD|9900102|DEM",
        "QRD|2026|R|I|T|||1|9900102|",
        "QRD|2026||I|T|||99999999999^RD|9900102",
        "QRD|2026|R|I|T||||9900102|DEM^Demographics^HL70048",
      })
  void harmlessVariantsAreAnswered(String definition) {
    assertThat(ask(query, HEAD + definition + "\r").verdict()).isEqualTo("AA OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"path\":\"Patient\",\"status\":503}",
        "{\"path\":\"Patient\",\"status\":500}",
        "{\"path\":\"Patient\",\"status\":429,\"retryAfter\":\"30\"}",
        "{\"path\":\"Patient\",\"status\":403}",
        "{\"path\":\"Patient\",\"status\":404,\"text\":\"no such page\"}",
        "{\"path\":\"Patient\",\"status\":200,\"text\":\"<html>maintenance</html>\"}",
        "{\"path\":\"Patient\",\"drop\":\"before\"}",
        "{\"path\":\"Patient\",\"expiredToken\":true}",
        "{\"path\":\"Encounter\",\"status\":503}",
        "{\"path\":\"Encounter\",\"status\":500}",
        "{\"path\":\"Encounter\",\"status\":404}",
        "{\"path\":\"Encounter\",\"status\":403}",
      })
  void whateverFailsAtCernerIsAnErrorAndNeverNobody(String fault) {
    bench.fault(fault);

    for (String message : new String[] {NUMBER, NAME}) {
      Adr adr = ask(query, message);
      assertThat(adr.verdict()).isEqualTo("AE AE 207");
      assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK", "QRD");
      assertThat(adr.field("ERR", 7)).isNotEmpty();
      assertThat(adr.field("ERR", 8)).startsWith("Could not ");
      assertThat(adr.text()).doesNotContain("ZZTESTMILLER^");
    }
  }

  @Test
  void cernerSlowerThanTheAnswerMayTakeIsAnError() {
    bench.fault("{\"path\":\"Encounter\",\"latency\":\"30s\"}");
    PatientQuery hurried = bench.query(settings -> settings.with(Duration.ofMillis(300)));

    long start = System.nanoTime();
    Adr number = ask(hurried, NUMBER);
    Adr name = ask(hurried, NAME);

    assertThat(number.verdict()).isEqualTo("AE AE 207");
    assertThat(name.verdict()).isEqualTo("AE AE 207");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aTokenThatIsNotGivenIsAnError() {
    bench.clock.forward(Duration.ofHours(1));
    bench.fault("{\"path\":\"\",\"method\":\"POST\",\"status\":503}");

    Adr adr = ask(query, NUMBER);

    assertThat(adr.verdict()).isEqualTo("AE AE 207");
    assertThat(adr.field("ERR", 8)).contains("(no-token)");
  }

  @Test
  void nobodyListeningIsAnErrorWithAnIdForSupport() {
    Adr adr = ask(bench.queryOfNobody(), NUMBER);

    assertThat(adr.verdict()).isEqualTo("AE AE 207");
    assertThat(adr.field("ERR", 7)).startsWith("id-");
    assertThat(adr.field("ERR", 8)).isNotEmpty();
  }

  @Test
  void aNameThatMatchesMoreThanCernerGivesIsToldToBeNarrowed() {
    bench.fault("{\"path\":\"Patient\",\"status\":422}");

    Adr adr = ask(query, NAME);

    assertThat(adr.verdict()).isEqualTo("AE AE 207");
    assertThat(adr.field("ERR", 8)).startsWith("Too many patients match this name");
  }

  @Test
  void anOldSenderFindsTheErrorInMsa3AndErr1() {
    bench.fault("{\"path\":\"Patient\",\"status\":503}");

    Adr adr = ask(query, NUMBER.replace("|2.5.1", "|2.2"));

    assertThat(adr.field("MSA", 1)).isEqualTo("AE");
    assertThat(adr.field("MSA", 3))
        .isEqualTo("Could not find the patient (unavailable); ask again later");
    assertThat(adr.field("ERR", 1)).contains("207");
    assertThat(adr.field("QAK", 2)).isEqualTo("AE");
  }
}

package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.query.QueryBench.ask;
import static org.millrace.query.QueryBench.patient;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.AcknowledgmentHabits;
import org.millrace.hl7.QueryHabits;
import org.millrace.hl7.SenderProfile;

/** Answers longer than QRD-7 allows. */
class QueryPagesTest {
  private static final String HEAD =
      "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120120000||QRY^A19|Q-1|D|2.5.1\r";

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

  @Test
  void theFirstPatientsAreGivenWithAPointerToTheRest() throws Exception {
    Adr first = ask(query, page("CTL-1", ""));
    Adr second = ask(query, page("CTL-2", first.field("DSC", 1)));

    assertThat(first.verdict()).isEqualTo("AA OK");
    assertThat(first.numbers()).hasSize(2);
    assertThat(first.all("DSC")).singleElement().asString().endsWith("|I");
    assertThat(first.byHapi().getDSC().getContinuationPointer().getValue()).isNotEmpty();
    assertThat(counts(first)).isEqualTo("3 2 1");
    assertThat(second.verdict()).isEqualTo("AA OK");
    assertThat(second.all("DSC")).isEmpty();
    assertThat(counts(second)).isEqualTo("3 1 0");
    assertThat(second.field("QAK", 1)).isEqualTo("TAG-1");
    assertThat(second.field("MSA", 2)).isEqualTo("CTL-2");
    assertThat(first.numbers()).doesNotContainAnyElementsOf(second.numbers());
  }

  @Test
  void aPageCanBeAskedForAgain() {
    String pointer = ask(query, page("CTL-1", "")).field("DSC", 1);

    assertThat(ask(query, page("CTL-2", pointer)).numbers())
        .isEqualTo(ask(query, page("CTL-3", pointer)).numbers())
        .hasSize(1);
  }

  @Test
  void aPointerThatIsUnknownOrOfAnotherQueryOrSenderIsRefused() {
    String pointer = ask(query, page("CTL-1", "")).field("DSC", 1);

    assertThat(ask(query, page("CTL-2", "no-such-pointer")).verdict())
        .isEqualTo("AE AE 204 DSC^1^1");
    assertThat(ask(query, page("CTL-2", pointer).replace("ZZTESTMILLER", "ZZTEST")).verdict())
        .isEqualTo("AE AE 204 DSC^1^1");
    assertThat(ask(query, page("CTL-2", pointer).replace("|LAB|", "|RIS|")).verdict())
        .isEqualTo("AE AE 204 DSC^1^1");
    assertThat(ask(query, page("CTL-2", pointer).replace("QRD|2026|", "QRD|2027|")).verdict())
        .isEqualTo("AA OK");
  }

  @Test
  void aPointerExpires() {
    String pointer = ask(query, page("CTL-1", "")).field("DSC", 1);
    bench.clock.forward(Duration.ofMinutes(10));

    Adr adr = ask(query, page("CTL-2", pointer));

    assertThat(adr.verdict()).isEqualTo("AE AE 204 DSC^1^1");
    assertThat(adr.all("PID")).isEmpty();
  }

  @Test
  void aPointerIsGoodAfterARestart() {
    String pointer = ask(query, page("CTL-1", "")).field("DSC", 1);
    bench.restart();

    Adr adr = ask(bench.query(), page("CTL-2", pointer));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(counts(adr)).isEqualTo("3 1 0");
  }

  @Test
  void aPointerOfOneTenantLeadsNowhereAtAnother() {
    String pointer = ask(query, page("CTL-1", "")).field("DSC", 1);

    assertThat(ask(bench.queryOfTenant("clinic"), page("CTL-2", pointer)).verdict())
        .isEqualTo("AE AE 204 DSC^1^1");
  }

  @Test
  void noPageIsGivenWhoseRestCannotBeKept() {
    bench.closeJournal();
    try {
      Adr adr = ask(query, page("CTL-1", ""));

      assertThat(adr.verdict()).isEqualTo("AE AE 207");
      assertThat(adr.all("PID")).isEmpty();
      assertThat(ask(query, page("CTL-2", "").replace("2^RD", "3^RD")).verdict())
          .as("an answer of one page needs no journal")
          .isEqualTo("AA OK");
    } finally {
      bench.restart();
    }
  }

  @Test
  void aSenderMayHaveItsOwnAnswerToTooMany() {
    bench.profiles.put("LAB@MAIN", asking(Optional.empty(), Optional.of(true), Optional.empty()));

    assertThat(ask(query, page("CTL-1", "")).verdict()).isEqualTo("AE AE 207 QRD^1^7");
    assertThat(ask(query, page("CTL-2", "").replace("|LAB|", "|RIS|")).verdict())
        .isEqualTo("AA OK");
  }

  @Test
  void aDeferredQueryIsAnsweredAtOnceOrRefusedAsSaid() {
    String deferred = page("CTL-1", "").replace("|R|I|", "|R|D|").replace("2^RD", "3^RD");
    PatientQuery refusing = bench.query(settings -> settings.with(QuerySettings.Deferred.REFUSE));

    assertThat(ask(query, deferred).field("MSA", 3)).isEqualTo("Deferred query answered at once");
    Adr refused = ask(refusing, deferred);
    assertThat(refused.verdict()).isEqualTo("AE AE 103 QRD^1^3");
    assertThat(refused.all("PID")).isEmpty();
    bench.profiles.put("LAB@MAIN", asking(Optional.empty(), Optional.empty(), Optional.of(false)));
    assertThat(ask(refusing, deferred).verdict()).as("this sender's own").isEqualTo("AA OK");
  }

  @Test
  void aSenderMayWaitForLessLongThanOthers() {
    bench.fault("{\"method\":\"GET\",\"path\":\"Patient\",\"latency\":\"1500ms\"}");
    bench.profiles.put(
        "LAB@MAIN",
        asking(Optional.of(Duration.ofMillis(200)), Optional.empty(), Optional.empty()));

    assertThat(ask(query, page("CTL-1", "")).verdict()).isEqualTo("AE AE 207");
    assertThat(ask(query, page("CTL-2", "").replace("|LAB|", "|RIS|")).verdict())
        .isEqualTo("AA OK");
  }

  private static SenderProfile asking(
      Optional<Duration> within,
      Optional<Boolean> refuseTooMany,
      Optional<Boolean> refuseDeferred) {
    return new SenderProfile(
        Optional.empty(),
        Set.of(),
        Set.of(),
        AcknowledgmentHabits.STANDARD,
        new QueryHabits(within, refuseTooMany, refuseDeferred));
  }

  @Test
  void aPageIsReadAnewFromCerner() {
    bench.seed(
        patient("7721", "5521", "ZZTESTPAGED", "A"), patient("7722", "5522", "ZZTESTPAGED", "B"));
    String message =
        page("CTL-1", "").replace("ZZTESTMILLER", "ZZTESTPAGED").replace("2^RD", "1^RD");
    Adr first = ask(query, message);
    bench.seed(
        patient("7721", "5521", "ZZTESTRENAMED", "A"),
        patient("7722", "5522", "ZZTESTRENAMED", "B"));

    Adr second = ask(query, message + "DSC|" + first.field("DSC", 1) + "|I\r");

    assertThat(second.field("PID", 5)).startsWith("ZZTESTRENAMED");
  }

  @Test
  void aSiteMayRefuseMoreThanQrd7Allows() {
    PatientQuery refusing = bench.query(settings -> settings.with(QuerySettings.TooMany.REFUSE));

    Adr adr = ask(refusing, page("CTL-1", ""));

    assertThat(adr.verdict()).isEqualTo("AE AE 207 QRD^1^7");
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK", "QRD");
    assertThat(ask(refusing, page("CTL-2", "").replace("2^RD", "3^RD")).verdict())
        .isEqualTo("AA OK");
  }

  @Test
  void aDefectOfOursStillGetsItsReply() {
    AtomicBoolean broken = new AtomicBoolean(true);
    PatientQuery defective =
        bench.queryWithIds(
            () -> {
              if (broken.getAndSet(false)) {
                throw new IllegalStateException("ZZTESTMILLER");
              }
              return "id-1";
            });

    Adr adr = ask(defective, page("CTL-1", ""));

    assertThat(adr.verdict()).isEqualTo("AE AE 207");
    assertThat(adr.field("ERR", 7)).isEqualTo("id-1");
    assertThat(adr.all("PID")).isEmpty();
  }

  private static String counts(Adr adr) {
    return adr.field("QAK", 4) + " " + adr.field("QAK", 5) + " " + adr.field("QAK", 6);
  }

  private static String page(String controlId, String pointer) {
    return HEAD.replace("Q-1", controlId)
        + "QRD|2026|R|I|TAG-1|||2^RD|^ZZTESTMILLER|DEM\r"
        + (pointer.isEmpty() ? "" : "DSC|" + pointer + "|I\r");
  }
}

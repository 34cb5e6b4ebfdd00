package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V2TimeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static V2Time read(String text) {
    return V2Time.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "1984, 1984, 1984",
    "198403, 1984-03, 1984-03",
    "19840309, 1984-03-09, 1984-03-09",
    "1984030908, 1984-03-09T08:00:00+01:00, 1984-03-09",
    "198407090805, 1984-07-09T08:05:00+02:00, 1984-07-09",
    "20260709080507, 2026-07-09T08:05:07+02:00, 2026-07-09",
    "20260709080507.1200, 2026-07-09T08:05:07.1200+02:00, 2026-07-09",
    "20260709230507-0500, 2026-07-09T23:05:07-05:00, 2026-07-09",
    "20260709080507.5+0530, 2026-07-09T08:05:07.5+05:30, 2026-07-09",
    "20260709080507Z, 2026-07-09T08:05:07Z, 2026-07-09",
    "202607092400, 2026-07-10T00:00:00+02:00, 2026-07-10",
    "20261231240000, 2027-01-01T00:00:00+01:00, 2027-01-01",
    "20260709235960, 2026-07-09T23:59:59+02:00, 2026-07-09",
    "20260000, 2026, 2026",
    "20260700, 2026-07, 2026-07",
    "20260000000000, 2026, 2026",
    "' 2026 0709 ', 2026-07-09, 2026-07-09",
    "20260709080507., 2026-07-09T08:05:07+02:00, 2026-07-09",
    "2026-07-09, 2026-07-09, 2026-07-09",
    "2026-07-09T08:05:07Z, 2026-07-09T08:05:07Z, 2026-07-09",
    "19840309+0100, 1984-03-09, 1984-03-09"
  })
  void timesKeepTheirPrecision(String v2, String dateTime, String date) {
    assertThat(read(v2).toFhirDateTime(BERLIN)).isEqualTo(dateTime);
    assertThat(read(v2).toFhirDate()).isEqualTo(date);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"\"",
        "198",
        "19845",
        "00000000",
        "20261301",
        "20260230",
        "2026070925",
        "202607090860",
        "20260709080561",
        "yesterday",
        "20260709+9900",
        "202607092430",
        "2026070908050",
        "20260709080507+9900"
      })
  void whatIsNoTimeIsEmpty(String text) {
    boolean dateWithOddOffset = text.equals("20260709+9900");
    assertThat(V2Time.parse(text).isPresent()).isEqualTo(dateWithOddOffset);
  }

  @Test
  void anAssumedZoneAndAddedSecondsAreTold() {
    assertThat(read("202607090805").zoneAssumed()).isTrue();
    assertThat(read("202607090805").padded()).isTrue();
    assertThat(read("202607090805+0200").zoneAssumed()).isFalse();
    assertThat(read("20260709").zoneAssumed()).isFalse();
    assertThat(read("20260709080507").padded()).isFalse();
    assertThat(read("2026").precision()).isEqualTo(V2Time.Precision.YEAR);
  }

  @ParameterizedTest
  @CsvSource({
    "1984, 1984",
    "1984-03, 198403",
    "1984-03-09, 19840309",
    "2026-07-09T23:05:07Z, 20260710010507+0200",
    "2026-01-09T08:05:07.123456+05:00, 20260109040507.1234+0100",
    "2026-01-09T08:05Z, 202601090905+0100"
  })
  void fhirTimesBecomeV2InTheZone(String fhir, String v2) {
    assertThat(V2Time.fromFhir(fhir).orElseThrow().toV2(BERLIN)).isEqualTo(v2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1984",
        "198403",
        "19840309",
        "1984030908",
        "202607090805+0200",
        "20260709080507.12+0000"
      })
  void v2TimesAreWrittenAsTheyWereRead(String v2) {
    assertThat(read(v2).toV2()).isEqualTo(v2);
    assertThat(read(v2)).isEqualTo(read(read(v2).toV2())).hasToString(v2);
  }

  @Test
  void aTimeThatTheZoneSkipsMovesOnByTheGap() {
    assertThat(read("20260329023000").toFhirDateTime(BERLIN))
        .isEqualTo("2026-03-29T03:30:00+02:00");
    assertThat(read("20261025023000").toFhirDateTime(BERLIN))
        .isEqualTo("2026-10-25T02:30:00+02:00");
  }

  @Test
  void instantsNeedATimeOfDay() {
    assertThat(read("20260709").toFhirInstant(BERLIN)).isEmpty();
    assertThat(read("20260709080507").toFhirInstant(BERLIN)).contains("2026-07-09T08:05:07+02:00");
    assertThat(read("20260709080507Z").start(BERLIN))
        .isEqualTo(Instant.parse("2026-07-09T08:05:07Z"));
    assertThat(read("20260709").start(BERLIN)).isEqualTo(Instant.parse("2026-07-08T22:00:00Z"));
    assertThat(V2Time.of(Instant.parse("2026-07-09T08:05:07.9Z"), BERLIN).toV2())
        .isEqualTo("20260709100507+0200");
  }

  @Test
  void timesOfDayAreReadBothWays() {
    assertThat(V2Time.toFhirTime("0830")).contains("08:30:00");
    assertThat(V2Time.toFhirTime("083015.25+0100")).contains("08:30:15.25");
    assertThat(V2Time.toFhirTime("2460")).isEmpty();
    assertThat(V2Time.toFhirTime("noon")).isEmpty();
    assertThat(V2Time.timeFromFhir("08:30:15")).contains("083015");
    assertThat(V2Time.timeFromFhir("8:3")).isEmpty();
  }
}

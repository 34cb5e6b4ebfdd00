package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.cerner.Parameter;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;

class FhirNeedsTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String INCLUDING = "_revinclude=Provenance%3Atarget";
  private static final List<String> EVERYTHING =
      List.of("system/*.c", "system/*.r", "system/*.u", "system/*.d", "system/*.s");

  private static Needs needs(String method, String path) {
    return FhirNeeds.of(EngineInFrontOfSandbox.request(method, path, Map.of(), ""));
  }

  private static List<String> scopes(Needs needs) {
    return needs.all().stream().map(Need::scope).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, Patient/1, system/Patient.r",
    "HEAD, Patient/1, system/Patient.r",
    "GET, Patient/1/_history/2, system/Patient.r",
    "GET, Patient?family=X, system/Patient.s",
    "POST, Patient/_search, system/Patient.s",
    "POST, Patient, system/Patient.c",
    "PUT, Patient/1, system/Patient.u",
    "PATCH, Patient/1, system/Patient.u",
    "DELETE, Patient/1, system/Patient.d",
    "GET, Medication/7, system/Medication.r",
    "GET, Observation?_revinclude=Provenance:target, system/Observation.s system/Provenance.s",
    "GET, Observation?_include=Observation:subject:Patient, system/Observation.s system/Patient.r",
    "GET, Observation?_include:iterate=Observation:subject, system/Observation.s system/*.r",
    "GET, Observation?_revinclude=*, system/Observation.s system/*.s",
  })
  void whatIsAskedNeedsTheScopeOfItsTypeAndInteraction(String method, String path, String scopes) {
    assertThat(scopes(needs(method, path))).containsExactly(scopes.split(" "));
  }

  @Test
  void whatIsIncludedByAFormCountsAsWell() {
    assertThat(scopes(posted("POST", FORM, INCLUDING)))
        .containsExactly("system/Encounter.s", "system/Provenance.s");
  }

  @ParameterizedTest
  @CsvSource({"GET, application/x-www-form-urlencoded", "POST, text/plain", "POST, ''"})
  void whatIsNoPostedFormIsNotLookedAt(String method, String contentType) {
    assertThat(scopes(posted(method, contentType, INCLUDING)))
        .containsExactly("system/Encounter.s");
  }

  /** It is refused by who answers. */
  @Test
  void aFormBeyondItsLimitIsNotLookedAt() {
    String atTheLimit = INCLUDING + "&".repeat(SearchForm.LONGEST - INCLUDING.length());

    assertThat(scopes(posted("POST", FORM, atTheLimit))).contains("system/Provenance.s");
    assertThat(scopes(posted("POST", FORM, atTheLimit + "&")))
        .containsExactly("system/Encounter.s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", FORM})
  void whoeverSendsSeparatorsGetsNoMemoryForThem(String contentType) {
    RestRequest request =
        EngineInFrontOfSandbox.request(
            "POST",
            "Encounter/_search",
            Map.of("content-type", contentType),
            "&".repeat(8 * 1024 * 1024));

    assertThat(allocating(() -> FhirNeeds.of(request))).isLessThan(1024 * 1024);
  }

  @Test
  void separatorsOfAQueryAreNoParameters() {
    String separators = "&".repeat(8 * 1024 * 1024);

    assertThat(allocating(() -> UrlText.parameters(separators))).isLessThan(1024 * 1024);
    assertThat(UrlText.parameters("&&a=1&&b&").orElseThrow())
        .containsExactly(new Parameter("a", "1"), new Parameter("b", ""));
  }

  private static long allocating(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static Needs posted(String method, String contentType, String body) {
    return FhirNeeds.of(
        EngineInFrontOfSandbox.request(
            method, "Encounter/_search", Map.of("content-type", contentType), body));
  }

  @ParameterizedTest
  @CsvSource({
    "DocumentReference/$docref?patient=1&type=34133-9",
    "Binary/$autogen-ccd-if?patient=1"
  })
  void aSummaryOfAChartNeedsEveryTypeToBeRead(String path) {
    assertThat(scopes(needs("GET", path)))
        .containsExactly("system/DocumentReference.r", "system/Binary.r", "system/*.r");
  }

  @Test
  void whatCameOfACreateIsAskedByAnyCaller() {
    assertThat(needs("GET", "_async/ticket")).isEqualTo(Needs.ANY_CALLER);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, ''",
    "GET, ''",
    "GET, $export",
    "GET, _history",
    "GET, Patient/1/$everything",
    "POST, Patient/$match",
    "DELETE, Patient?family=X",
    "TRACE, Patient/1"
  })
  void whatMayTouchAnythingNeedsEverything(String method, String path) {
    assertThat(scopes(needs(method, path))).containsExactlyElementsOf(EVERYTHING);
  }

  @Test
  void whatTheEngineIsMayBeAskedByAnybody() {
    assertThat(needs("GET", "metadata").open()).isTrue();
    assertThat(needs("GET", ".well-known/smart-configuration").open()).isTrue();
    assertThat(needs("POST", "metadata").open()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"patient/1", "metadata/x", ".well-known"})
  void whatIsNoTypeNeedsAKnownCaller(String path) {
    assertThat(needs("GET", path)).isEqualTo(Needs.ANY_CALLER);
  }
}

package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.json;
import static org.millrace.cerner.ScriptedServer.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private final Bench bench = new Bench();
  private final CernerActions actions = bench.withoutToken();

  @AfterEach
  void close() {
    bench.close();
  }

  private String page(String next, String... entries) {
    String link =
        next.isEmpty()
            ? ""
            : "{\"relation\":\"next\",\"url\":\""
                + bench.fhir.url(Bench.ROOT + "/Encounter")
                + "?-pageContext="
                + next
                + "\"}";
    return "{\"resourceType\":\"Bundle\",\"link\":["
        + link
        + "],\"entry\":["
        + String.join(",", entries)
        + "]}";
  }

  private static String encounter(String id, String changed) {
    return "{\"resource\":{\"resourceType\":\"Encounter\",\"id\":\""
        + id
        + "\",\"meta\":{\"lastUpdated\":\""
        + changed
        + "\"}}}";
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 410})
  void aPageThatIsKeptNoMoreMakesTheSearchBeginAnewOnceAndEachIsThereOnceTheNewest(int status) {
    AtomicInteger starts = new AtomicInteger();
    bench.fhir.does(
        request -> {
          if (!request.target().contains("-pageContext")) {
            int start = starts.incrementAndGet();
            return json(page("c" + start, encounter("1", "2026-11-20T10:00:00Z")));
          }
          return request.target().contains("=c1")
              ? status(status)
              : json(
                  page(
                      "",
                      encounter("1", "2026-11-20T11:00:00Z"),
                      encounter("2", "2026-11-20T10:00:00Z")));
        });

    List<ObjectNode> found = value(actions.getPatientEncounters("7", bench.call()));

    assertThat(found)
        .extracting(each -> each.path("id").asText())
        .containsExactlyInAnyOrder("1", "2");
    assertThat(found)
        .filteredOn(each -> each.path("id").asText().equals("1"))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.at("/meta/lastUpdated").asText())
                    .isEqualTo("2026-11-20T11:00:00Z"));
    assertThat(starts).hasValue(2);
    assertThat(bench.fhir.requests()).hasSize(4);
  }

  @Test
  void aSearchBeginsAnewOnceAndNoMore() {
    bench.fhir.does(
        request ->
            request.target().contains("-pageContext")
                ? status(404)
                : json(page("c", encounter("1", "2026-11-20T10:00:00Z"))));
    assertThat(fault(actions.getPatientEncounters("7", bench.call())).status()).isEqualTo(404);
    assertThat(bench.fhir.requests()).hasSize(4);
  }

  @Test
  void aRefusalOfTheSearchItselfIsNotAskedAgain() {
    bench.fhir.does(request -> status(400));
    assertThat(fault(actions.getPatientEncounters("7", bench.call())).code())
        .isEqualTo(FaultCode.REFUSED);
    assertThat(bench.fhir.requests()).hasSize(1);
  }
}

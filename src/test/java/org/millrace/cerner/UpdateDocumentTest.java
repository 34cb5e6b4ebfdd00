package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.drop;
import static org.millrace.cerner.ScriptedServer.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Correcting a note: what is sent, and what the answers mean for what is stored. */
class UpdateDocumentTest {
  private final Bench bench = new Bench();
  private final CernerActions actions = bench.withoutToken();
  private final ObjectNode document = Bodies.document().put("id", "77");

  @AfterEach
  void close() {
    bench.close();
  }

  private Reply<Updated> update(String version) {
    return actions.updateDocument("77", version, document, bench.call());
  }

  @ParameterizedTest
  @CsvSource({"1, W/\"2\", 2", "0$0, '', ''", "410v795030969834, \"411\", 411"})
  void theVersionItIsBasedOnTravelsAlong(String version, String etag, String now) {
    bench.fhir.does(request -> answer(200, Map.of("ETag", etag), ""));

    assertThat(value(update(version))).isEqualTo(new Updated(now));
    ScriptedServer.Request sent = bench.fhir.last();
    assertThat(sent.method()).isEqualTo("PUT");
    assertThat(sent.path()).isEqualTo(Bench.ROOT + "/DocumentReference/77");
    assertThat(sent.header("If-Match")).isEqualTo("W/\"" + version + "\"");
    assertThat(sent.header("Content-Type")).isEqualTo("application/fhir+json");
    assertThat(sent.body()).contains("\"id\":\"77\"");
    assertThat(bench.seen)
        .extracting(Call.Exchange::pathTemplate)
        .containsExactly("DocumentReference/{id}");
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 412})
  void anotherVersionIsAConflictThatStoredNothing(int status) {
    bench.fhir.does(request -> status(status));

    Fault fault = fault(update("1"));

    assertThat(fault.code()).isEqualTo(FaultCode.CONFLICT);
    assertThat(fault.nothingStored()).isTrue();
    assertThat(bench.fhir.requests()).hasSize(1);
  }

  @Test
  void aLostAnswerLeavesOpenWhatIsStored() {
    bench.fhir.does(request -> drop());
    assertThat(fault(update("1")).nothingStored()).isFalse();

    String required =
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"fatal\","
            + "\"code\":\"required\"}]}";
    bench.fhir.does(request -> answer(500, Map.of(), required));
    Fault open = fault(update("1"));
    assertThat(open.code()).isEqualTo(FaultCode.SERVER_ERROR);
    assertThat(open.nothingStored()).isFalse();
  }

  @Test
  void aNoteThatIsGoneIsNotFound() {
    bench.fhir.does(request -> status(404));

    assertThat(fault(update("1")).code()).isEqualTo(FaultCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1\"\r\nX-Evil: 1", "1\" , W/\"2", "é"})
  void aVersionThatCouldEndItsHeaderIsNotSent(String version) {
    assertThat(fault(update(version)).code()).isEqualTo(FaultCode.REFUSED);
    assertThat(fault(actions.updateDocument("../1", "1", document, bench.call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
    assertThat(bench.fhir.requests()).isEmpty();
  }
}

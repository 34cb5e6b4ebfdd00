package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;

/** What would be sent, where the bodies of what was sent are not kept: the ledger has digests. */
class DryRunTest {
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path folder) {
    engine = new DeliveryFixture(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private DryRun.Result run() throws Exception {
    return new DryRun(engine.journal, engine.texts, Map.of())
        .of(engine.line("A1").id())
        .orElseThrow();
  }

  @Test
  void aMendedTableChangesTheDocumentItConcerns() throws Exception {
    engine.start().accept(SampleMessages.oru("A1", "one", "pass X"));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(run().documents())
        .extracting(DryRun.Document::compared)
        .containsExactly(DryRun.Compared.SAME, DryRun.Compared.SAME);
    assertThat(run().subject()).isEqualTo("Patient/P1");
    assertThat(run().patientOnRecord()).isTrue();

    engine.texts.learn("X");

    assertThat(run().documents())
        .extracting(DryRun.Document::compared)
        .containsExactly(DryRun.Compared.SAME, DryRun.Compared.DIFFERENT);
    assertThat(engine.chart.count("create")).isEqualTo(2);
  }

  @Test
  void whatWouldBeHeldOrWasNeverSentIsSaid() throws Exception {
    engine.start().accept(SampleMessages.oruOf("404^^^MRN^MR", "A1", "one", "hold"));
    engine.await("A1", MessageState.HELD);

    DryRun.Result result = run();

    assertThat(result.patientOnRecord()).isFalse();
    assertThat(result.documents())
        .extracting(DryRun.Document::compared)
        .containsOnly(DryRun.Compared.NEVER_SENT);
    assertThat(result.documents().get(1).now()).isEmpty();
    assertThat(result.documents().get(1).verdict().orElseThrow().code()).isEqualTo("ed-damaged");
  }
}

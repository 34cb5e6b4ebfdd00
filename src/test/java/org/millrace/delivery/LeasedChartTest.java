package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.cerner.Reply;
import org.millrace.cerner.ScriptedServer;
import org.millrace.journal.JournalException;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.Lease;

class LeasedChartTest {
  /** More than there are connections. */
  private static final int OFTEN = 200;

  private final ScriptedServer server = new ScriptedServer();
  private final Leases leases = new Leases();
  private final CernerActions cerner =
      new CernerActions(
          new CernerSettings(
              server.url("/r4/t"),
              Authorization.NONE,
              Optional.empty(),
              "t",
              "",
              "",
              "",
              "urn:oid:1.2.3",
              Optional.empty(),
              Duration.ofSeconds(2)),
          Clock.systemUTC());
  private final LeasedChart chart = new LeasedChart(ChartActions.of(cerner), leases);
  private final ObjectNode patient =
      JsonNodeFactory.instance.objectNode().put("resourceType", "Patient");
  private final ObjectNode document =
      JsonNodeFactory.instance.objectNode().put("resourceType", "DocumentReference").put("id", "1");

  /** Held so many times that they are asked for, and lost from then on. */
  private static final class Leases implements LaneLeases {
    private int times = Integer.MAX_VALUE;

    @Override
    public void mustHold() {
      if (times-- <= 0) {
        throw new JournalException("lost");
      }
    }

    @Override
    public void join() {}

    @Override
    public void follow() {}

    @Override
    public Map<Integer, Lease> held() {
      return Map.of();
    }

    @Override
    public int surplus() {
      return 0;
    }

    @Override
    public void release(Collection<Integer> slots) {}

    @Override
    public boolean sure() {
      return true;
    }

    @Override
    public <T> T under(Lease lease, Supplier<T> work) {
      return work.get();
    }

    @Override
    public Optional<Lease> current() {
      return Optional.empty();
    }

    @Override
    public void leave() {}
  }

  @AfterEach
  void close() {
    cerner.close();
    server.close();
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(5));
  }

  /** As an engine that was stopped while a create waited for its token, turn or connection. */
  @Test
  void whatMayNotLeaveAnyMoreAtTheLastMomentStays() {
    for (int i = 0; i < OFTEN; i++) {
      leases.times = 1;
      assertThatThrownBy(() -> chart.createDocument(document, call())).hasMessage("lost");
      leases.times = 1;
      assertThatThrownBy(() -> chart.createPatient(patient, call())).hasMessage("lost");
      leases.times = 1;
      assertThatThrownBy(() -> chart.updateDocument("1", "2", document, call())).hasMessage("lost");
    }
    assertThat(server.requests()).isEmpty();

    leases.times = 2;
    server.does(
        request -> ScriptedServer.answer(201, Map.of("Location", "DocumentReference/77"), ""));
    assertThat(chart.createDocument(document, call())).isInstanceOf(Reply.Done.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void whatIsLostBeforeIsNotEvenPrepared() {
    leases.times = 0;

    assertThatThrownBy(() -> chart.createDocument(document, call())).hasMessage("lost");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void whatIsOnlyReadNeedsNoLease() {
    leases.times = 0;
    server.does(
        request -> ScriptedServer.json("{\"resourceType\":\"DocumentReference\",\"id\":\"1\"}"));

    assertThat(chart.getDocument("1", call())).isInstanceOf(Reply.Done.class);
  }
}

package org.millrace.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.ConnectionState;
import org.millrace.cerner.Pause;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LaneName;
import org.millrace.journal.MessageState;

/** How the engine is, as JSON without patient data. Thread-safe. */
final class Health {
  private final JournalDatabase journal;
  private final Map<String, Upstream> upstreams;

  /** A tenant's Cerner, and what it let us have. */
  record Upstream(CernerActions cerner, SignIn signIn) {}

  /**
   * @param upstreams by tenant, the one without a name under the empty text
   */
  Health(JournalDatabase journal, Map<String, Upstream> upstreams) {
    this.journal = journal;
    this.upstreams = new TreeMap<>(upstreams);
  }

  /** Up, what waits, and how Cerner stood at the last call. */
  ObjectNode health() {
    ObjectNode health = JsonNodeFactory.instance.objectNode();
    boolean journalOpen = journal(health);
    health.put("status", journalOpen ? "UP" : "DOWN");
    cerner(health);
    return health;
  }

  /** Ready once the journal can be read; the listeners are open before anybody can ask. */
  ObjectNode ready() {
    ObjectNode ready = JsonNodeFactory.instance.objectNode();
    ready.put("ready", journal(ready));
    cerner(ready);
    return ready;
  }

  /** How many messages stand in each state, what stopped them, and how many are still under way. */
  ObjectNode messages() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (journal(answer)) {
      ObjectNode messages = answer.putObject("messages");
      for (Map.Entry<MessageState, Long> each : journal.listing().counts().entrySet()) {
        messages.put(each.getKey().name(), each.getValue());
      }
      ObjectNode reasons = answer.putObject("reasons");
      journal.listing().stoppedReasons().forEach(reasons::put);
    }
    return answer;
  }

  private boolean journal(ObjectNode to) {
    try {
      to.put("waiting", journal.queue().backlog().messages());
      to.put("journal", "open");
      ArrayNode paused = to.putArray("paused");
      for (DeliveryPause pause : journal.pauses().inForceWithoutWords()) {
        boolean feed = pause.kind() == DeliveryPause.Kind.FEED;
        paused
            .addObject()
            .put(feed ? "feed" : "lane", feed ? pause.name() : LaneName.of(pause.name()))
            .put("since", pause.since().toString());
      }
      return true;
    } catch (JournalException e) {
      to.put("journal", "cannot be read");
      return false;
    }
  }

  private void cerner(ObjectNode to) {
    upstreams.forEach(
        (tenant, upstream) ->
            cerner(
                upstream,
                tenant.isEmpty()
                    ? to.putObject("cerner")
                    : to.withObjectProperty("tenants").putObject(tenant)));
  }

  private static void cerner(Upstream upstream, ObjectNode told) {
    CernerActions cerner = upstream.cerner();
    ConnectionState state = cerner.state();
    told.put("good", state.good());
    told.put("lastFault", state.lastFault());
    told.put("lastSuccess", text(state.lastSuccess()));
    told.put("lastFailure", text(state.lastFailure()));
    state.grantedScopes().forEach(told.putArray("grantedScopes")::add);
    upstream.signIn().missing().forEach(told.putArray("missingScopes")::add);
    cerner
        .clockAhead()
        .ifPresent(ahead -> told.put("clockAheadSeconds", Math.round(ahead.toMillis() / 1000.0)));
    told.put("breaker", breaker(state.pauses()));
    told.put("callsPerSecond", Math.round(state.callsPerSecond() * 10) / 10.0);
    ArrayNode pauses = told.putArray("pauses");
    for (Pause pause : state.pauses()) {
      ObjectNode each = pauses.addObject();
      each.put("what", pause.what());
      each.put("fault", pause.fault().code().label());
      each.put("sentence", pause.fault().sentence());
      each.put("whoActs", pause.fault().whoActs().name().toLowerCase(Locale.ROOT));
      each.put("since", pause.since().toString());
      each.put("nextProbe", pause.until().toString());
    }
  }

  /**
   * The usual words: closed is well, open is "nothing is asked", half-open while one call probes.
   */
  private static String breaker(List<Pause> pauses) {
    return pauses.stream()
        .filter(Pause::ofAll)
        .map(pause -> pause.probing() ? "half-open" : "open")
        .findFirst()
        .orElse("closed");
  }

  private static String text(Optional<Instant> at) {
    return at.map(Instant::toString).orElse("");
  }
}

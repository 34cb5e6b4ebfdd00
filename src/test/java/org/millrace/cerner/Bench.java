package org.millrace.cerner;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.SettableClock;
import org.millrace.cerner.CernerSettings.Authorization;

/** A FHIR server and a token server under the test's control, and the actions that use them. */
final class Bench implements AutoCloseable {
  static final String ROOT = "/r4/tenant-1";
  static final String PATIENT = "{\"resourceType\":\"Patient\",\"id\":\"12\"}";

  final ScriptedServer fhir = new ScriptedServer();
  final ScriptedServer tokens = new ScriptedServer();
  final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
  final AtomicInteger issued = new AtomicInteger();
  final List<Call.Exchange> seen = new CopyOnWriteArrayList<>();
  private final List<CernerActions> opened = new CopyOnWriteArrayList<>();

  Bench() {
    tokens.does(request -> freshToken());
  }

  /** {@code token-1}, {@code token-2} and so on. */
  ScriptedServer.Step freshToken() {
    return ScriptedServer.json(
        "{\"access_token\":\"token-"
            + issued.incrementAndGet()
            + "\",\"scope\":\"system/Patient.read\",\"token_type\":\"Bearer\",\"expires_in\":570}");
  }

  CernerActions actions() {
    return actions(Authorization.SMART, Optional.of(tokens.url("/token")), Optional.of("675844"));
  }

  CernerActions withoutToken() {
    return actions(Authorization.NONE, Optional.empty(), Optional.of("675844"));
  }

  CernerActions actions(
      Authorization authorization, Optional<URI> tokenUrl, Optional<String> organization) {
    return opened(
        new CernerActions(settings(fhir.url(ROOT), authorization, tokenUrl, organization), clock));
  }

  /** Without tokens. */
  CernerActions limited(CallLimits limits) {
    return opened(
        new CernerActions(
            settings(fhir.url(ROOT), Authorization.NONE, Optional.empty(), Optional.empty()),
            limits,
            clock));
  }

  CernerActions opened(CernerActions actions) {
    opened.add(actions);
    return actions;
  }

  static CernerSettings settings(
      URI base,
      Authorization authorization,
      Optional<URI> tokenUrl,
      Optional<String> organization) {
    return new CernerSettings(
        base,
        authorization,
        tokenUrl,
        "tenant-1",
        "client one",
        "s:ecret/ü",
        "system/Patient.read system/Encounter.read",
        "urn:oid:2.16.840.1.113883.6.1000",
        organization,
        Duration.ofSeconds(2));
  }

  Call call() {
    return call(Duration.ofSeconds(5));
  }

  Call call(Duration limit) {
    return Call.within(limit).observedBy(seen::add);
  }

  static <T> T value(Reply<T> reply) {
    if (reply instanceof Reply.Done<T> done) {
      return done.value();
    }
    throw new AssertionError("a fault: " + fault(reply));
  }

  static <T> Fault fault(Reply<T> reply) {
    if (reply instanceof Reply.Failed<T> failed) {
      return failed.fault();
    }
    throw new AssertionError("no fault");
  }

  @Override
  public void close() {
    opened.forEach(CernerActions::close);
    fhir.close();
    tokens.close();
  }
}

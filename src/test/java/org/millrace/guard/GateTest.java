package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.SettableClock;
import org.millrace.guard.Admission.Reason;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;

class GateTest {
  private static final Needs READ_PATIENT = Needs.of(Need.of("Patient", Interaction.READ));

  private final SettableClock clock = new SettableClock();
  private JournalDatabase journal;
  private Gate gate;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(folder, clock);
    gate = gate(false);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Gate gate(boolean always) {
    return new Gate(journal, GateSettings.ofKeys(always, "tenant-a"), clock);
  }

  private String key(String caller, String scopes, String tenant, Optional<Instant> expires)
      throws Exception {
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    CallerKey key =
        CallerKey.fresh(
            fresh.id(),
            caller,
            fresh.digest(),
            new CallerKey.Rights(scopes, tenant, ""),
            new CallerKey.Act(clock.instant(), "ana"),
            expires);
    assertThat(journal.callers().add(key).get()).isTrue();
    return fresh.secret();
  }

  private String key(String caller, String scopes) throws Exception {
    return key(caller, scopes, "", Optional.empty());
  }

  private static Credentials bearer(String key) {
    return new Credentials(List.of("Bearer " + key), List.of(), "10.1.2.3");
  }

  private static final Credentials NOTHING = new Credentials(List.of(), List.of(), "10.1.2.3");

  private Reason refused(Credentials shown) {
    Admission admission = gate.admit(shown, READ_PATIENT);
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).reason();
  }

  private Principal admitted(Credentials shown) {
    Admission admission = gate.admit(shown, READ_PATIENT);
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) admission).principal();
  }

  @Test
  void nobodyIsAskedBeforeThereIsAKeyAndEverybodyFromThenOn() throws Exception {
    assertThat(admitted(NOTHING)).isEqualTo(Principal.ANYBODY);

    key("portal", "system/Patient.rs");
    clock.forward(Duration.ofSeconds(2));

    assertThat(refused(NOTHING)).isEqualTo(Reason.NOTHING_SHOWN);
  }

  @Test
  void whereTheSiteSaysSoEverybodyIsAskedFromTheStart() {
    gate = gate(true);

    assertThat(refused(NOTHING)).isEqualTo(Reason.NOTHING_SHOWN);
    assertThat(gate.admit(NOTHING, Needs.OPEN)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void revokingTheLastKeyDoesNotOpenTheEngineToAnybody() throws Exception {
    key("portal", "system/Patient.rs");
    journal.callers().revoke("portal", new CallerKey.Act(clock.instant(), "ana")).get();

    assertThat(refused(NOTHING)).isEqualTo(Reason.NOTHING_SHOWN);
  }

  @Test
  void aKeyIsTakenInEitherHeader() throws Exception {
    String key = key("portal", "system/Patient.rs");

    Principal caller = admitted(bearer(key));

    assertThat(caller.name()).isEqualTo("portal");
    assertThat(key).contains(caller.keyId());
    assertThat(admitted(new Credentials(List.of(), List.of(key), "10.1.2.3"))).isEqualTo(caller);
    assertThat(admitted(new Credentials(List.of("bearer  " + key), List.of(), "10.1.2.3")))
        .isEqualTo(caller);
  }

  @Test
  void twoProofsAreNone() throws Exception {
    String key = key("portal", "system/Patient.rs");

    assertThat(refused(new Credentials(List.of("Bearer " + key), List.of(key), "10.1.2.3")))
        .isEqualTo(Reason.NOT_KNOWN);
    assertThat(
            refused(
                new Credentials(List.of("Bearer " + key, "Bearer " + key), List.of(), "10.1.2.3")))
        .isEqualTo(Reason.NOT_KNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer mlr_",
        "Bearer mlr_aaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Bearer eyJhbGciOiJub25lIn0.e30."
      })
  void whatIsNoKeyIsNotKnown(String header) throws Exception {
    key("portal", "system/Patient.rs");

    assertThat(refused(new Credentials(List.of(header), List.of(), "10.1.2.3")))
        .isEqualTo(Reason.NOT_KNOWN);
  }

  @Test
  void aKeyWithOneCharacterChangedIsNotKnown() throws Exception {
    String key = key("portal", "system/Patient.rs");
    char last = key.charAt(key.length() - 2);
    String changed =
        key.substring(0, key.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + key.charAt(key.length() - 1);

    assertThat(refused(bearer(changed))).isEqualTo(Reason.NOT_KNOWN);
  }

  @Test
  void aMissingScopeIsForbiddenAndNamed() throws Exception {
    Credentials shown = bearer(key("portal", "system/Encounter.rs system/Patient.s"));

    assertThat(gate.admit(shown, READ_PATIENT))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN);
              assertThat(refused.missing()).containsExactly("system/Patient.r");
              assertThat(refused.principal().name()).isEqualTo("portal");
            });
    assertThat(gate.admit(shown, Needs.ANY_CALLER)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void aKeyThatIsRevokedOpensNothingTwoSecondsLater() throws Exception {
    Credentials shown = bearer(key("portal", "system/Patient.rs"));
    admitted(shown);

    journal.callers().revoke("portal", new CallerKey.Act(clock.instant(), "ana")).get();
    clock.forward(Duration.ofSeconds(2));

    assertThat(refused(shown)).isEqualTo(Reason.NOT_KNOWN);
  }

  @Test
  void aKeyEndsWhenItsTimeIsOver() throws Exception {
    Instant end = clock.instant().plusSeconds(60);
    Credentials shown = bearer(key("portal", "system/Patient.rs", "", Optional.of(end)));
    clock.forward(Duration.ofSeconds(59));
    admitted(shown);

    clock.forward(Duration.ofSeconds(1));

    assertThat(gate.admit(shown, READ_PATIENT))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.sentence()).contains("has expired"));
  }

  @Test
  void aKeyForAnotherTenantOpensNothingHere() throws Exception {
    assertThat(refused(bearer(key("portal", "system/*.rs", "tenant-b", Optional.empty()))))
        .isEqualTo(Reason.FORBIDDEN);
    Credentials ours = bearer(key("desk", "system/*.rs", "tenant-a", Optional.empty()));
    clock.forward(Duration.ofSeconds(2));
    assertThat(admitted(ours).name()).isEqualTo("desk");
  }

  @Test
  void aKeyOutlivesAMinuteWithoutTheJournalAndNoMore() throws Exception {
    Credentials shown = bearer(key("portal", "system/Patient.rs"));
    admitted(shown);
    journal.close();

    clock.forward(Duration.ofSeconds(60));
    admitted(shown);
    clock.forward(Duration.ofSeconds(1));

    assertThat(refused(shown)).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void aKeyIsKnownToHaveBeenUsedToTheHour() throws Exception {
    Credentials shown = bearer(key("portal", "system/Patient.rs"));
    admitted(shown);
    // What is waited for is written together with what is not.
    key("other", "system/Patient.rs");

    assertThat(journal.callers().all())
        .filteredOn(each -> each.caller().equals("portal"))
        .singleElement()
        .satisfies(each -> assertThat(each.used()).contains(Instant.parse("2026-11-20T16:00:00Z")));
  }

  @Test
  void aCallerThatAsksTooOftenWaitsAndNobodyElse() throws Exception {
    Credentials portal = bearer(key("portal", "system/Patient.rs"));
    Credentials desk =
        new Credentials(List.of(), List.of(key("desk", "system/Patient.rs")), "10.9.9.9");
    gate = limited(5, 1000);
    for (int i = 0; i < 10; i++) {
      admitted(portal);
    }

    assertThat(gate.admit(portal, READ_PATIENT))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.TOO_FAST);
              assertThat(refused.again()).contains(Duration.ofMillis(200));
              assertThat(refused.principal().name()).isEqualTo("portal");
            });
    admitted(desk);
    clock.forward(Duration.ofMillis(200));
    admitted(portal);
  }

  @Test
  void strangersOfAnAddressAreHeldToALimitAndWhoIsKnownThereIsNot() throws Exception {
    Credentials portal = bearer(key("portal", "system/Patient.rs"));
    gate = limited(1000, 5);
    for (int i = 0; i < 10; i++) {
      assertThat(refused(NOTHING)).isEqualTo(Reason.NOTHING_SHOWN);
    }

    assertThat(refused(NOTHING)).isEqualTo(Reason.TOO_FAST);
    assertThat(refused(bearer("mlr_wrong"))).isEqualTo(Reason.TOO_FAST);
    for (int i = 0; i < 30; i++) {
      admitted(portal);
    }
  }

  @Test
  void beforeItsBodyIsReadARequestIsCountedOnlyIfItEndsThere() throws Exception {
    Credentials portal = bearer(key("portal", "system/Patient.rs"));
    Needs notAllowed = Needs.of(Need.of("Patient", Interaction.CREATE));
    gate = limited(1, 1);
    for (int i = 0; i < 10; i++) {
      assertThat(gate.refuseUnread(portal, READ_PATIENT)).isEmpty();
    }
    admitted(portal);

    assertThat(gate.refuseUnread(portal, notAllowed).map(Admission.Refused::reason))
        .contains(Reason.FORBIDDEN);
    assertThat(gate.refuseUnread(portal, READ_PATIENT).map(Admission.Refused::reason))
        .contains(Reason.TOO_FAST);
    assertThat(gate.refuseUnread(NOTHING, READ_PATIENT).map(Admission.Refused::reason))
        .contains(Reason.NOTHING_SHOWN);
    gate.refuseUnread(NOTHING, READ_PATIENT);
    assertThat(gate.refuseUnread(NOTHING, READ_PATIENT).map(Admission.Refused::reason))
        .contains(Reason.TOO_FAST);
  }

  @Test
  void whatAnybodyMayAskHasALimitThatNobodyElseUsesUp() throws Exception {
    key("portal", "system/Patient.rs");
    gate = limited(1000, 5);
    for (int i = 0; i < 20; i++) {
      refused(bearer("mlr_wrong"));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(gate.admit(NOTHING, Needs.OPEN)).isInstanceOf(Admission.Admitted.class);
    }

    assertThat(gate.admit(NOTHING, Needs.OPEN))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_FAST));
  }

  /** Each of its denials is put on record. */
  @Test
  void aKeyForAnotherTenantIsHeldToTheLimitOfItsCaller() throws Exception {
    Credentials north = bearer(key("portal", "system/Patient.rs", "north", Optional.empty()));
    gate = limited(5, 1000);
    for (int i = 0; i < 10; i++) {
      assertThat(refused(north)).isEqualTo(Reason.FORBIDDEN);
    }

    assertThat(refused(north)).isEqualTo(Reason.TOO_FAST);
  }

  @Test
  void whoTriesKeysIsOutOfTriesTenTimesAsSoon() throws Exception {
    key("portal", "system/Patient.rs");
    gate = limited(1000, 50);
    int tries = 0;
    while (refused(bearer("mlr_wrong")) == Reason.NOT_KNOWN) {
      tries++;
    }

    assertThat(tries).isEqualTo(10);
  }

  @Test
  void strangersCannotFillTheTrailAndAreCountedInIt() throws Exception {
    gate = gate(true);
    for (int i = 0; i < 100; i++) {
      asksInVain();
    }
    clock.forward(Duration.ofSeconds(10));
    for (int i = 0; i < 21; i++) {
      asksInVain();
    }
    // What is waited for is written together with what is not.
    key("portal", "system/Patient.rs");

    List<AuditEntry> trail = journal.auditTrail().after(AuditFilter.ANY, 0, 100);
    assertThat(trail)
        .filteredOn(entry -> entry.event().subject().equals("Patient"))
        .hasSize(20 + 20);
    assertThat(trail)
        .filteredOn(entry -> entry.event().subject().equals("unknown callers"))
        .extracting(entry -> entry.event().details().get("times"))
        .containsExactly("1", "80");
  }

  @Test
  void strangersThatDoNotComeBackAreCountedAllTheSame() throws Exception {
    gate = gate(true);
    try (DenialCounts counts = new DenialCounts(gate)) {
      for (int i = 0; i < 50; i++) {
        asksInVain();
      }
      clock.forward(Duration.ofSeconds(10));
      gate.tellRest(false);
      for (int i = 0; i < 30; i++) {
        asksInVain();
      }
    }
    // What is waited for is written together with what is not.
    key("portal", "system/Patient.rs");

    assertThat(journal.auditTrail().after(AuditFilter.ANY, 0, 200))
        .filteredOn(entry -> entry.event().subject().equals("unknown callers"))
        .extracting(
            entry -> entry.event().details().get("times"), entry -> entry.event().actor().address())
        .containsExactly(tuple("1", "10.1.2.3"), tuple("29", "10.1.2.3"), tuple("10", "10.1.2.3"));
  }

  @Test
  void aCallerThatIsTurnedAwayAndDoesNotComeBackIsCountedByItsName() throws Exception {
    Credentials portal = bearer(key("portal", "system/Patient.rs"));
    gate = limited(5, 1000);
    for (int i = 0; i < 17; i++) {
      gate.admit(portal, READ_PATIENT);
    }
    gate.tellRest(true);
    key("other", "system/Patient.rs");

    assertThat(journal.auditTrail().after(AuditFilter.ANY, 0, 200))
        .filteredOn(entry -> entry.event().subject().equals("too many requests"))
        .extracting(
            entry -> entry.event().details().get("times"), entry -> entry.event().actor().name())
        .containsExactly(tuple("1", "portal"), tuple("6", "portal"));
  }

  private void asksInVain() {
    gate.refused(
        (Admission.Refused) gate.admit(NOTHING, READ_PATIENT),
        "10.1.2.3",
        new Asked("read", "Patient", "", Map.of()));
  }

  private Gate limited(int ofCaller, int ofAddress) {
    return new Gate(
        journal,
        new GateSettings(true, "", Optional.empty(), new GateSettings.Limits(ofCaller, ofAddress)),
        clock);
  }

  @Test
  void nothingThatIsPrintedHoldsAKey() throws Exception {
    String key = key("portal", "system/Patient.rs");

    assertThat(bearer(key).toString()).doesNotContain(key);
    assertThat(admitted(bearer(key)).toString()).doesNotContain(key.substring(15));
    assertThat(ApiKeys.fresh().toString()).hasSize(10);
  }
}

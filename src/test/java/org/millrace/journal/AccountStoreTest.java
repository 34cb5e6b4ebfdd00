package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Accounts of the console on record. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class AccountStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final AuditEvent.Actor ROOT = AuditEvent.Actor.user("root");

  @Parameter private TestJournals on;
  private JournalDatabase journal;
  private AccountStore accounts;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), Clock.fixed(NOW, ZoneOffset.UTC));
    accounts = journal.accounts();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Account ana() {
    return accounts.find("ana").orElseThrow();
  }

  @Test
  void anAccountIsReadAsItWasMadeAndMadeOnce() throws Exception {
    assertThat(accounts.any()).isFalse();

    assertThat(accounts.add("ana", "ADMIN", "hash", ROOT).get()).isTrue();
    assertThat(accounts.add("ana", "VIEWER", "other", ROOT).get()).isFalse();

    assertThat(accounts.any()).isTrue();
    assertThat(accounts.find("ben")).isEmpty();
    assertThat(accounts.all())
        .containsExactly(
            new Account(
                "ana",
                "ADMIN",
                "hash",
                1,
                NOW,
                Optional.empty(),
                new Account.Tries(0, Instant.EPOCH),
                Optional.empty()));
    assertThat(ana().toString()).doesNotContain("hash");
  }

  @Test
  void whatEndsVisitsMakesItAnotherVersion() throws Exception {
    accounts.add("ana", "ADMIN", "hash", ROOT).get();

    assertThat(accounts.changeRole("ana", "VIEWER", ROOT).get()).isTrue();
    assertThat(ana().version()).isEqualTo(2);
    assertThat(accounts.changePassword("ana", "other", ROOT).get()).isTrue();
    assertThat(ana().version()).isEqualTo(3);
    assertThat(accounts.lock("ana", ROOT).get()).isTrue();
    assertThat(ana().version()).isEqualTo(4);
    assertThat(ana().locked()).hasValue(NOW);
    assertThat(accounts.unlock("ana", ROOT).get()).isTrue();
    assertThat(ana().locked()).isEmpty();
    assertThat(ana().role()).isEqualTo("VIEWER");
    assertThat(ana().password()).isEqualTo("other");
    assertThat(accounts.lock("ben", ROOT).get()).isFalse();
  }

  @Test
  void failuresCountUntilSomebodyLogsIn() throws Exception {
    accounts.add("ana", "ADMIN", "hash", ROOT).get();
    AuditEvent event = AuditEvent.of(NOW, "log-in", ROOT, "console", Map.of());

    accounts.failed("ana", true, event).get();
    accounts.failed("ana", false, event).get();
    accounts.failed("nobody", true, event).get();
    assertThat(ana().tries()).isEqualTo(new Account.Tries(1, NOW));
    accounts.loggedIn("ana", event).get();

    assertThat(ana().tries()).isEqualTo(new Account.Tries(0, Instant.EPOCH));
    assertThat(ana().loggedIn()).hasValue(NOW);
  }

  @Test
  void eachChangeIsOnRecordWithWhoMadeItAndWithoutThePassword() throws Exception {
    accounts.add("ana", "ADMIN", "hash", ROOT).get();
    accounts.changeRole("ana", "VIEWER", ROOT).get();
    accounts.changePassword("ana", "hash", ROOT).get();
    accounts.lock("ana", ROOT).get();
    accounts.unlock("ana", ROOT).get();
    accounts.lock("nobody", ROOT).get();

    List<AuditEvent> events =
        journal
            .auditTrail()
            .list(
                new AuditFilter(
                    "root",
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0),
                100,
                true)
            .stream()
            .map(AuditEntry::event)
            .toList();
    assertThat(events.stream().map(AuditEvent::what))
        .containsExactly(
            "unlock-account", "lock-account", "change-password", "change-role", "make-account");
    assertThat(events)
        .allSatisfy(each -> assertThat(each.subject()).isEqualTo("account ana"))
        .allSatisfy(each -> assertThat(each.details().values()).doesNotContain("hash"));
  }
}

package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.guard.PasswordLogIn.Outcome;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.JournalDatabase;

/** Who is let in by name and password, and who is not. */
final class PasswordLogInTest {
  private static final String RIGHT = "a long river flows";
  private static final String WRONG = "a long river stands";
  private static final String HERE = "10.1.2.3";

  private final SettableClock clock = new SettableClock();
  private JournalDatabase journal;
  private PasswordLogIn logIn;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    journal = JournalDatabase.open(folder, clock);
    journal
        .accounts()
        .add("ana", "OPERATOR", Passwords.hashed(RIGHT), AuditEvent.Actor.user("root"))
        .get();
    logIn = new PasswordLogIn(journal, clock);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Outcome tried(String name, String password) throws Exception {
    return logIn.attempt(name, password, HERE);
  }

  private List<AuditEntry> trail() {
    return trail("log-in");
  }

  private List<AuditEntry> trail(String what) {
    return journal
        .auditTrail()
        .list(
            new AuditFilter(
                "",
                what,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0),
            100,
            true);
  }

  @Test
  void theRightPasswordLetsInAndIsOnRecord() throws Exception {
    assertThat(tried(" Ana", RIGHT)).isInstanceOf(Outcome.LoggedIn.class);

    assertThat(journal.accounts().find("ana").orElseThrow().loggedIn()).hasValue(clock.instant());
    assertThat(trail()).hasSize(1);
    AuditEvent event = trail().get(0).event();
    assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DONE);
    assertThat(event.actor()).isEqualTo(new AuditEvent.Actor("ana", "account", HERE));
  }

  @Test
  void aWrongPasswordAndAnUnknownNameAreAnsweredAlikeAndOnRecord() throws Exception {
    assertThat(tried("ana", WRONG)).isEqualTo(new Outcome.Refused());
    assertThat(tried("nobody", RIGHT)).isEqualTo(new Outcome.Refused());

    assertThat(trail())
        .allSatisfy(
            each -> assertThat(each.event().outcome()).isEqualTo(AuditEvent.Outcome.DENIED));
    assertThat(trail().stream().map(each -> each.event().details().get("why")))
        .containsExactly("no such account", "wrong password");
    // It could be a password: it is sealed with the details, and no actor.
    assertThat(trail().get(0).event().actor().name()).isEmpty();
    assertThat(trail().get(0).event().details()).containsEntry("typed", "nobody");
    assertThat(trail().get(1).event().actor().name()).isEqualTo("ana");
  }

  @Test
  void afterFiveWrongOnesTheRightOneDoesNotOpenEitherForAQuarterOfAnHour() throws Exception {
    for (int i = 0; i < PasswordLogIn.MOST_FAILURES; i++) {
      assertThat(tried("ana", WRONG)).isEqualTo(new Outcome.Refused());
    }
    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
    clock.forward(PasswordLogIn.LOCKED_OUT.minusSeconds(1));
    // Tries in between make it no longer.
    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
    clock.forward(Duration.ofSeconds(1));

    assertThat(tried("ana", WRONG)).isEqualTo(new Outcome.Refused());
    assertThat(tried("ana", RIGHT)).as("one more wrong one").isEqualTo(new Outcome.Refused());
    clock.forward(PasswordLogIn.LOCKED_OUT);
    assertThat(tried("ana", RIGHT)).isInstanceOf(Outcome.LoggedIn.class);
    assertThat(journal.accounts().find("ana").orElseThrow().tries().failures()).isZero();
  }

  @Test
  void whoKnowsTheirPasswordCanHaveAnother() throws Exception {
    long before = journal.accounts().find("ana").orElseThrow().version();

    Outcome outcome = logIn.change("ana", RIGHT, "a short river dries", HERE);

    assertThat(outcome).isInstanceOf(Outcome.LoggedIn.class);
    assertThat(((Outcome.LoggedIn) outcome).account().version()).isGreaterThan(before);
    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
    assertThat(tried("ana", "a short river dries")).isInstanceOf(Outcome.LoggedIn.class);
    AuditEvent event = trail("change-password").get(0).event();
    assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DONE);
    assertThat(event.actor()).isEqualTo(new AuditEvent.Actor("ana", "account", HERE));
  }

  /** A browser that somebody left open is no way round the lock. */
  @Test
  void wrongPasswordsOfAChangeCountAsThoseOfALogIn() throws Exception {
    for (int i = 0; i < PasswordLogIn.MOST_FAILURES; i++) {
      assertThat(logIn.change("ana", WRONG, "a short river dries", HERE))
          .isEqualTo(new Outcome.Refused());
    }

    assertThat(logIn.change("ana", RIGHT, "a short river dries", HERE))
        .isEqualTo(new Outcome.Refused());
    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
    assertThat(trail("change-password").stream().map(each -> each.event().details().get("why")))
        .startsWith("tried too often", "wrong password")
        .hasSize(PasswordLogIn.MOST_FAILURES + 1);
    clock.forward(PasswordLogIn.LOCKED_OUT);
    assertThat(tried("ana", RIGHT)).isInstanceOf(Outcome.LoggedIn.class);
  }

  @Test
  void lockOutsHoldOverARestart() throws Exception {
    for (int i = 0; i < PasswordLogIn.MOST_FAILURES; i++) {
      tried("ana", WRONG);
    }
    logIn = new PasswordLogIn(journal, clock);

    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
    journal.accounts().unlock("ana", AuditEvent.Actor.user("root")).get();
    assertThat(tried("ana", RIGHT)).isInstanceOf(Outcome.LoggedIn.class);
  }

  @Test
  void aLockedAccountLetsNobodyIn() throws Exception {
    journal.accounts().lock("ana", AuditEvent.Actor.user("root")).get();

    assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Refused());
  }

  @Test
  void anAddressThatTriesManyNamesIsPutOffAndThatIsToldOnce() throws Exception {
    for (int i = 0; i < FailedTries.MOST; i++) {
      assertThat(tried("name" + i, WRONG)).isEqualTo(new Outcome.Refused());
    }
    for (int i = 0; i < 3; i++) {
      assertThat(tried("ana", RIGHT)).isEqualTo(new Outcome.Later());
    }
    assertThat(logIn.attempt("ana", RIGHT, "10.1.2.4")).isInstanceOf(Outcome.LoggedIn.class);
    assertThat(trail()).hasSize(FailedTries.MOST + 2);
    clock.forward(FailedTries.WINDOW);
    assertThat(tried("ana", RIGHT)).isInstanceOf(Outcome.LoggedIn.class);
  }
}

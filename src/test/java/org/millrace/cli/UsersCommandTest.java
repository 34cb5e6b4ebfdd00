package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;
import org.millrace.guard.PasswordLogIn;
import org.millrace.guard.Passwords;
import org.millrace.journal.Account;
import org.millrace.journal.JournalDatabase;

/** Accounts of the console, typed beside no engine at all. */
final class UsersCommandTest {
  private static final String PASSWORD = "a long river flows";

  @TempDir private Path folder;

  @BeforeEach
  void makeJournal() {
    JournalDatabase.open(folder, Clock.systemUTC()).close();
  }

  private Ran users(String typed, String... arguments) {
    List<String> all = new ArrayList<>(List.of("users"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
    try {
      return Ran.run(all.toArray(String[]::new));
    } finally {
      System.setIn(before);
    }
  }

  private Account account(String name) {
    try (JournalDatabase open = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      return open.accounts().find(name).orElseThrow();
    }
  }

  @Test
  void anAccountIsMadeWithAPasswordFromStandardInput() {
    Ran made = users(PASSWORD + "\nmore\n", "new", "Ana", "--role", "operator", "--password-stdin");

    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).isEqualTo("ana: made, as operator" + System.lineSeparator());
    assertThat(account("ana").role()).isEqualTo("OPERATOR");
    assertThat(Passwords.matches(PASSWORD, account("ana").password())).isTrue();
    Ran again = users(PASSWORD, "new", "ana", "--role", "admin", "--password-stdin");
    assertThat(again.exitCode()).isNotZero();
    assertThat(again.err()).contains("there is an account ana already");
    assertThat(account("ana").role()).isEqualTo("OPERATOR");
  }

  @Test
  void roleLockAndPasswordAreChanged() {
    users(PASSWORD, "new", "ana", "--role", "viewer", "--password-stdin");

    assertThat(users("", "role", "ana", "analyst").exitCode()).isZero();
    assertThat(account("ana").role()).isEqualTo("ANALYST");
    assertThat(users("", "lock", "ana").out()).contains("ana: locked");
    assertThat(account("ana").locked()).isPresent();
    assertThat(list().path("state").asText()).isEqualTo("locked");
    assertThat(users("", "unlock", "ana").exitCode()).isZero();
    assertThat(account("ana").locked()).isEmpty();
    assertThat(users("another long river", "password", "ana", "--password-stdin").exitCode())
        .isZero();
    assertThat(Passwords.matches("another long river", account("ana").password())).isTrue();
    assertThat(users("", "list").out()).contains("ana", "analyst", "never");
  }

  @Test
  void anAccountThatWasTriedTooOftenIsToldAsShut() throws Exception {
    users(PASSWORD, "new", "ana", "--role", "viewer", "--password-stdin");
    try (JournalDatabase open = JournalDatabase.open(folder, Clock.systemUTC())) {
      PasswordLogIn logIn = new PasswordLogIn(open, Clock.systemUTC());
      for (int i = 0; i < 4; i++) {
        logIn.attempt("ana", "wrong", "10.0.0.1");
      }
    }
    assertThat(list().path("state").asText()).isEqualTo("open");
    assertThat(list().path("shutUntil").asText()).isEmpty();
    try (JournalDatabase open = JournalDatabase.open(folder, Clock.systemUTC())) {
      new PasswordLogIn(open, Clock.systemUTC()).attempt("ana", "wrong", "10.0.0.1");
    }

    assertThat(list().path("state").asText()).isEqualTo("shut");
    assertThat(Instant.parse(list().path("shutUntil").asText()))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(10)), Instant.now().plus(Duration.ofMinutes(16)));
    users("", "unlock", "ana");
    assertThat(list().path("state").asText()).isEqualTo("open");
  }

  private JsonNode list() {
    return SandboxBench.json(users("", "list", "--json").out());
  }

  @Test
  void whatCannotBeIsSaidAndChangesNothing() {
    assertThat(users("short\n", "new", "ana", "--role", "admin", "--password-stdin").err())
        .contains("the password has fewer than 12 characters")
        .doesNotContain("short\n");
    assertThat(users("", "new", "ana", "--role", "admin", "--password-stdin").err())
        .contains("the password has fewer than 12");
    assertThat(users(PASSWORD, "new", "ana", "--role", "king", "--password-stdin").err())
        .contains("king is no role: viewer, operator, analyst or admin");
    assertThat(users(PASSWORD, "new", "a b", "--role", "admin", "--password-stdin").err())
        .contains("an account's name holds letters");
    for (String verb : List.of("lock", "unlock")) {
      assertThat(users("", verb, "nobody").err()).contains("there is no account nobody");
    }
    assertThat(users("", "role", "nobody", "admin").exitCode()).isNotZero();
    try (JournalDatabase open = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      assertThat(open.accounts().any()).isFalse();
    }
  }
}

package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and their hashes. */
final class PasswordsTest {

  @Test
  void aPasswordMatchesItsOwnHashOnlyAndEachHashIsAnother() {
    String written = Passwords.hashed("a long river flows");

    assertThat(written)
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
        .isNotEqualTo(Passwords.hashed("a long river flows"));
    assertThat(Passwords.matches("a long river flows", written)).isTrue();
    assertThat(Passwords.matches("a long river flow", written)).isFalse();
    assertThat(Passwords.matches("", written)).isFalse();
  }

  /** Made by the reference implementation: {@code argon2 somesalt -id -t 2 -m 16 -p 1}. */
  @Test
  void whatTheReferenceImplementationWroteIsRead() {
    assertThat(
            Passwords.matches(
                "password",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
        .isTrue();
  }

  /** An é of one sign on one keyboard is two on another. */
  @Test
  void theSameCharactersMatchHoweverTheyAreWritten() {
    assertThat(
            Passwords.matches(
                "re\u0301sume\u0301 of the river",
                Passwords.hashed("r\u00e9sum\u00e9 of the river")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a long river flows",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void whatIsNoHashMatchesNothing(String written) {
    assertThat(Passwords.matches("a long river flows", written)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "short, fewer than 12",
    "aaaaaaaaaaaaaaaaaa, repeats",
    "abababababababab, repeats",
    "I am Ana of the lab, account's name"
  })
  void whatIsEasilyGuessedCannotBeHad(String password, String fault) {
    assertThat(Passwords.fault("ana", password).orElse("")).contains(fault);
  }

  @Test
  void lengthIsAllThatIsAskedFor() {
    assertThat(Passwords.fault("ana", "a long river flows")).isEmpty();
    assertThat(Passwords.fault("ana", "x".repeat(300))).isPresent();
  }
}

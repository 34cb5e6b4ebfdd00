package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;
import org.millrace.journal.JournalDatabase;

/** Keys of callers, typed beside no engine at all. */
final class CallersCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeJournal() {
    JournalDatabase.open(folder, Clock.systemUTC()).close();
  }

  private Ran callers(String... arguments) {
    List<String> all = new ArrayList<>(List.of("callers"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  private JsonNode listed(String... more) {
    List<String> all = new ArrayList<>(List.of("list", "--json"));
    all.addAll(Arrays.asList(more));
    StringBuilder lines = new StringBuilder("[");
    callers(all.toArray(String[]::new))
        .out()
        .lines()
        .forEach(line -> lines.append(lines.length() == 1 ? "" : ",").append(line));
    return SandboxBench.json(lines.append("]").toString());
  }

  @Test
  void aKeyIsPrintedOnceAndListedWithoutItself() {
    Ran made =
        callers(
            "new",
            "portal",
            "--scopes",
            "system/Patient.rs  system/Encounter.read",
            "--expires",
            "90d",
            "--sender",
            "LAB@NORTH");

    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).matches("mlr_[a-z0-9]{10}_[A-Za-z0-9_-]{43}\\R");
    assertThat(made.err()).contains("shown this once");
    Ran list = callers("list");
    assertThat(list.out())
        .contains("portal", made.out().substring(4, 14), "in force", "sends as LAB@NORTH")
        .contains("system/Patient.rs system/Encounter.read")
        .doesNotContain(made.out().substring(15, 40));
  }

  @Test
  void aCallerThatHasAKeyGetsAnotherByRotationAndTheFirstEndsSoon() {
    String first = callers("new", "portal", "--scopes", "system/Patient.rs").out();
    assertThat(callers("new", "portal", "--scopes", "system/Patient.rs"))
        .satisfies(
            ran -> {
              assertThat(ran.exitCode()).isEqualTo(Millrace.NOT_STARTED);
              assertThat(ran.err()).contains("rotate");
            });

    Ran rotated = callers("rotate", "portal", "--overlap", "1h", "--expires", "never");

    assertThat(rotated.out()).startsWith("mlr_").isNotEqualTo(first);
    assertThat(listed()).hasSize(2);
    assertThat(listed().get(1).path("expires").asText()).isEmpty();
    assertThat(listed().get(1).path("scopes").asText()).isEqualTo("system/Patient.rs");
  }

  @Test
  void revokedKeysAreShownOnRequest() {
    callers("new", "portal", "--scopes", "millrace/management");

    assertThat(callers("revoke", "portal").out()).contains("of portal: revoked");

    assertThat(listed()).isEmpty();
    assertThat(listed("--all").get(0).path("state").asText()).isEqualTo("revoked");
    assertThat(callers("revoke", "portal").exitCode()).isEqualTo(Millrace.NOT_STARTED);
    assertThat(callers("rotate", "portal").exitCode()).isEqualTo(Millrace.NOT_STARTED);
  }

  @Test
  void whatIsTypedWronglyIsToldAndNothingIsMade() {
    assertThat(callers("new", "portal", "--scopes", "system/Patient.reads").err())
        .contains("'system/Patient.reads' is no scope");
    assertThat(callers("new", "por tal", "--scopes", "system/Patient.r").err()).contains("name");
    assertThat(callers("new", "p", "--scopes", "millrace/hl7", "--sender", "LAB").err())
        .contains("MSH-3@MSH-4");
    assertThat(callers("new", "p", "--scopes", "millrace/hl7", "--expires", "soon").err())
        .contains("--expires is no duration");
    assertThat(listed("--all")).isEmpty();
  }
}

package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;
import org.millrace.journal.AlertStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.Symptom;

/** What is the matter, listed beside no engine at all. */
final class AlertsCommandTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T16:15:00Z");
  private static final Symptom DISK = new Symptom("disk", "", "12 MB left");
  private static final Symptom HELD = new Symptom("held", "results", "HELD: 2");

  @TempDir private Path folder;

  @BeforeEach
  void makeJournal() {
    look(BEGIN, Optional.empty(), DISK, HELD);
    look(BEGIN.plusSeconds(60), Optional.of(BEGIN), HELD);
  }

  private void look(Instant at, Optional<Instant> unseenSince, Symptom... symptoms) {
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.fixed(at, ZoneOffset.UTC))) {
      AlertStore alerts = journal.alerts();
      alerts.look(List.of(symptoms), unseenSince, List.of("webhook")).join();
      alerts.take("webhook", Duration.ofMinutes(1)).join();
    }
  }

  private String alerts(String... arguments) {
    Ran ran = ran(arguments);
    assertThat(ran.exitCode()).isZero();
    return ran.out();
  }

  @Test
  void whatIsOpenStandsBeforeWhatHasEnded() {
    List<String> lines = alerts().lines().toList();

    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).contains("held", "results", "2026-11-20T16:15:00Z", "open", "HELD: 2");
    assertThat(lines.get(2)).contains("disk", "2026-11-20T16:16:00Z", "12 MB left");
    assertThat(lines.get(3)).isEqualTo("3 notices not taken yet by webhook");
  }

  @Test
  void asJsonEachIsALine() {
    List<JsonNode> lines = alerts("--json").lines().map(SandboxBench::json).toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).path("kind").asText()).isEqualTo("held");
    assertThat(lines.get(0).path("state").asText()).isEqualTo("open");
    assertThat(lines.get(0).path("seen").asText()).isEqualTo("2026-11-20T16:16:00Z");
    assertThat(lines.get(1).path("ended").asText()).isEqualTo("2026-11-20T16:16:00Z");
    assertThat(alerts("--json", "--limit", "0").lines()).hasSize(1);
  }

  @Test
  void anAlertIsSnoozedWithAReasonAndWoken() {
    Instant before = Instant.now();
    Ran snoozed = ran("snooze", "2", "--for", "4h", "--why", "the lab moves");
    assertThat(snoozed.out()).startsWith("alert 2: snoozed until ");
    assertThat(snoozed.exitCode()).isZero();

    assertThat(alerts().lines().toList().get(1)).contains("  snoozed  ", "HELD: 2; snoozed by ");
    JsonNode line = SandboxBench.json(alerts("--json", "--limit", "0").strip());
    assertThat(line.path("state").asText()).isEqualTo("open");
    assertThat(line.path("snoozedBy").asText()).isEqualTo(System.getProperty("user.name"));
    assertThat(Instant.parse(line.path("snoozedUntil").asText()))
        .isBetween(before.plus(Duration.ofHours(4)).minusMillis(1), before.plusSeconds(15_000));

    assertThat(ran("wake", "2").out()).contains("alert 2: snoozed no more");
    assertThat(alerts().lines().toList().get(1)).contains("open  ").doesNotContain("snoozed");
    assertRefused(ran("wake", "2"), "refused: there is no such alert, or it is not snoozed");
  }

  @Test
  void aSnoozeOfWhatHasEndedIsListedAndWoken() {
    ran("snooze", "2", "--for", "4h", "--why", "the lab moves");
    look(BEGIN.plusSeconds(120), Optional.of(BEGIN.plusSeconds(60)));

    assertThat(alerts("--json", "--state", "ended")).contains("\"snoozedBy\"");
    assertThat(alerts("--kind", "silence")).contains("alert 2, not in this list; snoozed by ");
    assertThat(ran("wake", "2").exitCode()).isZero();
    assertThat(alerts()).doesNotContain("snoozed");
  }

  @Test
  void whatCannotBeSnoozedIsTold() {
    // The first one has ended.
    for (String number : List.of("1", "99")) {
      assertRefused(
          ran("snooze", number, "--for", "4h", "--why", "x"), "refused: no such alert is open");
    }
    assertThat(ran("snooze", "2", "--for", "soon", "--why", "x").err())
        .contains("--for is no duration");
    assertThat(ran("snooze", "2", "--for", "31d", "--why", "x").err())
        .contains("--for is out of bounds: 5m to 30d");
    assertThat(ran("snooze", "2", "--for", "1h", "--why", " ").err()).contains("--why must say");
    assertThat(ran("snooze", "2", "--for", "1h").err()).contains("--why");
    assertThat(alerts()).doesNotContain("snoozed");
  }

  private static void assertRefused(Ran ran, String words) {
    assertThat(ran.out()).contains(words);
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  private Ran ran(String... arguments) {
    List<String> all = new ArrayList<>(List.of("alerts"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  @Test
  void theListIsNarrowedByStateAndKind() {
    assertThat(alerts("--json", "--state", "open").lines()).hasSize(1);
    assertThat(alerts("--json", "--state", "ended")).contains("\"disk\"").doesNotContain("results");
    assertThat(alerts("--json", "--kind", "held")).contains("results").doesNotContain("\"disk\"");
    assertThat(alerts("--json", "--state", "ended", "--kind", "held")).isEmpty();
    for (String[] wrong : new String[][] {{"--state", "closed"}, {"--kind", "nonsense"}}) {
      StringWriter err = new StringWriter();
      assertThat(
              Millrace.commandLine()
                  .setErr(new PrintWriter(err))
                  .execute("alerts", wrong[0], wrong[1], "--data", folder.toString()))
          .isNotZero();
      assertThat(err.toString()).contains(wrong[0] + " is ");
    }
  }
}

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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.QueryFilter;
import org.millrace.journal.Question;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;

/** Queries, listed beside no engine at all. */
final class QueriesCommandTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T16:15:00Z");

  @TempDir private Path folder;

  @BeforeEach
  void makeJournal() {
    asked("Q1", BEGIN, 340, QueryAnswer.Outcome.FOUND, true);
    asked("Q2", BEGIN.plusSeconds(60), 2_100, QueryAnswer.Outcome.REFUSED, false);
  }

  private void asked(
      String controlId, Instant at, long took, QueryAnswer.Outcome outcome, boolean more) {
    boolean refused = outcome == QueryAnswer.Outcome.REFUSED;
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.fixed(at, ZoneOffset.UTC))) {
      journal.recordQuestion(
          new Question(
                  SampleMessages.oru(controlId, "x").header(),
                  "qry-a19",
                  "127.0.0.1:1",
                  at,
                  new byte[] {1},
                  new byte[] {2},
                  refused ? MessageState.REFUSED : MessageState.DELIVERED,
                  refused ? Reason.of("query-refused", "QRD-8 is empty.") : Reason.NONE)
              .answered(
                  new QueryAnswer(
                      Optional.of(Duration.ofMillis(took)),
                      outcome,
                      refused ? "AE" : "AA",
                      refused ? "AE" : "OK",
                      more)));
      Awaitility.await()
          .until(
              () ->
                  journal.queries().list(QueryFilter.ANY).stream()
                      .anyMatch(each -> each.controlId().equals(controlId)));
    }
  }

  private int run(StringWriter out, StringWriter err, String... arguments) {
    List<String> all = new ArrayList<>(List.of("queries"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Millrace.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private List<String> queries(String... arguments) {
    StringWriter out = new StringWriter();
    assertThat(run(out, new StringWriter(), arguments)).isZero();
    return out.toString().lines().toList();
  }

  @Test
  void theNewestStandsFirstWithWhatCameOfIt() {
    List<String> lines = queries();

    assertThat(lines).hasSize(3);
    assertThat(lines.get(1))
        .contains("2026-11-20T16:16:00Z", "refused", "2100 ms", "AE", "Q2", "QRD-8 is empty.");
    assertThat(lines.get(2)).contains("found", "340 ms", "AA", "OK", "yes", "Q1");
  }

  @Test
  void asJsonEachIsALine() {
    List<JsonNode> lines = queries("--json").stream().map(SandboxBench::json).toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.get(1).path("tookMillis").asLong()).isEqualTo(340);
    assertThat(lines.get(1).path("more").asBoolean()).isTrue();
    assertThat(lines.get(0).path("outcome").asText()).isEqualTo("refused");
    assertThat(lines.get(0).path("told").asText()).isEqualTo("QRD-8 is empty.");
  }

  @Test
  void theListIsNarrowed() {
    assertThat(queries("--outcome", "found")).hasSize(2).last().asString().contains("Q1");
    assertThat(queries("--slower", "2s")).hasSize(2).last().asString().contains("Q2");
    assertThat(queries("--since", "2026-11-20T16:15:30Z")).hasSize(2);
    assertThat(queries("--until", "2026-11-20T16:15:00Z")).hasSize(1);
    assertThat(queries("--feed", "other")).hasSize(1);
    assertThat(queries("--limit", "1")).hasSize(2).last().asString().contains("Q2");
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    for (List<String> wrong :
        List.of(
            List.of("--outcome", "lost"),
            List.of("--slower", "soon"),
            List.of("--since", "noon"))) {
      StringWriter err = new StringWriter();
      assertThat(run(new StringWriter(), err, wrong.toArray(String[]::new))).isNotZero();
      assertThat(err.toString()).contains(wrong.get(0));
    }
  }
}

package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;

/** The audit trail, looked at beside no engine at all. */
final class AuditCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void fill() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC())) {
      journal.audit().started("ana").get();
      journal
          .audit()
          .recordNow(
              new AuditEvent(
                  Clock.systemUTC().instant(),
                  "read",
                  AuditEvent.Outcome.DENIED,
                  403,
                  new AuditEvent.Actor("portal", "key abc", "10.1.2.3"),
                  "Encounter",
                  "",
                  List.of("9900101"),
                  Map.of("request", "GET /fhir/r4/Encounter/77")))
          .get();
    }
  }

  private Ran audit(String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  @Test
  void theListShowsNoPatientsUnlessAskedAndThenThatItWasLookedAt() {
    Ran list = audit("list");

    assertThat(list.out()).contains("portal", "denied", "403", "Encounter", "engine:2");
    assertThat(list.out()).doesNotContain("9900101").doesNotContain("Encounter/77");
    assertThat(audit("list", "--details", "--who", "portal").out())
        .contains("patients: 9900101", "request: GET /fhir/r4/Encounter/77");
    assertThat(audit("list", "--what", "view").out())
        .contains("commands:1", System.getProperty("user.name"));
    assertThat(audit("list", "--patient", "9900101", "--outcome", "denied").out())
        .contains("portal");
    assertThat(audit("list", "--patient", "9900102").out()).doesNotContain("portal");
  }

  @Test
  void aTrailIsVerifiedAndExportedLineByLine() {
    Ran verified = audit("verify");
    assertThat(verified.exitCode()).isZero();
    assertThat(verified.out()).contains("2 entries, all as they were written");
    String end = verified.out().lines().findFirst().orElseThrow().substring("end ".length());

    List<JsonNode> lines = audit("export").out().lines().map(SandboxBench::json).toList();

    assertThat(lines)
        .extracting(line -> line.path("resourceType").asText() + " " + line.path("id").asText())
        .containsExactly("AuditEvent engine-1", "AuditEvent engine-2", "AuditEvent commands-1");
    assertThat(audit("verify", "--kept", end).exitCode()).isZero();
  }

  @Test
  void tamperingIsToldWithItsPlace() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE audit_entry SET outcome = 'DONE' WHERE seq = 2");
    }

    Ran verified = audit("verify");

    assertThat(verified.exitCode()).isEqualTo(Millrace.FAILED);
    assertThat(verified.out()).contains("chain engine: entry 2 is not what was written", "NOT");
  }

  @Test
  void anEndThatIsNoneIsRefused() {
    assertThat(audit("verify", "--kept", "nonsense").err()).contains("--kept is no end");
  }
}

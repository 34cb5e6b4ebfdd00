package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/** The commands beside an engine whose journal is in PostgreSQL. */
final class CommandsOnPostgresTest {
  @TempDir private Path folder;
  private final PostgresAddress database = TestPostgres.shared().newDatabase();

  @Test
  void messagesAndCodesAreListedShownAndRetried() throws Exception {
    assertThat(run("messages", "list").err()).contains("there is no journal at postgresql://");
    Map<String, String> place =
        Map.of(
            "MILLRACE_DATABASE_URL", database.shown(),
            "MILLRACE_DATABASE_USER", database.user());
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("unused"), place)) {
      send(engine, "GOOD", Typed.result("GOOD", "F-1"));
      send(engine, "NOBODY", Typed.result("NOBODY", "F-2", "0000000", "F"));

      await()
          .untilAsserted(
              () -> {
                assertThat(list("GOOD")).contains("DELIVERED");
                assertThat(list("NOBODY")).contains("HELD");
              });
      assertThat(bench.documentsTitled("F-1")).hasSize(1);
      Ran byNumber = run("messages", "list", "--filler", "F-2", "--patient", "0000000");
      assertThat(byNumber.out()).contains("NOBODY").doesNotContain("GOOD", "F-2", "0000000");
      assertThat(run("messages", "list", "--filler", "F-1", "--patient", "0000000").out())
          .doesNotContain("NOBODY", "GOOD");
      String held = SandboxBench.json(list("NOBODY", "--json")).path("message").asText();
      assertThat(run("messages", "show", held).out()).contains("no-such-patient");
      Ran retried = run("messages", "retry", held, "--why", "registered by now");
      assertThat(retried.out()).as(retried.err()).contains(held + ": queued");
      assertThat(run("codes").exitCode()).isZero();
    }
    assertThat(folder.resolve("unused")).doesNotExist();
    assertThat(list("GOOD")).contains("DELIVERED");
  }

  private String list(String controlId, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("messages", "list", "--control-id", controlId));
    all.addAll(Arrays.asList(more));
    Ran ran = run(all.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out();
  }

  private void send(Engine engine, String controlId, String message) throws Exception {
    Path file = Files.writeString(folder.resolve(controlId + ".hl7"), message);
    assertThat(
            Millrace.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .execute("send", "--to", "127.0.0.1:" + engine.mllpPort(), file.toString()))
        .isZero();
  }

  private Ran run(String... arguments) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("site.properties"),
            "MILLRACE_DATABASE_URL="
                + database.shown()
                + "\nMILLRACE_DATABASE_USER="
                + database.user()
                + "\n");
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--config", config.toString()));
    return Ran.run(all.toArray(String[]::new));
  }
}

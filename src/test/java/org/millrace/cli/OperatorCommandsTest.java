package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.cli.Ran.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;

/** What an operator decides about messages, typed beside a running engine. */
final class OperatorCommandsTest {
  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;
  private static String data = "";
  private static String settings = "";

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    data = folder.resolve("journal").toString();
    settings = bench.settingsFile(folder, "MILLRACE_PRODUCTION", "false").toString();
    engine = bench.engine(Path.of(data), Map.of());
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  /** {@code messages}, on this test's journal and by its settings. */
  private static Ran messages(String... arguments) {
    return messagesBy(settings, arguments);
  }

  private static Ran messagesBy(String file, String... arguments) {
    List<String> all = new ArrayList<>(List.of("messages"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", data, "--config", file));
    return run(all.toArray(String[]::new));
  }

  private static void send(String controlId, String message) throws Exception {
    Path file =
        Files.writeString(folder.resolve(controlId + ".hl7"), message, StandardCharsets.UTF_8);
    Ran sent = run("send", "--to", "127.0.0.1:" + engine.mllpPort(), file.toString());
    assertThat(sent.exitCode()).as(sent.out() + sent.err()).isZero();
  }

  /** Of a patient whom nobody knows. */
  private static String held(String controlId) throws Exception {
    send(controlId, Typed.result(controlId, "F-" + controlId, "9900888", "F"));
    return awaited(controlId, "HELD");
  }

  private static String awaited(String controlId, String state) {
    await()
        .untilAsserted(() -> assertThat(listed(controlId).path("state").asText()).isEqualTo(state));
    return listed(controlId).path("message").asText();
  }

  private static JsonNode listed(String controlId) {
    return SandboxBench.json(messages("list", "--json", "--control-id", controlId).out());
  }

  @Test
  void aMessageIsDiscardedAndNeedsAReasonForIt() throws Exception {
    String number = held("D1");

    Ran without = messages("discard", number);
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("--why");
    assertThat(messages("discard", number, "--why", " ").err())
        .contains("--why must say why: it is kept with the message");

    Ran discarded = messages("discard", number, "--why", "of a test patient");
    assertThat(discarded.exitCode()).as(discarded.out() + discarded.err()).isZero();
    assertThat(discarded.out()).isEqualTo(number + ": discarded\n");
    assertThat(listed("D1").path("state").asText()).isEqualTo("DISCARDED");
    assertThat(messages("show", number).out()).contains("DISCARDED").contains("of a test patient");
    assertThat(messages("retry", number).exitCode()).isEqualTo(1);
  }

  @Test
  void messagesChosenByAFilterAreShownFirstAndDoneOneByOne() throws Exception {
    String first = held("C1");
    String second = held("C2");
    String[] choice = {
      "--reason",
      "no-such-patient",
      "--feed",
      "oru-r01",
      "--control-id",
      "C1",
      "--sender",
      "LABSYS@NORTH"
    };

    Ran shown = messages(with("discard", choice, "--why", "gone"));
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.out()).contains("C1", "ask again with --yes").doesNotContain("C2", "9900888");
    assertThat(listed("C1").path("state").asText()).isEqualTo("HELD");

    Ran done = messages(with("discard", choice, "--why", "gone", "--yes"));
    assertThat(done.out()).isEqualTo(first + ": discarded\n");
    assertThat(listed("C2").path("state").asText()).isEqualTo("HELD");
    assertThat(messages("discard", second, "--why", "gone").exitCode()).isZero();
  }

  private static String[] with(String verb, String[] choice, String... more) {
    List<String> all = new ArrayList<>(List.of(verb));
    all.addAll(Arrays.asList(choice));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  @Test
  void manyAreSpreadOverATimeAndTooManyAreNotTouched() throws Exception {
    held("M1");
    held("M2");
    String[] both = {"--reason", "no-such-patient", "--since", "2026-01-01T00:00:00Z"};

    Ran refused = messages(with("retry", both, "--limit", "1", "--yes"));
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("--limit is 1", "nothing was done");

    Ran spread = messages(with("retry", both, "--per-minute", "1", "--yes"));
    assertThat(spread.exitCode()).as(spread.err()).isZero();
    assertThat(spread.out().lines().toList().get(0)).endsWith(": queued");
    assertThat(spread.out().lines().skip(1))
        .isNotEmpty()
        .allMatch(line -> line.contains("asked, for 20"));
    assertThat(messages("retry", "--state", "DELIVERED", "--yes").err())
        .contains("retry is for messages that are HELD, REFUSED, RETRYING");
    assertThat(messages("retry").err()).contains("say which messages");
    assertThat(messages(with("retry", both, "7")).err()).contains("not by both");
    assertThat(messages("discard", "--reason", "no-such-patient", "--why", "x", "--yes").exitCode())
        .isZero();
  }

  private static String host() {
    return bench.settings(folder).getOrDefault("MILLRACE_FHIR_BASE_URL", "").split("/")[2];
  }

  @Test
  void manyTowardsProductionAreLeftAloneUntilItIsNamed() throws Exception {
    String first = held("N1");
    String second = held("N2");
    String real = bench.settingsFile(folder, "MILLRACE_PRODUCTION", "true").toString();
    String[] chosen = {"--sender", "LABSYS@NORTH", "--reason", "no-such-patient", "--why", "gone"};

    Ran shown = messagesBy(real, with("discard", chosen));
    assertThat(shown.out())
        .as(shown.err())
        .contains("target: Cerner at " + host() + ": production")
        .contains("ask again with --yes --production " + host() + " to discard them");
    for (Ran refused :
        List.of(
            messagesBy(real, with("discard", chosen, "--yes")),
            messagesBy(real, with("discard", chosen, "--yes", "--production", "yes")),
            messagesBy(real, "discard", first, second, "--why", "gone"))) {
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .isEqualTo(
              "millrace: nothing was done. Cerner at "
                  + host()
                  + ": production. Say that it is meant by --production "
                  + host()
                  + "\n");
    }
    assertThat(messages("show", first).out()).contains("state     HELD").doesNotContain("gone");

    Ran one = messagesBy(real, "discard", first, "--why", "gone");
    assertThat(one.out()).as("a single one").isEqualTo(first + ": discarded\n");
    Ran named = messagesBy(real, with("discard", chosen, "--yes", "--production", host()));
    assertThat(named.exitCode()).as(named.err()).isZero();
    assertThat(named.out()).contains(second + ": discarded\n");
  }

  @Test
  void whereSettingsDoNotSayWhereItMayBeProduction() throws Exception {
    String first = held("U1");
    String second = held("U2");
    String[] both = {"messages", "discard", first, second, "--why", "gone", "--data", data};

    Ran refused = run(both);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("a server that the settings here do not name: it may be production")
        .endsWith("by --production production\n");
    assertThat(
            run(Stream.concat(Arrays.stream(both), Stream.of("--production", "production"))
                    .toArray(String[]::new))
                .out())
        .isEqualTo(first + ": discarded\n" + second + ": discarded\n");
  }

  @Test
  void whatIsNotOpenIsNotSettled() throws Exception {
    String number = held("S1");

    assertThat(messages("settle", number, "--why", "seen").err())
        .contains("--filed", "--not-filed");
    assertThat(messages("settle", number, "--not-filed").err()).contains("--why");
    Ran refused = messages("settle", number, "--filed", "DocumentReference/1", "--why", "seen");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).startsWith(number + ": refused: of each document");
    assertThat(messages("discard", number, "--why", "gone").exitCode()).isZero();
  }

  @Test
  void feedsAndLanesArePausedAndResumed() throws Exception {
    send("P1", Typed.result("P1", "F-P1"));
    awaited("P1", "DELIVERED");
    Ran paused = run("feeds", "pause", "oru-r01", "--why", "Cerner moves", "--data", data);
    assertThat(paused.out())
        .as(paused.err())
        .isEqualTo("oru-r01: paused; engines follow within a second\n");
    assertThat(run("feeds", "pause", "oru-r01", "--why", "again", "--data", data).exitCode())
        .isEqualTo(1);
    assertThat(run("feeds", "--data", data).out())
        .contains("oru-r01", "paused", "ORU^R01")
        .doesNotContain("Cerner moves");
    send("P2", Typed.result("P2", "F-P2"));
    String ready =
        SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/ready").body();
    assertThat(SandboxBench.json(ready).at("/paused/0/feed").asText()).isEqualTo("oru-r01");
    assertThat(SandboxBench.json(ready).path("ready").asBoolean()).isTrue();

    assertThat(run("feeds", "resume", "oru-r01", "--data", data).out())
        .isEqualTo("oru-r01: resumed\n");
    awaited("P2", "DELIVERED");
    assertThat(run("feeds", "pause", "none", "--why", "x", "--data", data).err())
        .contains("no feed none has taken a message; there are oru-r01");
    assertThat(run("lanes", "pause", "nonesuch", "--why", "x", "--data", data).err())
        .contains("no message is in a lane nonesuch");
    assertThat(run("lanes", "--data", data).exitCode()).isZero();
  }

  @Test
  void aMessageIsWrittenToAFileEditedAndFiled() throws Exception {
    String number = held("E1");
    Path file = folder.resolve("edit.hl7");
    Ran written = messages("edit", number, "--out", file.toString());
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(file)).hasSizeGreaterThan(3);
    assertThat(messages("edit", number, "--out", file.toString()).err())
        .contains("is there already");

    Files.writeString(file, Files.readString(file).replace("9900888", "9900101"));
    assertThat(messages("edit", number, "--file", file.toString()).err()).contains("--why must");
    Ran edited = messages("edit", number, "--file", file.toString(), "--why", "right number");
    assertThat(edited.out()).as(edited.err()).startsWith(number + ": queued as message ");
    String made = edited.out().strip().replaceAll(".* ", "");
    await()
        .untilAsserted(
            () -> assertThat(messages("show", made).out()).contains("state     DELIVERED"));
    assertThat(bench.documentsTitled("F-E1")).hasSize(1);
    assertThat(messages("show", number).out()).contains("made into message " + made + ", edited");
    assertThat(SandboxBench.json(messages("show", made, "--json").out()).at("/madeOf/message"))
        .hasToString(number);

    Ran there = messages("resend", made, "--why", "is it there?");
    assertThat(there.exitCode()).isEqualTo(1);
    assertThat(there.out()).contains("refused: it is there: DocumentReference/");
    assertThat(messages("resend", made).err()).contains("--why");
  }

  @Test
  void aDryRunShowsByPathWhatWouldBeSentOtherwise() throws Exception {
    send("R1", Typed.result("R1", "F-R1"));
    String number = awaited("R1", "DELIVERED");
    long before = bench.asked().size();
    await()
        .untilAsserted(
            () -> assertThat(messages("show", number, "--calls").out()).contains("F-R1 [mr-"));

    Ran same = messages("dry-run", number);
    assertThat(same.exitCode()).as(same.out() + same.err()).isZero();
    assertThat(same.out())
        .contains("OBR[1]  FILE final: the same as was sent")
        .contains("For Patient/");

    Path changed = folder.resolve("mappings");
    Copies.copy(Path.of("mappings"), changed);
    Path obr = changed.resolve("segments/OBR.yaml");
    String rules = Files.readString(obr);
    String mended =
        rules.replace("v2: [OBR-22, OBR-8, OBR-7, MSH-7]", "v2: [OBR-7, OBR-22, OBR-8, MSH-7]");
    assertThat(mended).isNotEqualTo(rules);
    Files.writeString(obr, mended);
    Ran other = messages("dry-run", number, "--mappings", changed.toString());
    assertThat(other.exitCode()).as(other.out() + other.err()).isEqualTo(1);
    assertThat(other.out())
        .contains("different from what was sent")
        .contains("~ DocumentReference.content[0].attachment.creation  2026-11-19T15:15:00")
        .doesNotContain("attachment.title", "subject");
    assertThat(bench.asked()).hasSize((int) before);
    assertThat(listed("R1").path("state").asText()).isEqualTo("DELIVERED");

    String held = held("R2");
    Ran never = messages("dry-run", held);
    assertThat(never.out()).contains("No patient is on record").contains("it never was");
    assertThat(messages("dry-run", "999999").err()).contains("there is no message 999999");
    assertThat(messages("discard", held, "--why", "done").exitCode()).isZero();
  }
}

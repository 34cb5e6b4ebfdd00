package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Typed;
import org.millrace.mapping.Mapper;

/** What an analyst sees beside the editor while a rule is changed. */
final class MapWatchTest {
  private static final String TITLE = "OBR[1] DocumentReference.content[0].attachment.title";

  @TempDir Path folder;
  private Path mappings = Path.of("");
  private Path messages = Path.of("");
  private Path rules = Path.of("");

  /** Read by one thread while another writes. */
  private final StringWriter seen = new StringWriter();

  @BeforeEach
  void copies() throws IOException {
    mappings = folder.resolve("mappings");
    Copies.copy(Path.of("mappings"), mappings);
    messages = folder.resolve("messages.hl7");
    rules = mappings.resolve("messages/ORU_R01.yaml");
    Files.writeString(messages, Typed.result("W1", "FILLER-1"), StandardCharsets.UTF_8);
  }

  private MapWatch watch() {
    return new MapWatch(
        new ChangedFiles(messages, mappings),
        new FileMapping(messages, "", new SettingsOption()),
        Mapper::new,
        new PrintWriter(seen));
  }

  private void change(Path file, String from, String to) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to), StandardCharsets.UTF_8);
  }

  private String shown() {
    String all = seen.toString();
    seen.getBuffer().setLength(0);
    return all;
  }

  @Test
  void nothingIsShownAsLongAsNothingChanges() throws IOException {
    MapWatch watch = watch();
    watch.show();
    assertThat(shown()).contains("Where each value comes from").contains(TITLE);
    assertThat(watch.step()).isFalse();
    assertThat(shown()).isEmpty();
  }

  @Test
  void aChangedRuleShowsTheResultAndWhatAppearedVanishedAndChanged() throws IOException {
    MapWatch watch = watch();
    watch.show();
    shown();
    change(rules, "fhir: status, fixed: current", "fhir: status, fixed: superseded");
    change(
        rules,
        "- { given: author, fhir: \"author[0].reference\" }",
        "- { fhir: description, fixed: by hand }");
    change(rules, "          - { v2: OBR-3.1 }\n", "");
    assertThat(watch.step()).isTrue();
    String shown = shown();
    assertThat(shown)
        .contains("==== messages/ORU_R01.yaml")
        .contains("\"status\" : \"superseded\"")
        .contains("What is different (+ appeared, - vanished, ~ changed)")
        .contains("  ~ OBR[1] DocumentReference.status  current  ->  superseded")
        .contains("  + OBR[1] DocumentReference.description  by hand")
        .containsPattern(
            "  ~ OBR\\[1] DocumentReference\\.content\\[0]\\.attachment\\.title .* ->  ");
    assertThat(shown).doesNotContain("  - OBR[1]");

    change(rules, "      - { fhir: description, fixed: by hand }\n", "");
    assertThat(watch.step()).isTrue();
    assertThat(shown()).contains("  - OBR[1] DocumentReference.description  by hand");
  }

  @Test
  void notesThatComeAndGoAreShown() throws IOException {
    MapWatch watch = watch();
    watch.show();
    shown();
    Path obr = mappings.resolve("segments/OBR.yaml");
    change(
        obr,
        "- { v2: OBR-3, used-for: \"the filler's number, kept beside the document and in its title\" }",
        "- { v2: OBR-3, loss: Away. }");
    watch.step();
    assertThat(shown()).containsPattern("\\n {2}\\+ OBR\\[1]-3[^ ]* {2}LOSSY {2}Away\\.");
    change(obr, "loss: Away.", "used-for: a test");
    watch.step();
    assertThat(shown()).containsPattern("\\n {2}- OBR\\[1]-3[^ ]* {2}LOSSY {2}Away\\.");
  }

  @Test
  void faultsOfTheRulesAreShownAndTheLastGoodResultIsWhatTheNextIsComparedWith()
      throws IOException {
    MapWatch watch = watch();
    watch.show();
    shown();
    change(rules, "fhir: status, fixed: current", "fhir: statos, fixed: superseded");
    watch.step();
    String faulty = shown();
    assertThat(faulty)
        .containsPattern("messages/ORU_R01\\.yaml:\\d+: DocumentReference has no element 'statos'")
        .contains("The last good result stays.")
        .doesNotContain("Where each value comes from");
    change(rules, "fhir: statos", "fhir: status");
    watch.step();
    assertThat(shown()).contains("  ~ OBR[1] DocumentReference.status  current  ->  superseded");
  }

  @Test
  void aChangedMessageIsMappedAgainAndOneThatIsGoneIsSaid() throws IOException {
    MapWatch watch = watch();
    watch.show();
    shown();
    Files.writeString(
        messages,
        Typed.result("W1", "FILLER-1") + Typed.result("W2", "FILLER-2"),
        StandardCharsets.UTF_8);
    watch.step();
    assertThat(shown()).contains("  + message 2 " + TITLE);
    Files.delete(messages);
    watch.step();
    assertThat(shown()).contains("cannot be read").contains("The last good result stays.");
  }

  @Test
  void theWatchSeesAFileBeingSavedAndEndsWhenInterrupted() throws Exception {
    MapWatch watch = watch();
    Thread watching =
        new Thread(
            () -> {
              try {
                watch.watch();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    watching.start();
    await().until(() -> seen.toString().contains("Ctrl-C ends"));
    change(rules, "fhir: status, fixed: current", "fhir: status, fixed: superseded");
    await().until(() -> seen.toString().contains("  ~ OBR[1] DocumentReference.status"));
    watching.interrupt();
    watching.join(10_000);
    assertThat(watching.isAlive()).isFalse();
  }

  @Test
  void anotherFolderOfMappingFilesIsComparedWith() throws IOException {
    change(rules, "fhir: status, fixed: current", "fhir: status, fixed: superseded");
    StringWriter out = new StringWriter();
    List<String> arguments =
        List.of("map", "--target", "none", "--diff", mappings.toString(), messages.toString());
    int exitCode =
        Millrace.commandLine()
            .setOut(new PrintWriter(out))
            .execute(arguments.toArray(String[]::new));
    assertThat(exitCode).isEqualTo(1);
    assertThat(out.toString().lines().toList())
        .containsExactly(
            "What is different (+ appeared, - vanished, ~ changed)",
            "  ~ OBR[1] DocumentReference.status  superseded  ->  current");

    change(rules, "fhir: status, fixed: superseded", "fhir: status, fixed: current");
    StringWriter same = new StringWriter();
    assertThat(
            Millrace.commandLine()
                .setOut(new PrintWriter(same))
                .execute(arguments.toArray(String[]::new)))
        .isZero();
    assertThat(same.toString()).isEqualToIgnoringNewLines("Nothing is different");
  }
}

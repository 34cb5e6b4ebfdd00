package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cli.Ran.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Settings;
import org.millrace.app.SettingsSource;

class KeysCommandTest {
  @TempDir private Path folder;

  private Settings settings(Ran made) throws Exception {
    Map<String, String> values =
        new TreeMap<>(
            Map.of(
                "MILLRACE_TENANT_ID", "tenant",
                "MILLRACE_CLIENT_ID", "client",
                "MILLRACE_JOURNAL_KEY", "none"));
    made.out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> values.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    return Settings.read(SettingsSource.of(values), folder);
  }

  @Test
  void aNewKeyIsReadableByItsOwnerAloneAndIsWhatTheSettingsTake() throws Exception {
    String file = folder.resolve("keys.json").toString();

    Ran made = run("keys", "new", file, "2026-11");

    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))))
        .isEqualTo("rw-------");
    assertThat(settings(made).cerner().clientKey().orElseThrow().id()).isEqualTo("2026-11");
    String secret = new JsonMapper().readTree(Path.of(file).toFile()).at("/keys/0/d").asText();
    assertThat(secret).isNotEmpty();
    Ran jwks = run("keys", "jwks", file);
    assertThat(new JsonMapper().readTree(jwks.out()).at("/keys/0/kid").asText())
        .isEqualTo("2026-11");
    assertThat(made.out() + jwks.out() + run("keys", "list", file).out()).doesNotContain(secret);
  }

  @Test
  void aFileThatIsThereIsNeverWrittenOver() throws Exception {
    Path file = folder.resolve("keys.json");
    run("keys", "new", file.toString(), "2026-11");
    String before = Files.readString(file, StandardCharsets.UTF_8);

    Ran again = run("keys", "new", file.toString(), "2026-12");

    assertThat(again.exitCode()).isEqualTo(Millrace.NOT_STARTED);
    assertThat(again.err()).contains("is not written over", "--add");
    assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo(before);
  }

  @Test
  void aKeyTakesThePlaceOfAnotherWhileBothAreRegistered() throws Exception {
    Path file = folder.resolve("keys.json");
    String name = file.toString();
    run("keys", "new", name, "2025-11", "--algorithm", "RS384");

    Ran added = run("keys", "new", name, "2026-11", "--add");

    assertThat(added.exitCode()).as(added.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(run("keys", "list", name).out()).contains("2025-11  RS384", "2026-11  ES384");
    assertThat(run("keys", "jwks", name).out()).contains("2025-11", "2026-11");
    assertThat(settings(added).cerner().clientKey().orElseThrow().id()).isEqualTo("2026-11");

    assertThat(run("keys", "new", name, "2026-11", "--add").err()).contains("two keys");
    assertThat(run("keys", "remove", name, "2024-11").err()).contains("no key with the id 2024-11");
    assertThat(run("keys", "remove", name, "2025-11").exitCode()).isZero();
    assertThat(run("keys", "list", name).out()).doesNotContain("2025-11");
    assertThat(run("keys", "remove", name, "2026-11").err()).contains("no other key");
    assertThat(Files.list(folder)).containsExactly(file);
  }

  @Test
  void whatCannotBeDoneIsSaidInALine() throws Exception {
    Path pem = folder.resolve("key.pem");
    Files.writeString(pem, "nothing", StandardCharsets.UTF_8);
    assertThat(run("keys", "list", folder.resolve("none").toString()).err())
        .contains("there is no file");
    assertThat(run("keys", "jwks", pem.toString()).err()).contains("holds no private key");
    assertThat(run("keys", "new", folder.resolve("a/b").toString(), "x").err())
        .contains("cannot be written");
    assertThat(
            run("keys", "new", folder.resolve("c").toString(), "x", "--algorithm", "PS256").err())
        .contains("ES384 or RS384");
  }
}

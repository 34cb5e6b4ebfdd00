package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.crash.EngineProcess;

/** The launcher on machines that lack something: one clear line, no stack trace, exit code 69. */
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("millrace").toAbsolutePath();
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "dirname",
          "readlink",
          "head",
          "sed",
          "find",
          "mkdir",
          "tee",
          "awk",
          "rm",
          "grep");

  @TempDir Path folder;

  private Path bin;

  /** A PATH with the few programs of a bare Linux that the launcher uses, and nothing else. */
  @BeforeEach
  void bareMachine() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Path found =
          List.of("/usr/bin", "/bin").stream()
              .map(each -> Path.of(each, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow(() -> new AssertionError(tool + " is not on this machine"));
      Files.createSymbolicLink(bin.resolve(tool), found);
    }
  }

  private Ran run(Path launcher, String javaHome, String... arguments) throws Exception {
    return run(launcher, javaHome, Map.of(), arguments);
  }

  private Ran run(
      Path launcher, String javaHome, Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(bin.resolve("bash").toString(), launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(environment);
    if (!javaHome.isEmpty()) {
      builder.environment().put("JAVA_HOME", javaHome);
    }
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the launcher did not end");
    }
    return new Ran(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private void program(String name, String script) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(
        file, "#!" + bin.resolve("bash") + "\n" + script + "\n", StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void assertOneLine(Ran ran, String... words) {
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("millrace: ").contains(words);
    assertThat(ran.exitCode()).isEqualTo(69);
  }

  @Test
  void withoutJavaOneLineSaysWhatToInstall() throws Exception {
    assertOneLine(run(LAUNCHER, ""), "no Java found", "17", "JAVA_HOME");
  }

  @Test
  void aJavaTooOldIsNamed() throws Exception {
    program("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    assertOneLine(run(LAUNCHER, ""), "Java 11", bin.resolve("java").toString(), "17");
  }

  @Test
  void javaEightIsNotTakenForOne() throws Exception {
    program("java", "echo 'java version \"1.8.0_202\"' >&2");
    assertOneLine(run(LAUNCHER, ""), "Java 8", "17");
  }

  @Test
  void aJavaThatTellsNoVersionIsNamed() throws Exception {
    program("java", "echo 'Unable to locate a Java Runtime.' >&2; exit 1");
    Ran ran = run(LAUNCHER, "");
    assertOneLine(ran, bin.resolve("java").toString());
  }

  @Test
  void withoutMavenACloneSaysWhatToInstall() throws Exception {
    Path clone = Files.createDirectory(folder.resolve("clone"));
    Path launcher = Files.copy(LAUNCHER, clone.resolve("millrace"));
    Files.writeString(clone.resolve("pom.xml"), "<project/>", StandardCharsets.UTF_8);
    Files.createDirectories(clone.resolve("src/main"));
    assertOneLine(run(launcher, System.getProperty("java.home")), "no Maven found", "3.8");
    assertOneLine(run(launcher, System.getProperty("java.home"), "test"), "no Maven found");
  }

  @Test
  void aMavenTooOldIsNamed() throws Exception {
    Path clone = Files.createDirectory(folder.resolve("clone"));
    Path launcher = Files.copy(LAUNCHER, clone.resolve("millrace"));
    Files.writeString(clone.resolve("pom.xml"), "<project/>", StandardCharsets.UTF_8);
    Files.createDirectories(clone.resolve("src/main"));
    program("mvn", "echo 'Apache Maven 3.6.3 (abc)'");
    assertOneLine(run(launcher, System.getProperty("java.home")), "Maven 3.6", "3.8");
  }

  @Test
  void benchmarksThatDoNotCompileInAFreshCloneNameTheirLog() throws Exception {
    Path clone = Files.createDirectory(folder.resolve("clone"));
    Path launcher = Files.copy(LAUNCHER, clone.resolve("millrace"));
    Files.writeString(clone.resolve("pom.xml"), "<project/>", StandardCharsets.UTF_8);
    program(
        "mvn",
        "[ \"$1\" != -v ] || { echo 'Apache Maven 3.8.7 (abc)'; exit; }\n"
            + "echo 'cannot find symbol'; exit 1");
    Ran ran = run(launcher, System.getProperty("java.home"), "bench", "mapping");
    assertThat(ran.err().lines())
        .containsExactly(
            "Compiling the benchmarks ...",
            "millrace: the benchmarks do not compile; the log is in target/bench.log.");
    assertThat(clone.resolve("target/bench.log")).content().contains("cannot find symbol");
  }

  @Test
  void anInstallationWithoutSourcesHasNothingToTest() throws Exception {
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Path launcher = Files.copy(LAUNCHER, installed.resolve("millrace"));
    assertOneLine(run(launcher, System.getProperty("java.home"), "test"), "no sources", "to test");
    assertOneLine(
        run(launcher, System.getProperty("java.home"), "bench"), "no sources", "to bench");
  }

  /** An installation of a Java that shows what it is started with, one to a line. */
  private Ran started(Map<String, String> environment) throws Exception {
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Path launcher = Files.copy(LAUNCHER, installed.resolve("millrace"));
    Files.createFile(installed.resolve("millrace.jar"));
    program(
        "java",
        "[ \"$1\" != -version ] || { echo 'openjdk version \"17.0.15\" 2025-04-15' >&2; exit; }\n"
            + "printf '%s\\n' \"$@\"");
    return run(launcher, "", environment, "check", "a mapping.yaml");
  }

  @Test
  void theEngineIsStartedAsItsBenchmarksAre() throws Exception {
    List<String> given = started(Map.of()).out().lines().toList();
    assertThat(given.subList(0, given.indexOf("-jar")))
        .filteredOn(option -> !option.startsWith("-Dmillrace.home="))
        .containsExactlyInAnyOrderElementsOf(EngineProcess.AS_LAUNCHED);
  }

  @Test
  void anotherCollectorMayBeAskedFor() throws Exception {
    Ran ran = started(Map.of("MILLRACE_JAVA_OPTIONS", "-XX:+UseG1GC -Xmx2g"));
    assertThat(ran.out().lines())
        .doesNotContain("-XX:+UseSerialGC")
        .containsSubsequence("-Xss1m", "-XX:+UseG1GC", "-Xmx2g", "-jar", "check", "a mapping.yaml");
  }

  @Test
  void anOptionThatOnlySoundsLikeACollectorIsNone() throws Exception {
    Ran ran = started(Map.of("MILLRACE_JAVA_OPTIONS", "-XX:+UseMaximumCompactionOnSystemGC"));
    assertThat(ran.out().lines()).contains("-XX:+UseSerialGC");
  }

  /** It comes as far as the jar, which is empty. */
  @ParameterizedTest
  @ValueSource(strings = {"MILLRACE_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"})
  void javaStartsWithTheCollectorThatIsAskedFor(String variable) throws Exception {
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Path launcher = Files.copy(LAUNCHER, installed.resolve("millrace"));
    Path jar = Files.createFile(installed.resolve("millrace.jar"));
    Map<String, String> environment = Map.of(variable, "-Xmx64m -XX:+UseParallelGC");
    Ran ran = run(launcher, System.getProperty("java.home"), environment, "check");
    assertThat(ran.err()).contains("corrupt jarfile", jar.getFileName().toString());
  }

  @Test
  void withoutArgumentsTheCommandsAreShown() throws Exception {
    Path jar = Path.of("target", "millrace.jar").toAbsolutePath();
    Path lib = Path.of("target", "lib").toAbsolutePath();
    Assumptions.assumeTrue(
        Files.exists(jar) && Files.isDirectory(lib),
        "target/millrace.jar is made by the package phase, which comes after the tests");
    // Beside its jar, as installed: the clone's launcher would build again after any edit.
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Path launcher = Files.copy(LAUNCHER, installed.resolve("millrace"));
    Files.createSymbolicLink(installed.resolve("millrace.jar"), jar);
    Files.createSymbolicLink(installed.resolve("lib"), lib);
    Ran ran = run(launcher, System.getProperty("java.home"));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("Usage: millrace")
        .contains("demo", "serve", "sandbox", "send", "replay", "map", "check", "messages", "test");
  }
}

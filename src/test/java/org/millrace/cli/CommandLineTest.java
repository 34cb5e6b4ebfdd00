package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.cli.Ran.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.Ports;
import org.millrace.app.Engine;
import org.millrace.app.RawSocket;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;

/** The commands as an analyst types them, beside a running engine. */
final class CommandLineTest {
  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;
  private static String to = "";
  private static String data = "";

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    data = folder.resolve("journal").toString();
    engine = bench.engine(Path.of(data), Map.of());
    to = "127.0.0.1:" + engine.mllpPort();
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8).toString();
  }

  @Test
  void withoutArgumentsEveryCommandIsShown() {
    Ran ran = run();
    assertThat(ran.exitCode()).isZero();
    for (String command :
        List.of(
            "demo",
            "serve",
            "sandbox",
            "send",
            "listen",
            "replay",
            "map",
            "check",
            "docs",
            "messages",
            "codes",
            "wire",
            "feeds",
            "lanes",
            "test")) {
      assertThat(ran.out().lines()).anyMatch(line -> line.startsWith("  " + command + " "));
    }
  }

  @Test
  void anUnknownOptionOrCommandIsExitCodeTwo() {
    assertThat(run("--nonsense").exitCode()).isEqualTo(2);
    assertThat(run("send", "--nonsense", "file").exitCode()).isEqualTo(2);
    Ran unknown = run("nonsense");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("nonsense");
  }

  @Test
  void aSandboxWithAnUnusableSeedDoesNotStart() throws Exception {
    Ran none = run("sandbox", "--port", "0", "--seed", folder.resolve("none.json").toString());
    assertThat(none.exitCode()).isNotZero();
    assertThat(none.err()).contains("none.json cannot be read");
    Ran wrong = run("sandbox", "--port", "0", "--seed", file("wrong.json", "{}"));
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.err()).contains("a JSON array of resources or a Bundle is needed");
  }

  @Test
  void sendTakesAnyLineEndsAndSeveralMessagesAndPrintsTheReplies() throws Exception {
    String both =
        Typed.query("S1", "9900101").replace("\r", "\r\n")
            + "\r\n"
            + Typed.query("S2", "9900102").replace("\r", "\n");
    Ran ran = run("send", "--to", to, file("two.hl7", both));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines().filter(line -> line.startsWith("MSA|")))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("MSA|AA|S1"),
            second -> assertThat(second).startsWith("MSA|AA|S2"));
    assertThat(ran.out().lines()).anyMatch(line -> line.startsWith("PID|"));
  }

  @Test
  void sendEndsWithOneWhenAReplyIsNotPositive() throws Exception {
    String unknownAuthority =
        Typed.query("S3", "9900101").replace("2.16.840.1.113883.6.1000", "1.2.3.4");
    Ran ran = run("send", "--to", to, file("refused.hl7", unknownAuthority));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("MSA|AE|S3");
  }

  @Test
  void sendSaysInOneLineThatNobodyListens() throws Exception {
    try (Ports.Closed nobody = new Ports.Closed()) {
      int port = nobody.number();
      Ran ran = run("send", "--to", "127.0.0.1:" + port, file("one.hl7", Typed.query("S4", "1")));
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err().lines())
          .singleElement()
          .asString()
          .startsWith("millrace: ")
          .contains("127.0.0.1:" + port);
    }
  }

  @Test
  void sendOfAFileThatIsNotThereIsOneLine() {
    Ran ran = run("send", "--to", to, folder.resolve("none.hl7").toString());
    assertThat(ran.exitCode()).isNotZero();
    assertThat(ran.err().lines()).singleElement().asString().contains("none.hl7");
  }

  @Test
  void mapShowsResourcesWhereEachValueComesFromAndWhatIsNotMapped() throws Exception {
    String odd =
        Typed.result("M1", "FILLER-7")
                .replace("||19610314|F", "||19610314|F|||||||||||||||||||||||")
            + "ZZZ|1|local\r";
    Ran ran = run("map", "--json", file("map.hl7", odd));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode line = SandboxBench.json(ran.out());
    assertThat(line.path("controlId").asText()).isEqualTo("M1");
    JsonNode document = find(line.path("resources"), "DocumentReference");
    assertThat(document.toString()).contains("FILLER-7").contains("11506-3");
    assertThat(line.path("lineage"))
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each.path("rule").asText())
                    .matches("[a-z]+/[\\w.-]+\\.(yaml|csv):\\d+.*"))
        .anySatisfy(each -> assertThat(each.path("source").asText()).startsWith("OBR"))
        .anySatisfy(each -> assertThat(each.path("source").asText()).contains("OBX"));
    for (JsonNode each : line.path("lineage")) {
      String rule = each.path("rule").asText().split("[ ,]", 2)[0];
      assertPlaceExists(rule);
    }
    assertThat(line.path("coverage").toString()).contains("ZZZ");
  }

  private static JsonNode find(JsonNode resources, String type) {
    for (JsonNode each : resources) {
      if (each.at("/resource/resourceType").asText().equals(type)) {
        return each.path("resource");
      }
    }
    throw new AssertionError("no " + type + " in " + resources);
  }

  private static void assertPlaceExists(String place) throws IOException {
    int colon = place.lastIndexOf(':');
    Path file = Path.of("mappings").resolve(place.substring(0, colon));
    assertThat(Files.readAllLines(file, StandardCharsets.UTF_8))
        .as(place)
        .hasSizeGreaterThanOrEqualTo(Integer.parseInt(place.substring(colon + 1)));
  }

  @Test
  void mapAsTextNamesTheRuleBesideEachElement() throws Exception {
    Ran ran = run("map", file("map-text.hl7", Typed.result("M2", "FILLER-8")));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("Where each value comes from").contains("  <-  OBR");
  }

  @Test
  void mapTakesATargetByNameAndKnowsNoOther() throws Exception {
    String name = file("map-target.hl7", Typed.result("M4", "FILLER-9"));
    assertThat(run("map", "--target", "none", name).exitCode()).isZero();
    Ran ran = run("map", "--target", "epic", name);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("there is no target epic; there are none, cerner");
  }

  @Test
  void mapOfABrokenMessageSaysFileAndNumberInOneLine() throws Exception {
    String name = file("broken.hl7", Typed.result("M3", "F") + "MSH|^\r");
    Ran ran = run("map", "--json", name);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out().lines()).as("the good one is shown").hasSize(1);
    assertThat(ran.err().lines()).singleElement().asString().startsWith(name + ", message 2: ");
    assertThat(ran.err()).doesNotContain("ZZTEST");
  }

  @Test
  void checkPassesTheRepository() {
    Ran ran = run("check");
    assertThat(ran.out()).contains(" 0 faults");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void checkNamesFileAndLineOfWhatIsWrong() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    for (String part : List.of("mappings", "routes", "samples")) {
      Copies.copy(Path.of(part), home.resolve(part));
    }
    Path pid = home.resolve("mappings/segments/PID.yaml");
    List<String> lines = Files.readAllLines(pid, StandardCharsets.UTF_8);
    int at = 0;
    while (!lines.get(at).contains("birthDate")) {
      at++;
    }
    lines.set(at, lines.get(at).replace("birthDate", "birthDay"));
    Files.write(pid, lines, StandardCharsets.UTF_8);
    Ran ran = run("check", "--home", home.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out().lines().toList().get(0))
        .startsWith("mappings/segments/PID.yaml:" + (at + 1) + ": ")
        .contains("birthDay");
    Ran asJson = run("check", "--json", "--home", home.toString());
    assertThat(asJson.exitCode()).isEqualTo(1);
    assertThat(asJson.out().lines().map(SandboxBench::json))
        .anySatisfy(line -> assertThat(line.path("kind").asText()).isEqualTo("fault"));
  }

  @Test
  void aHeldMessageIsListedShownAndFiledAfterItsCauseIsMended() throws Exception {
    String held = file("held.hl7", Typed.result("H1", "MENDED", "9900777", "F"));
    assertThat(run("send", "--to", to, held).exitCode()).isZero();
    await().untilAsserted(() -> assertThat(listed("H1").path("state").asText()).isEqualTo("HELD"));
    JsonNode line = listed("H1");
    assertThat(line.path("reason").asText()).isEqualTo("no-such-patient");
    assertThat(line.path("remedy").asText()).isNotEmpty();
    assertThat(line.toString()).doesNotContain("9900777").doesNotContain("ZZTEST");
    String number = line.path("message").asText();

    Ran shown = run("messages", "show", number, "--data", data);
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .contains("HELD")
        .contains("steps     docs/runbook.md#no-such-patient\n")
        .contains("OBR|1|")
        .contains("MSA|AA|H1");
    Ran asJson = run("messages", "show", number, "--json", "--data", data);
    assertThat(SandboxBench.json(asJson.out()).path("received")).isNotEmpty();

    bench.seed(
        "[{'resourceType':'Patient','id':'12997777','meta':{'versionId':'1','lastUpdated':'2026-11-20T00:00:00Z'},"
            + "'active':true,'identifier':[{'use':'usual','type':{'coding':[{'system':"
            + "'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}]},"
            + "'system':'urn:oid:2.16.840.1.113883.6.1000','value':'9900777'}],"
            + "'name':[{'use':'official','family':'ZZTESTMILLER','given':['ANNA']}],"
            + "'birthDate':'1961-03-14'}]");
    Ran retried = run("messages", "retry", number, "--why", "registered now", "--data", data);
    assertThat(retried.exitCode()).as(retried.out() + retried.err()).isZero();
    assertThat(retried.out()).startsWith(number + ": ");
    await()
        .untilAsserted(
            () -> assertThat(listed("H1").path("state").asText()).isEqualTo("DELIVERED"));
    assertThat(bench.documentsTitled("MENDED"))
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.at("/subject/reference").asText()).isEqualTo("Patient/12997777"));
    assertThat(run("messages", "show", number, "--data", data).out())
        .contains("retry by ")
        .doesNotContain("docs/runbook.md");
    Ran again = run("messages", "retry", number, "--data", data);
    assertThat(again.exitCode()).as(again.out()).isEqualTo(1);
  }

  @Test
  void wireShowsWhatTheListenerCouldNotReadWithItsBytesWhereAskedFor() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.write("GET /chart HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.exchange(Typed.query("W1", "9900101"))).contains("MSA|AA|W1");
    }
    await()
        .untilAsserted(
            () ->
                assertThat(run("wire", "--data", data).out())
                    .contains("between-frames")
                    .contains("127.0.0.1:")
                    .doesNotContain("GET /chart"));
    assertThat(run("wire", "--hex", "--data", data).out())
        .contains("0000  47 45 54 20 2f 63 68 61 72 74 20 48 54 54 50 2f  GET /chart HTTP/");
    assertThat(SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body())
        .contains("millrace_mllp_skipped_bytes_total{port=\"" + engine.mllpPort() + "\"} 19.0");
  }

  private static JsonNode listed(String controlId) {
    Ran ran = run("messages", "list", "--json", "--control-id", controlId, "--data", data);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode line = SandboxBench.json(lines.get(0));
    assertThat(line.path("controlId").asText()).isEqualTo(controlId);
    return line;
  }

  @Test
  void aCaseIsReplayedAgainstARunningEngineTwice() {
    String sample = "samples/QRY_A19/inpatient";
    for (int i = 0; i < 2; i++) {
      Ran ran = run("replay", "--to", to, sample);
      assertThat(ran.exitCode()).as(ran.out()).isZero();
    }
    assertThat(run("replay", "--to", to, "--accept", sample).exitCode()).isEqualTo(3);
  }

  @Test
  void messagesAloneIsTheList() {
    Ran alone = run("messages", "--json", "--limit", "1", "--data", data);
    assertThat(alone.exitCode()).as(alone.err()).isZero();
    assertThat(alone.out())
        .isEqualTo(run("messages", "list", "--json", "--limit", "1", "--data", data).out());
  }

  @Test
  void messagesThatAreNotThereAreOneLine() {
    Ran none = run("messages", "show", "99999", "--data", data);
    assertThat(none.exitCode()).isNotZero();
    assertThat(none.err().lines()).singleElement().asString().contains("99999");
    Ran nowhere = run("messages", "list", "--data", folder.resolve("nowhere").toString());
    assertThat(nowhere.exitCode()).isNotZero();
    assertThat(nowhere.err().lines()).singleElement().asString().startsWith("millrace: ");
  }
}

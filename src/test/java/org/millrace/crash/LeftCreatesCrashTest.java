package org.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;

/** Creates that were answered 202, and an engine that is killed behind the answer. */
class LeftCreatesCrashTest {
  private static final String NOTE =
      """
      {"resourceType":"DocumentReference","status":"current","docStatus":"final",
       "type":{"coding":[{"system":"http://loinc.org","code":"11506-3"}]},
       "subject":{"reference":"Patient/12990001"},
       "content":[{"attachment":{"contentType":"text/plain;charset=utf-8","data":"V2VsbC4=",
         "title":"%s"}}],
       "context":{"period":{"end":"2026-11-20T10:15:00Z"}}}
      """;

  @TempDir private Path folder;
  private SandboxBench bench;
  private EngineProcess engine;

  @BeforeEach
  void start() throws Exception {
    bench = SandboxBench.start();
    engine =
        new EngineProcess(folder.resolve("engine.log"), bench.settings(folder.resolve("journal")));
    engine.start();
  }

  @AfterEach
  void stop() {
    engine.close();
    bench.close();
  }

  private String left(String title) {
    HttpResponse<String> answer =
        SandboxBench.http(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/DocumentReference"))
                .header("Content-Type", "application/fhir+json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString(NOTE.formatted(title))));
    assertThat(answer.statusCode()).isEqualTo(202);
    return answer.headers().firstValue("Content-Location").orElseThrow();
  }

  private void restart() throws Exception {
    engine.kill();
    bench.faults("[]");
    engine.start();
  }

  private static void awaitMade(List<String> urls) {
    for (String url : urls) {
      await().until(() -> SandboxBench.get(url).body(), body -> body.contains("201 Created"));
    }
  }

  @Test
  void killedBehindTheAnswersEachIsFiledOnceAfterTheRestart() throws Exception {
    bench.faults("[{'method':'POST','path':'DocumentReference','status':503,'times':100000}]");
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      urls.add(left("ZZTEST left " + i + "."));
    }
    restart();
    awaitMade(urls);
    for (int i = 0; i < 20; i++) {
      assertThat(bench.documentsTitled("ZZTEST left " + i + ".")).hasSize(1);
    }
  }

  @Test
  void killedBetweenSendingAndAnswerItIsFoundAndNotFiledAgain() throws Exception {
    bench.faults(
        "[{'method':'POST','path':'DocumentReference','latency':'30s','afterCommit':true,"
            + "'times':1}]");
    String url = left("ZZTEST between.");
    await().until(() -> bench.documentsTitled("ZZTEST between."), found -> !found.isEmpty());
    restart();
    awaitMade(List.of(url));
    assertThat(bench.documentsTitled("ZZTEST between.")).hasSize(1);
  }
}

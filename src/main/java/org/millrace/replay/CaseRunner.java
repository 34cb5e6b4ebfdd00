package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mllp.MllpException;

/**
 * Runs one case against a target and says what differed. Thread-safe; one case at a time on one
 * target.
 */
public final class CaseRunner {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(25);

  private final Target target;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public CaseRunner(Target target) {
    this.target = target;
  }

  /**
   * Runs a case and compares; with {@code accept} writes what was seen as the expected files, after
   * which only the assertions can fail.
   *
   * @throws IOException if a file of the case or the sandbox cannot be reached; what the engine
   *     does wrong is a difference
   */
  public CaseResult run(SampleCase sample, boolean accept) throws IOException {
    long start = System.nanoTime();
    if (target.sandboxControl().isPresent()) {
      sandbox().prepare(sample);
    }
    Observed observed;
    try {
      observed = observe(sample);
    } catch (MllpException e) {
      Difference difference = new Difference("reply", "a reply", String.valueOf(e.getMessage()));
      return result(sample, nothing(), start, List.of(difference));
    }
    if (accept && target.sandboxControl().isPresent()) {
      accept(sample, observed);
    }
    return result(sample, observed, start, differences(sample, observed));
  }

  /**
   * A file that says the same as what was seen stays as it is: what is made anew each time is no
   * change.
   */
  private void accept(SampleCase sample, Observed observed) throws IOException {
    if (!replies(sample, observed).isEmpty()) {
      ExpectedFiles.writeReply(sample, observed, target);
    }
    if (!requests(sample, observed).isEmpty()) {
      ExpectedFiles.writeRequests(sample, observed, target);
    }
  }

  private Observed observe(SampleCase sample) throws IOException, MllpException {
    Conversation conversation = new Conversation(sample, target, http);
    Observed observed = conversation.hold();
    if (target.management().isEmpty() || target.sandboxControl().isEmpty()) {
      return observed;
    }
    return settle(sample, observed);
  }

  /**
   * Delivery goes on after the acknowledgment: waits until nothing is under way, or all that is
   * expected has been seen.
   */
  private Observed settle(SampleCase sample, Observed first) throws IOException {
    long until = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (true) {
      JsonNode health = Http.get(http, target.management().orElseThrow().resolve("/messages"));
      Observed now =
          new Observed(
              first.received(), first.replies(), first.answers(), sandbox().requests(), health);
      boolean quiet = health.path("waiting").asInt(0) == 0;
      boolean seen =
          !sample.assertions().isEmpty()
              && assertions(sample, now).isEmpty()
              && Files.exists(sample.requests())
              && requests(sample, now).isEmpty();
      if (quiet || seen || System.nanoTime() > until) {
        return now;
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for delivery", e);
    }
  }

  private SandboxControl sandbox() {
    return new SandboxControl(target.sandboxControl().orElseThrow(), http);
  }

  private List<Difference> differences(SampleCase sample, Observed observed) throws IOException {
    List<Difference> differences = new ArrayList<>(replies(sample, observed));
    if (target.sandboxControl().isPresent()) {
      differences.addAll(requests(sample, observed));
      differences.addAll(assertions(sample, observed));
    }
    return differences;
  }

  private List<Difference> replies(SampleCase sample, Observed observed) throws IOException {
    RunTimes times = times(sample);
    if (!Files.exists(sample.reply())) {
      return List.of(new Difference(sample.reply().getFileName() + "", "a file", "no such file"));
    }
    byte[] file = Files.readAllBytes(sample.reply());
    if (!sample.isHl7()) {
      JsonNode expected = ExpectedFiles.asList(SampleCase.JSON.readTree(file));
      JsonNode actual = ExpectedFiles.neutral(observed.answers(), target);
      return JsonComparison.compare("answers", expected, actual, times);
    }
    List<byte[]> expected = MessageFile.messages(file, "\r");
    if (expected.size() != observed.replies().size()) {
      return List.of(
          new Difference("replies", expected.size() + "", observed.replies().size() + ""));
    }
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      byte[] reply = observed.replies().get(i);
      String place = "reply[" + (i + 1) + "]";
      differences.addAll(MessageComparison.compare(place, expected.get(i), reply, times));
    }
    return differences;
  }

  private List<Difference> requests(SampleCase sample, Observed observed) throws IOException {
    if (!Files.exists(sample.requests())) {
      return List.of(new Difference("2-requests.json", "a file", "no such file"));
    }
    JsonNode expected = SampleCase.JSON.readTree(Files.readAllBytes(sample.requests()));
    JsonNode actual = ExpectedFiles.neutral(observed.requests(), target);
    return JsonComparison.compare("requests", expected, actual, times(sample));
  }

  private RunTimes times(SampleCase sample) {
    return new RunTimes(sample.clock(), target.sandboxControl().isEmpty());
  }

  private static List<Difference> assertions(SampleCase sample, Observed observed) {
    List<Difference> differences = new ArrayList<>();
    for (Assertion assertion : sample.assertions()) {
      String actual = observed.at(assertion.left());
      String wanted = observed.resolve(assertion.right());
      if (!assertion.holds(actual, wanted)) {
        differences.add(new Difference(assertion.text(), wanted, actual));
      }
    }
    return differences;
  }

  private static Observed nothing() {
    ArrayNode none = SampleCase.JSON.createArrayNode();
    return new Observed(List.of(), List.of(), none, none, SampleCase.JSON.createObjectNode());
  }

  private static CaseResult result(
      SampleCase sample, Observed observed, long start, List<Difference> differences) {
    Set<String> sent = new LinkedHashSet<>();
    Set<String> back = new LinkedHashSet<>();
    observed.received().forEach(message -> sent.add(type(message, false)));
    observed.replies().forEach(message -> back.add(type(message, true)));
    observed.answers().forEach(answer -> sent.add(answer.path("request").asText()));
    observed.answers().forEach(answer -> back.add(answer.path("status").asText()));
    List<String> asked = new ArrayList<>();
    observed
        .requests()
        .forEach(
            each -> asked.add(each.path("method").asText() + " " + each.path("path").asText()));
    return new CaseResult(
        sample,
        String.join(", ", sent),
        String.join(", ", asked),
        String.join(", ", back),
        Duration.ofNanos(System.nanoTime() - start),
        differences);
  }

  private static String type(byte[] bytes, boolean withCode) {
    try {
      V2Message message = V2Message.read(bytes);
      return message.header().type() + (withCode ? " " + message.value("MSA-1") : "");
    } catch (V2FormatException e) {
      return new String(bytes, 0, Math.min(bytes.length, 3), StandardCharsets.ISO_8859_1).isBlank()
          ? "(empty)"
          : "(no message)";
    }
  }
}

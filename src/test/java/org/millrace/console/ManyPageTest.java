package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.FilingTarget;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.Reason;

/** Verbs for many messages that are ticked in the list, through HTTP, on a real journal. */
final class ManyPageTest {
  private static final Reason HELD = new Reason("no-such-patient", "No patient.", "Register", "us");

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private long held(String controlId) throws Exception {
    long id = bench.accept(controlId);
    bench.conclude(id, MessageState.HELD, HELD);
    return id;
  }

  private static String chosen(String verb, long... numbers) {
    return "/messages/many?verb="
        + verb
        + LongStream.of(numbers).mapToObj(each -> "&number=" + each).collect(Collectors.joining());
  }

  private List<OperatorRequest> requests() {
    return bench
        .journal
        .requests()
        .find(LongStream.rangeClosed(1, 300).boxed().collect(Collectors.toList()));
  }

  /** Fills in the form of a page and sends it, and goes where it leads. */
  private HttpResponse<String> sent(String page, Map<String, String> typed) throws Exception {
    return bench.browser.submit("/messages/many", page, typed);
  }

  @Test
  void whoeverMayDecideTicksMessagesAndNobodyElseDoes() throws Exception {
    bench.accept("C1");
    String box = "name=\"number\" value=\"1\"";

    assertThat(bench.loggedIn("vera", Role.VIEWER).page("/messages"))
        .doesNotContain(box, "id=\"many\"");
    assertThat(bench.loggedIn("otto", Role.OPERATOR).page("/messages"))
        .contains(box, "action=\"/messages/many\"", "value=\"retry\"", "value=\"discard\"")
        .doesNotContain("formaction=\"/replay\"");
    assertThat(bench.loggedIn("anna", Role.ANALYST).page("/messages"))
        .contains(box, "id=\"many\" class=\"many\" method=\"get\" action=\"/replay\"")
        .doesNotContain("/messages/many", "value=\"retry\"");
  }

  @Test
  void whatIsAboutToBeDoneIsSaidInWordsAndNothingIsDoneYet() throws Exception {
    long first = held("C1");
    long second = held("C2");
    long delivered = bench.accept("C3");
    bench.conclude(delivered, MessageState.DELIVERED, Reason.NONE);
    bench.answered("LAB", "QUERY-1", QueryAnswer.Outcome.FOUND, 340);

    String page = bench.browser.page(chosen("retry", second, first, delivered, 4, 77));

    assertThat(page)
        .contains("<h1>Retry 2 messages</h1>")
        .contains("<dd>2 of 5</dd>")
        .contains("results (2)")
        .contains("Cerner at 127.0.0.1:8081: no production")
        .contains("1 a query, 1 delivered, 1 not there any more")
        .contains("Oldest first, 60 a minute.")
        .contains("./millrace messages retry " + first + " " + second + " --why WHY")
        .doesNotContain("name=\"target\"")
        .doesNotContain("type=\"hidden\" name=\"number\" value=\"" + delivered + "\"");
    assertThat(requests()).isEmpty();
  }

  @Test
  void eachIsAskedForOnceOldestFirstAndSpreadOverATime() throws Exception {
    long first = held("C1");
    long second = held("C2");
    bench.account("root", Role.ADMIN);
    bench.browser.logIn("root", ConsoleBench.PASSWORD);
    String page = bench.browser.page(chosen("retry", second, first));

    HttpResponse<String> result = sent(page, Map.of("why", "registered by now"));

    assertThat(result.uri().toString()).endsWith("/messages/asked?requests=1-2");
    assertThat(requests())
        .extracting(
            OperatorRequest::messageId,
            OperatorRequest::verb,
            OperatorRequest::who,
            OperatorRequest::why)
        .containsExactly(
            tuple(first, "retry", "root", "registered by now"),
            tuple(second, "retry", "root", "registered by now"));
    assertThat(Duration.between(requests().get(0).notBefore(), requests().get(1).notBefore()))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(bench.journal.requests().open())
        .extracting(OperatorRequest::messageId)
        .containsExactly(first);

    HttpResponse<String> again = sent(page, Map.of("why", "registered by now"));
    assertThat(again.uri()).isEqualTo(result.uri());
    bench.browser.page("/messages/asked?requests=1-2");
    assertThat(requests()).hasSize(2);
  }

  @Test
  void everyMessageIsAnEntryOfTheAuditTrailWithWhoAndWhy() throws Exception {
    long first = held("C1");
    long second = held("C2");
    bench.account("otto", Role.OPERATOR);
    bench.browser.logIn("otto", ConsoleBench.PASSWORD);
    sent(bench.browser.page(chosen("discard", first, second)), Map.of("why", "of a test patient"));

    List<AuditEntry> trail =
        bench
            .journal
            .auditTrail()
            .list(
                new AuditFilter(
                    "otto",
                    "discard",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0),
                10,
                true);
    assertThat(trail)
        .extracting(each -> each.event().subject())
        .containsExactlyInAnyOrder("message " + first, "message " + second);
    assertThat(trail)
        .allSatisfy(
            each -> {
              assertThat(each.event().actor().proof()).isEqualTo("account");
              assertThat(each.event().details()).containsEntry("why", "of a test patient");
            });
  }

  @Test
  void whatCameOfEachIsToldAtAnAddressThatStays() throws Exception {
    long first = held("C1");
    long second = held("C2");
    long third = held("C3");
    sent(
        bench.browser.page(chosen("retry", first, second, third)),
        Map.of("why", "registered by now"));
    bench.journal.requests().done(1, "queued").get();
    bench.journal.requests().done(2, "refused: the message is DELIVERED").get();

    String page = new Browser(bench.server.port()).page("/messages/asked?requests=1-3");

    assertThat(page)
        .contains("<h1>Retry of 3 messages</h1>")
        .contains("queued", "the message is DELIVERED", "begins in 2 s")
        .contains("href=\"/messages/" + third + "\"");
    assertThat(page.split("class=\"mark bad\"", -1)).hasSize(3);
    assertThat(bench.browser.get("/messages/asked?requests=9").statusCode()).isEqualTo(404);
    assertThat(bench.browser.get("/messages/asked?requests=1-999").statusCode()).isEqualTo(404);
    assertThat(bench.browser.get("/messages/asked").statusCode()).isEqualTo(404);
  }

  @Test
  void nothingIsDoneWithoutAReason() throws Exception {
    long first = held("C1");
    HttpResponse<String> answer =
        sent(bench.browser.page(chosen("discard", first)), Map.of("why", " "));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("Nothing was done: say why");
    assertThat(requests()).isEmpty();
    assertThat(sent(answer.body(), Map.of("why", "tidy up")).statusCode()).isEqualTo(200);
    assertThat(requests()).hasSize(1);
  }

  @Test
  void productionMustBeTyped() throws Exception {
    bench.target(new FilingTarget("", "fhir.cerner.example", true));
    long first = held("C1");
    String page = bench.browser.page(chosen("retry", first));
    assertThat(page).contains("Cerner at fhir.cerner.example: production", "name=\"target\"");
    assertThat(page)
        .contains("./millrace messages retry " + first + " --why WHY --production TARGET");

    for (String typed : List.of("", "yes", "FHIR.cerner.example")) {
      HttpResponse<String> answer = sent(page, Map.of("why", "registered", "target", typed));
      assertThat(answer.statusCode()).as(typed).isEqualTo(409);
      assertThat(answer.body()).contains("this is production", "value=\"registered\"");
    }
    assertThat(requests()).isEmpty();

    sent(page, Map.of("why", "registered", "target", "fhir.cerner.example"));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void tooManyAreNotTouchedAndNothingIsNoChoice() throws Exception {
    String most = chosen("retry", LongStream.rangeClosed(1, 101).toArray());
    HttpResponse<String> answer = bench.browser.get(most);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("101 messages are chosen, and the limit is 100");

    assertThat(bench.browser.get("/messages/many").body()).contains("No message is chosen");
    assertThat(bench.browser.get(chosen("resend", 1)).body()).contains("retry or discard");
    assertThat(bench.browser.page(chosen("retry", 1))).contains("None of those chosen");
    assertThat(
            bench
                .browser
                .postOnly("/messages/many", Map.of("verb", "retry", "number", "1", "why", "so"))
                .statusCode())
        .isEqualTo(400);
    assertThat(requests()).isEmpty();
  }

  @Test
  void thoseChosenAreRunDry() throws Exception {
    long first = bench.accept("C1");
    bench.accept("C2");
    long third = bench.accept("C3");

    String page = bench.browser.page("/replay?number=" + first + "&number=" + third);

    assertThat(page)
        .contains("<h2>2 messages, by the rules in force</h2>")
        .contains("href=\"/messages/" + third + "\"")
        .doesNotContain("href=\"/messages/2\"")
        .contains("name=\"number\" value=\"" + third + "\"");
  }

  @Test
  void scriptsInNamesAndReasonsAreShownAsText() throws Exception {
    StringBuilder address = new StringBuilder("/messages/many?verb=retry");
    for (String payload : Payloads.ALL) {
      long id = bench.acceptOf(payload, payload);
      bench.conclude(id, MessageState.HELD, new Reason("held", payload, payload, "us", payload));
      address.append("&number=").append(id);
    }
    bench.target(new FilingTarget("", Payloads.ALL.get(0), true));

    String page = bench.browser.page(address.toString());
    String refused = sent(page, Map.of("why", Payloads.ALL.get(3))).body();

    for (String payload : Payloads.ALL) {
      assertThat(page).as(payload).doesNotContain(payload).contains(Payloads.escaped(payload));
      assertThat(refused).as(payload).doesNotContain(payload);
    }
    assertThat(refused).contains("value=\"" + Payloads.escaped(Payloads.ALL.get(3)) + "\"");
    MessagesPageTest.assertNothingRuns(page);
    MessagesPageTest.assertNothingRuns(refused);
  }
}

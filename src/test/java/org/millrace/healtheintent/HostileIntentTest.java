package org.millrace.healtheintent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.Ports;
import org.millrace.SettableClock;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.cerner.ScriptedServer;

/** What a server does that is slow, broken, or not HealtheIntent at all. */
class HostileIntentTest {
  private static final String NPI = "9900000026";
  private final ScriptedServer server = new ScriptedServer();
  private final ScriptedServer elsewhere = new ScriptedServer();
  private final SettableClock clock = new SettableClock();
  private final HealtheIntent intent = intentAt(server.url("/intent"));

  private HealtheIntent intentAt(URI base) {
    return new HealtheIntent(
        new HealtheIntentSettings(
            base,
            "population",
            "partition",
            new HealtheIntentSettings.Account.Bearer("the-token"),
            "urn:oid:1.2.3",
            new HealtheIntentSettings.Limits(
                Duration.ofSeconds(3), Duration.ofSeconds(1), 2, 5, 2, 4096)),
        clock);
  }

  @AfterEach
  void close() {
    intent.close();
    server.close();
    elsewhere.close();
  }

  private Fault fault() {
    return fault(Duration.ofSeconds(2));
  }

  private Fault fault(Duration within) {
    Reply<?> reply = intent.personnelByNpi(NPI, Call.within(within));
    assertThat(reply).isInstanceOf(Reply.Failed.class);
    return ((Reply.Failed<?>) reply).fault();
  }

  @Test
  void anAnswerThatDripsEndsAtTheDeadline() {
    server.does(request -> server.drip(200, Map.of()));
    long began = System.nanoTime();
    assertThat(fault(Duration.ofMillis(400)).code()).isEqualTo(FaultCode.TOO_SLOW);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aServerThatSaysNothingEndsAtTheDeadline() {
    server.does(request -> server.hang());
    assertThat(fault(Duration.ofMillis(300)).code()).isEqualTo(FaultCode.TOO_SLOW);
  }

  @Test
  void noAnswerIsReadWithoutEnd() {
    server.does(
        request -> ScriptedServer.json("{\"items\":[],\"x\":\"" + "y".repeat(5000) + "\"}"));
    assertThat(fault().code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
  }

  @Test
  void brokenAnswersAndUnreadableOnesAreToldApart() {
    server.does(request -> ScriptedServer.cutOff(200, Map.of()));
    assertThat(fault().code()).isEqualTo(FaultCode.CONNECTION_BROKEN);
    server.does(request -> ScriptedServer.json("no json"));
    assertThat(fault().code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
  }

  @Test
  void aPortWhereNobodyListensIsUnreachable() throws IOException {
    try (Ports.Closed nobody = new Ports.Closed();
        HealtheIntent there = intentAt(URI.create("http://127.0.0.1:" + nobody.number()))) {
      Reply<?> reply = there.personnelByNpi(NPI, Call.within(Duration.ofSeconds(2)));
      assertThat(((Reply.Failed<?>) reply).fault().code()).isEqualTo(FaultCode.UNREACHABLE);
    }
  }

  @Test
  void theTokenFollowsNeitherRedirectsNorLinksToElsewhere() {
    server.does(
        request ->
            ScriptedServer.answer(302, Map.of("Location", elsewhere.url("/x").toString()), ""));
    assertThat(fault().code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
    URI here = server.url("");
    for (String link :
        new String[] {
          elsewhere.url("/intent/personnel").toString(),
          "http://user@127.0.0.1:" + here.getPort() + "/intent/x",
          here + "/other/x",
          here + "/intent/../other",
          "not a link"
        }) {
      server.does(request -> ScriptedServer.json("{\"items\":[],\"nextLink\":\"" + link + "\"}"));
      assertThat(fault().sentence()).as(link).contains("leads away");
    }
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer the-token");
  }

  @Test
  void numbersKeepTheirDigits() {
    server.does(request -> ScriptedServer.json("{\"items\":[{\"value\":36.80}]}"));
    Reply<?> reply = intent.personnelByNpi(NPI, Call.within(Duration.ofSeconds(2)));
    assertThat(((Reply.Done<?>) reply).value()).hasToString("[{\"value\":36.80}]");
  }

  @Test
  void pagesHaveAnEnd() {
    String self = server.url("/intent/personnel/v1/personnel?page=1").toString();
    server.does(request -> ScriptedServer.json("{\"items\":[],\"nextLink\":\"" + self + "\"}"));
    assertThat(fault().sentence()).contains("circle");
    server.does(
        request ->
            ScriptedServer.json(
                "{\"items\":[{},{}],\"nextLink\":\""
                    + server.url("/intent/p?" + server.requests().size())
                    + "\"}"));
    assertThat(fault().code()).isEqualTo(FaultCode.TOO_MANY);
    server.does(request -> ScriptedServer.json("{\"items\":[1]}"));
    assertThat(fault().code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
    server.does(request -> ScriptedServer.json("{}"));
    assertThat(fault().code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
  }

  @Test
  void after429ItIsLeftAloneTwiceAsLongEachTime() {
    server.does(request -> ScriptedServer.status(429));
    assertThat(fault().code()).isEqualTo(FaultCode.THROTTLED);
    Fault spared = fault();
    assertThat(spared.code()).isEqualTo(FaultCode.THROTTLED);
    assertThat(spared.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(server.requests()).hasSize(1);

    clock.forward(Duration.ofSeconds(1));
    fault();
    assertThat(server.requests()).hasSize(2);
    assertThat(fault().retryAfter()).contains(Duration.ofSeconds(2));

    clock.forward(Duration.ofSeconds(2));
    server.does(request -> ScriptedServer.json("{\"items\":[]}"));
    assertThat(intent.personnelByNpi(NPI, Call.within(Duration.ofSeconds(2))))
        .isInstanceOf(Reply.Done.class);
    server.does(request -> ScriptedServer.status(429));
    fault();
    assertThat(fault().retryAfter()).contains(Duration.ofSeconds(1));
  }

  @Test
  void oneThatFailsAgainAndAgainIsLeftAloneToo() {
    server.does(request -> ScriptedServer.status(500));
    for (int i = 0; i < 7; i++) {
      assertThat(fault().code()).isEqualTo(FaultCode.SERVER_ERROR);
    }
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void oneThatRefusesTheAccountIsLeftAloneAtOnce() {
    server.does(request -> ScriptedServer.status(401));
    assertThat(fault().code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    Fault spared = fault();
    assertThat(spared.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    assertThat(spared.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(server.requests()).hasSize(1);

    clock.forward(Duration.ofSeconds(1));
    fault();
    assertThat(server.requests()).hasSize(2);
    assertThat(fault().retryAfter()).contains(Duration.ofSeconds(2));

    clock.forward(Duration.ofSeconds(2));
    server.does(request -> ScriptedServer.json("{\"items\":[]}"));
    assertThat(intent.personnelByNpi(NPI, Call.within(Duration.ofSeconds(2))))
        .isInstanceOf(Reply.Done.class);
    server.does(request -> ScriptedServer.status(403));
    fault();
    fault();
    assertThat(server.requests()).as("403 is of one API").hasSize(5);
  }

  @Test
  void aRevokedConsumerIsNotGivenTokenAfterToken() {
    server.does(
        request ->
            request.path().endsWith("/oauth/access")
                ? ScriptedServer.answer(200, Map.of(), "oauth_token=t&oauth_token_secret=s")
                : ScriptedServer.status(401));
    try (HealtheIntent signing =
        new HealtheIntent(
            new HealtheIntentSettings(
                server.url("/intent"),
                "population",
                "partition",
                new HealtheIntentSettings.Account.Consumer(
                    "key", "secret", server.url("/oauth/access")),
                "urn:oid:1.2.3",
                HealtheIntentSettings.Limits.DEFAULT),
            clock)) {
      for (int i = 0; i < 50; i++) {
        assertThat(
                signing.allergies(
                    new PatientKey.PersonId("1299" + i), Call.within(Duration.ofSeconds(2))))
            .isInstanceOf(Reply.Failed.class);
      }
    }
    // Two tokens, and the look-up with each.
    assertThat(server.requests()).hasSize(4);
  }
}

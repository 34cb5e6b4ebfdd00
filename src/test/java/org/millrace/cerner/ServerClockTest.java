package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.json;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.cerner.CernerSettings.Authorization;

class ServerClockTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private CernerActions signing() {
    CernerSettings settings =
        Bench.settings(
            bench.fhir.url(Bench.ROOT),
            Authorization.SMART,
            Optional.of(bench.tokens.url("/token")),
            Optional.empty());
    ClientKey key = ClientKeys.fresh("2026-11", "ES384");
    return bench.opened(new CernerActions(settings.signingWith(key), bench.clock));
  }

  /** Takes an assertion only if it is good by a clock so many seconds ahead of ours. */
  private ScriptedServer.Step judged(ScriptedServer.Request request, long ahead) {
    Instant there = bench.clock.instant().plusSeconds(ahead);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(there.atOffset(ZoneOffset.UTC));
    String assertion = request.body().replaceFirst("^.*&client_assertion=", "");
    try {
      JWTClaimsSet claims = SignedJWT.parse(assertion).getJWTClaimsSet();
      Instant expires = claims.getExpirationTime().toInstant();
      boolean good =
          !claims.getIssueTime().toInstant().isAfter(there)
              && expires.isAfter(there)
              && !expires.isAfter(there.plus(Duration.ofMinutes(5)));
      return good
          ? answer(
              200,
              Map.of("Date", date),
              "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":570}")
          : answer(401, Map.of("Date", date), "{\"error\":\"invalid_client\"}");
    } catch (java.text.ParseException e) {
      return answer(400, Map.of("Date", date), "{\"error\":\"invalid_request\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-900, 900})
  void aClockThatIsFarWrongIsToldInTheRefusalAndTheNextAssertionGoesByTheServers(long ahead) {
    bench.tokens.does(request -> judged(request, ahead));
    bench.fhir.does(request -> json(Bench.PATIENT));
    CernerActions actions = signing();

    Fault refused = fault(actions.getPatient("12", bench.call()));

    assertThat(refused.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    assertThat(refused.sentence())
        .containsPattern(
            ahead > 0
                ? "our clock is (899|900|901) seconds behind the authorization server's"
                : "our clock is (899|900|901) seconds ahead of the authorization server's");
    bench.clock.forward(Duration.ofMinutes(2));
    value(actions.getPatient("12", bench.call()));
    assertThat(actions.clockAhead().orElseThrow().toSeconds()).isBetween(-ahead - 2, -ahead + 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {-119, 0, 119})
  void aClockThatIsTwoMinutesWrongIsTakenAsItIs(long ahead) {
    bench.tokens.does(request -> judged(request, ahead));
    bench.fhir.does(request -> json(Bench.PATIENT));
    value(signing().getPatient("12", bench.call()));
    assertThat(bench.tokens.requests()).hasSize(1);
  }

  @Test
  void anAnswerWithoutAReadableDateTellsNothing() {
    bench.fhir.does(request -> json(Bench.PATIENT));
    CernerActions actions = bench.actions();
    value(actions.getPatient("12", bench.call()));
    assertThat(actions.clockAhead()).isEmpty();

    bench.tokens.does(
        request -> answer(503, Map.of("Date", "yesterday"), "{\"error\":\"server_error\"}"));
    bench.clock.forward(Duration.ofMinutes(10));
    fault(actions.getPatient("12", bench.call()));
    assertThat(actions.clockAhead()).isEmpty();
  }
}

package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Hl7OverHttpTest {
  /** Says how many bytes it got. */
  private final Hl7OverHttp hl7 =
      new Hl7OverHttp(
          (bytes, caller, address) -> ("MSA|AE|" + bytes.length).getBytes(StandardCharsets.UTF_8));

  private RestAnswer post(String contentType, String body) {
    return hl7.handle(request("POST", "", Map.of("content-type", contentType), body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/hl7-v2",
        "Application/HL7-V2; charset=utf-8",
        "application/hl7-v2;charset=\"windows-1252\""
      })
  void aReplyIsA200WhateverItsCode(String contentType) {
    RestAnswer answer = post(contentType, "MSH|");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/hl7-v2");
    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("MSA|AE|4");
  }

  @Test
  void anEmptyBodyIsAnsweredByTheDispatcherToo() {
    assertThat(post("application/hl7-v2", "").body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("MSA|AE|0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "application/json",
        "application/hl7-v2;charset=utf-16",
        "application/hl7-v2;charset=nonsense"
      })
  void anotherBodyIs415(String contentType) {
    RestAnswer answer = post(contentType, "MSH|");
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
  }

  @Test
  void messagesArePostedToOnePath() {
    RestAnswer answer = hl7.handle(request("GET", "", Map.of(), ""));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("Allow", "POST");
    assertThat(hl7.handle(request("POST", "x", Map.of(), "")).status()).isEqualTo(404);
  }
}

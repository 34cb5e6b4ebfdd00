package org.millrace.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.MessageLimits;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.Replies;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.mapping.SenderLabels;

/** Whatever a feed's steps do, the sender gets one reply and never what the fault says. */
final class DispatcherTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T15:00:00Z"), ZoneOffset.UTC);

  private static V2Message replyOf(Processor steps) throws Exception {
    return replyOf(
        "MSH|^~\\&|LAB|N|M|H|20261120||ORU^R01|X1|D|2.5.1\r",
        steps,
        new SenderProfiles(sender -> SenderProfile.NONE, Optional.empty()));
  }

  private static V2Message replyOf(String sent, Processor steps, SenderProfiles senders)
      throws Exception {
    FeedTable feeds = new FeedTable();
    feeds.open(new Feed("results", Set.of("ORU^R01"), ZoneOffset.UTC, Optional.empty()), steps);
    Dispatcher dispatcher =
        new Dispatcher(
            feeds,
            new HeaderCheck(false),
            new Replies(CLOCK, ZoneOffset.UTC, new ControlIds(CLOCK)),
            senders,
            new PreScan(MessageLimits.DEFAULT));
    byte[] message = sent.getBytes(StandardCharsets.UTF_8);
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      return V2Message.read(dispatcher.replyTo(message, "127.0.0.1:1", SendingRule.ANY, camel));
    }
  }

  private static void isRejectedWithoutTheText(V2Message reply) {
    assertThat(reply.value("MSA-1")).isEqualTo("AR");
    assertThat(reply.value("MSA-2")).isEqualTo("X1");
    assertThat(reply.value("ERR-3.1")).isEqualTo("207");
    assertThat(new String(reply.bytes(), StandardCharsets.UTF_8)).doesNotContain("Smith");
  }

  @Test
  void aStepThatThrowsIsAnsweredAr() throws Exception {
    isRejectedWithoutTheText(
        replyOf(
            exchange -> {
              throw new IllegalStateException("patient Smith");
            }));
    isRejectedWithoutTheText(
        replyOf(exchange -> exchange.setException(new IllegalStateException("patient Smith"))));
  }

  @Test
  void aStepThatRunsOutOfStackIsAnsweredAr() throws Exception {
    isRejectedWithoutTheText(
        replyOf(
            exchange -> {
              throw new StackOverflowError("patient Smith");
            }));
  }

  @Test
  void whatIsPassedOverInMessagesThatAreTakenIsCountedBySender() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    SenderProfiles senders = new SenderProfiles(sender -> SenderProfile.NONE, Optional.of(meters));
    for (int i = 0; i < SenderLabels.MOST + 5; i++) {
      replyOf(
          "MSH|^~\\&|L" + i + "|N|M|H|20261120||ORU^R01|X1|D|2.5.1\nPID|\u00e9\n",
          exchange -> {},
          senders);
    }

    assertThat(meters.get("millrace.tolerated").tag("sender", "L3@N").counters())
        .extracting(each -> each.getId().getTag("what") + " " + each.count())
        .containsExactlyInAnyOrder("line-ends 1.0", "charset-guessed 1.0");
    assertThat(
            meters
                .get("millrace.tolerated")
                .tags("sender", "other", "what", "line-ends")
                .counter()
                .count())
        .isEqualTo(5);
  }

  @Test
  void aStepThatLeavesNoReplyIsAnsweredAr() throws Exception {
    isRejectedWithoutTheText(replyOf(exchange -> exchange.getMessage().setBody(null)));
  }
}

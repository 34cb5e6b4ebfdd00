package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as clients see it that others wrote. */
final class ForeignSendersTest {
  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    engine = bench.engine(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static String msa(Message reply) throws Exception {
    String text = reply.encode();
    return Typed.field(text, "MSA", 1) + " " + Typed.field(text, "MSA", 2);
  }

  @Test
  void hapisInitiatorIsAnsweredInOriginalModeAndCommitted() throws Exception {
    try (HapiContext hapi = new DefaultHapiContext()) {
      hapi.setValidationContext(ValidationContextFactory.noValidation());
      Connection connection = hapi.newClient("127.0.0.1", engine.mllpPort(), false);
      try {
        for (int i = 0; i < 20; i++) {
          Message result = hapi.getPipeParser().parse(Typed.result("HAPI" + i, "FHAPI" + i));
          assertThat(msa(connection.getInitiator().sendAndReceive(result)))
              .isEqualTo("AA HAPI" + i);
        }
        Message wanting =
            hapi.getPipeParser()
                .parse(EnhancedModeTest.asking(Typed.result("HAPIE", "FHAPIE"), "AL", "NE"));
        assertThat(msa(connection.getInitiator().sendAndReceive(wanting))).isEqualTo("CA HAPIE");
        Message query = hapi.getPipeParser().parse(Typed.query("HAPIQ", "9900101"));
        assertThat(msa(connection.getInitiator().sendAndReceive(query))).isEqualTo("AA HAPIQ");
      } finally {
        connection.close();
      }
    }
  }

  @Test
  void camelsProducerTakesOurReplies() throws Exception {
    try (CamelContext camel = new DefaultCamelContext();
        ProducerTemplate producer = camel.createProducerTemplate()) {
      camel.start();
      for (String[] modes : new String[][] {{"--", "--", "AA"}, {"AL", "NE", "CA"}}) {
        String id = "CAMEL" + modes[2];
        byte[] message =
            EnhancedModeTest.asking(Typed.result(id, "F" + id), modes[0], modes[1])
                .getBytes(StandardCharsets.UTF_8);
        Exchange sent =
            producer.request(
                "mllp:127.0.0.1:" + engine.mllpPort(),
                exchange -> exchange.getIn().setBody(message));
        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader("CamelMllpAcknowledgementType")).isEqualTo(modes[2]);
      }
    }
  }
}

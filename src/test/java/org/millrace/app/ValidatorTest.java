package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.millrace.OfficialValidator;
import org.millrace.hl7.V2Message;
import org.millrace.replay.MessageFile;

/**
 * What the samples say is sent, judged by those who know: the official FHIR R4 validator for what
 * Cerner is sent, HAPI's validation for what HL7 senders are answered. {@code SamplesTest} holds
 * that the engine sends exactly this.
 */
final class ValidatorTest {
  private static final Path SAMPLES = Path.of("samples");
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Sent(String name, JsonNode resource) {}

  @TestFactory
  List<DynamicTest> everyResourceSentToCernerIsValid() throws IOException {
    List<Sent> all = new ArrayList<>();
    for (Path file : files("2-requests.json")) {
      int number = 0;
      for (JsonNode request : JSON.readTree(Files.readAllBytes(file))) {
        number++;
        // HealtheIntent is asked in words of its own.
        boolean fhir = !request.path("path").asText().startsWith("healtheintent/");
        if (fhir && request.path("method").asText().equals("POST")) {
          all.add(new Sent(file.getParent() + ", request " + number, request.path("body")));
        }
      }
    }
    assertThat(all).as("resources sent in samples/**/2-requests.json").isNotEmpty();
    OfficialValidator validator = new OfficialValidator();
    return all.stream()
        .map(sent -> DynamicTest.dynamicTest(sent.name(), () -> assertValid(validator, sent)))
        .toList();
  }

  private static void assertValid(OfficialValidator validator, Sent sent) {
    assertThat(sent.resource().path("resourceType").asText()).as(sent.name()).isNotEmpty();
    assertThat(validator.errors(sent.resource().toString())).as(sent.name()).isEmpty();
  }

  @TestFactory
  List<DynamicTest> everyAnswerWithAPatientPassesHapisValidation() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files("3-reply.hl7")) {
      for (byte[] bytes : MessageFile.messages(Files.readAllBytes(file), "\r")) {
        V2Message reply = V2Message.read(bytes);
        boolean holdsPatient =
            reply.segments().stream().anyMatch(segment -> segment.raw().startsWith("PID"));
        if (reply.header().type().equals("ADR^A19")
            && reply.header().version().equals("2.5.1")
            && holdsPatient) {
          String text = new String(bytes, reply.charset().charset());
          tests.add(DynamicTest.dynamicTest(file.getParent().toString(), () -> parse(text)));
        }
      }
    }
    assertThat(tests).as("ADR^A19 with a PID in samples/**/3-reply.hl7").isNotEmpty();
    return tests;
  }

  private static void parse(String reply) throws Exception {
    try (HapiContext hapi = new DefaultHapiContext(new CanonicalModelClassFactory("2.5.1"))) {
      assertThat(hapi.getPipeParser().parse(reply).getName()).isEqualTo("ADR_A19");
    }
  }

  private static List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      return files.filter(file -> file.endsWith(name)).sorted().toList();
    }
  }
}

package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** The patients that the samples answer with, before HAPI's default validation of v2.5.1. */
class SampleRepliesTest {
  /** Several messages of one file: each begins with MSH. */
  private static List<byte[]> messages(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).replaceAll("\r?\n", "\r");
    List<byte[]> messages = new ArrayList<>();
    for (String message : text.split("(?<=\r)(?=MSH)")) {
      messages.add(message.getBytes(StandardCharsets.ISO_8859_1));
    }
    return messages;
  }

  @Test
  void everyPatientAnsweredInVersion251PassesHapisDefaultValidation()
      throws IOException, V2FormatException, HL7Exception {
    int checked = 0;
    try (HapiContext hapi = new DefaultHapiContext();
        Stream<Path> cases = Files.list(Path.of("samples/QRY_A19"))) {
      hapi.setValidationContext(ValidationContextFactory.defaultValidation());
      for (Path folder : cases.sorted().toList()) {
        Path reply = folder.resolve("3-reply.hl7");
        for (byte[] bytes : Files.exists(reply) ? messages(reply) : List.<byte[]>of()) {
          V2Message message = V2Message.read(bytes);
          if (message.value("MSH-12").equals("2.5.1") && message.first("PID").isPresent()) {
            String text = new String(bytes, message.charset().charset());
            assertThat(hapi.getPipeParser().parse(text).getName())
                .as(folder.toString())
                .isEqualTo("ADR_A19");
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(15);
  }
}

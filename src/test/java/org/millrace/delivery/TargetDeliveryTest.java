package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2Message;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;

/** Messages of which the target cannot store everything. */
class TargetDeliveryTest {
  private static final String PID = "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M";
  private Path mappings;
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path folder) throws IOException {
    engine = new DeliveryFixture(Files.createDirectory(folder.resolve("journal")));
    mappings = folder.resolve("mappings");
    try (Stream<Path> all = Files.walk(Path.of("mappings"))) {
      for (Path path : all.toList()) {
        Path copy = mappings.resolve(Path.of("mappings").relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void start(String target) throws Exception {
    Mapper mapper = new Mapper(Mappings.load(mappings)).forTarget(target);
    engine
        .with(
            new DeliverySettings(
                "urn:oid:2.16.840.1.113883.6.1000",
                DeliverySettings.PatientCheck.BIRTHDATE_OR_NAME,
                Optional.empty(),
                DeliverySettings.VisitMissing.FILE,
                Map.of(
                    "document-type", "11506-3",
                    "preliminary", "filter",
                    "status-missing", "hold"),
                DeliveryFixture.QUICK))
        .mappedBy(MessageMapping.of(mapper))
        .start();
  }

  private static V2Message discharge() {
    return SampleMessages.read(
        "MSH|^~\\&|ADT|NORTH|MILLRACE|HUB|20261120101500||ADT^A03|A1|D|2.5.1",
        PID,
        "PV1|1|I|4N^401^A|||||||||||||||||||||||||||||||||01||||||||20261118080000|20261120101500");
  }

  private static V2Message report() {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|A1|D|2.5.1",
        PID,
        "OBR|1||F1|11506-3^Note^LN|||20261120100000|||||||||||||||20261120101000|||F",
        "OBX|1|TX|1^Text||All is well.||||||F");
  }

  @Test
  void aDischargeThatCernerCannotStoreIsHeldWithTheFieldAndTheReason() throws Exception {
    Files.delete(mappings.resolve("messages/ADT_A01.yaml"));
    Files.writeString(
        mappings.resolve("messages/ADT_A03.yaml"),
        """
        message: ADT^A03
        source: a test
        groups:
          - group: VISIT
            starts-at: PV1
            action: patch-encounter
            segments: [ { segment: PV1, resource: Encounter } ]
        """);
    start("cerner");
    engine.accept(discharge());

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().code()).isEqualTo("target-refuses");
    assertThat(held.reason().sentence())
        .isEqualTo(
            "PV1-36: Cerner cannot store PV1-36 on an existing encounter"
                + " (Encounter.hospitalization.dischargeDisposition). Of a discharge, a patch takes"
                + " the time only.");
    assertThat(held.reason().whoActs()).isEqualTo("analyst");
    assertThat(held.reason().remedy()).contains("by hand");
    assertThat(engine.journey("A1").report()).contains("NOT_TAKEN");
  }

  @Test
  void aReportThatTheTargetRefusesIsNotSent() throws Exception {
    strict();
    start("strict");
    engine.accept(report());

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().sentence())
        .isEqualTo(
            "OBR[1]-22: Strict cannot store OBR[1]-22 on a new document reference"
                + " (DocumentReference.content[0].attachment.creation). It keeps no such time.");
    assertThat(engine.chart.documents()).isEmpty();
  }

  @Test
  void withoutATargetTheSameReportIsDelivered() throws Exception {
    strict();
    start("none");
    engine.accept(report());

    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(1);
  }

  private void strict() throws IOException {
    Files.writeString(
        mappings.resolve("targets/strict.yaml"),
        """
        target: strict
        title: Strict
        source: a test
        resources:
          - resource: DocumentReference
            interaction: create
            source: a test
            rules:
              - { fhir: "content.attachment.creation", refused: "It keeps no such time." }
        """);
  }
}

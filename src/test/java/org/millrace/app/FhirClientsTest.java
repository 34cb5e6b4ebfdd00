package org.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FHIR clients that others wrote, against the facade over HTTP. */
final class FhirClientsTest {
  private static final FhirContext MODEL = FhirContext.forR4();
  private static final Path SCRIPT = Path.of("src/test/js").toAbsolutePath();

  @TempDir private static Path folder;
  private static SandboxBench bench;
  private static Engine engine;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    engine = bench.engine(folder.resolve("journal"), Map.of());
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static String base() {
    return "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4";
  }

  private static IGenericClient client() {
    MODEL.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.ONCE);
    return MODEL.newRestfulGenericClient(base());
  }

  @Test
  void hapisClientReadsTheCapabilitiesAndAPatient() {
    CapabilityStatement capabilities =
        client().capabilities().ofType(CapabilityStatement.class).execute();
    assertThat(capabilities.getFhirVersion()).isEqualTo(Enumerations.FHIRVersion._4_0_1);

    Patient patient = client().read().resource(Patient.class).withId("12990001").execute();

    assertThat(patient.getIdElement().getIdPart()).isEqualTo("12990001");
    assertThat(patient.getIdElement().getVersionIdPart()).isNotEmpty();
  }

  @Test
  void hapisClientGoesThroughAllPages() {
    List<String> encounters = new ArrayList<>();
    Bundle page =
        client()
            .search()
            .forResource(Encounter.class)
            .where(Encounter.PATIENT.hasId("12990006"))
            .count(2)
            .returnBundle(Bundle.class)
            .execute();
    int pages = 1;
    page.getEntry()
        .forEach(entry -> encounters.add(entry.getResource().getIdElement().getIdPart()));
    while (page.getLink(Bundle.LINK_NEXT) != null) {
      page = client().loadPage().next(page).execute();
      pages++;
      page.getEntry()
          .forEach(entry -> encounters.add(entry.getResource().getIdElement().getIdPart()));
    }
    assertThat(pages).isGreaterThan(1);
    assertThat(encounters).hasSizeGreaterThan(2).doesNotHaveDuplicates();
  }

  @Test
  void hapisClientFilesADocumentAndCorrectsItByItsVersion() {
    MethodOutcome created =
        client().create().resource(note("Seen.")).prefer(PreferReturnEnum.REPRESENTATION).execute();
    assertThat(created.getCreated()).isTrue();
    DocumentReference stored = (DocumentReference) created.getResource();
    assertThat(stored.getIdElement().getVersionIdPart()).isNotEmpty();

    // Cerner takes one content, and of text only HTML, for a document that it has.
    stored.getContent().subList(1, stored.getContent().size()).clear();
    stored.getContentFirstRep().getAttachment().setData("Seen again.".getBytes(UTF_8));
    stored.getContentFirstRep().getAttachment().setContentType("text/html;charset=utf-8");
    stored.getContentFirstRep().getAttachment().setUrl(null);
    MethodOutcome updated = client().update().resource(stored).execute();
    assertThat(updated.getId().getIdPart()).isEqualTo(stored.getIdElement().getIdPart());

    assertThatThrownBy(() -> client().update().resource(stored).execute())
        .as("by the version that is over")
        .isInstanceOfAny(
            PreconditionFailedException.class,
            ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException.class);
  }

  private static DocumentReference note(String text) {
    DocumentReference note = new DocumentReference();
    note.setStatus(Enumerations.DocumentReferenceStatus.CURRENT);
    note.setDocStatus(DocumentReference.ReferredDocumentStatus.FINAL);
    note.setType(new CodeableConcept(new Coding("http://loinc.org", "11506-3", "")));
    note.setSubject(new Reference("Patient/12990001"));
    note.setDescription("Of another program");
    note.addContent()
        .getAttachment()
        .setContentType("text/plain;charset=utf-8")
        .setData(text.getBytes(UTF_8));
    note.getContext()
        .setPeriod(new Period().setEndElement(new DateTimeType("2026-11-20T15:00:00Z")));
    return note;
  }

  @Test
  void hapisClientIsToldWhyInWords() {
    assertThatThrownBy(() -> client().read().resource(Patient.class).withId("1").execute())
        .isInstanceOfSatisfying(
            ResourceNotFoundException.class,
            failure ->
                assertThat(failure.getOperationOutcome()).isInstanceOf(OperationOutcome.class));
    assertThatThrownBy(
            () ->
                client().search().byUrl("Patient?colour=red").returnBundle(Bundle.class).execute())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            failure ->
                assertThat(
                        ((OperationOutcome) failure.getOperationOutcome())
                            .getIssueFirstRep()
                            .getDetails()
                            .getText())
                    .contains("colour"));
  }

  /** fhirclient of npm, by Node.js; skipped where one of the two is not at hand. */
  @Test
  void fhirclientOfNpmReadsSearchesAndCreates() throws Exception {
    JsonNode found = new ObjectMapper().readTree(byNode());

    assertThat(found.path("release").asInt()).isEqualTo(4);
    assertThat(found.path("patient").asText()).isEqualTo("12990001");
    assertThat(found.path("pages").asInt()).isGreaterThan(1);
    assertThat(found.path("encounters").size()).isGreaterThan(2);
    assertThat(found.path("created").asText()).isNotEmpty();
    assertThat(found.path("read")).isEqualTo(found.path("created"));
    assertThat(found.at("/missing/status").asInt()).isEqualTo(404);
    assertThat(found.at("/missing/type").asText()).isEqualTo("OperationOutcome");
    assertThat(found.at("/unknown/status").asInt()).isEqualTo(400);
    assertThat(found.at("/unknown/text").asText()).contains("colour");
  }

  private static String byNode() throws Exception {
    Path room = Path.of("target", "js").toAbsolutePath();
    Files.createDirectories(room);
    for (String name : List.of("package.json", "facade-check.js")) {
      Files.writeString(room.resolve(name), Files.readString(SCRIPT.resolve(name)));
    }
    assumeTrue(
        ran(room, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund") == 0,
        "npm is not at hand, or cannot install fhirclient");
    assertThat(ran(room, "node", "facade-check.js", base()))
        .as(() -> read(room.resolve("node.err")))
        .isZero();
    return read(room.resolve("node.out"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "nothing";
    }
  }

  /** The exit code; -1 if there is no such program, or it takes too long. */
  private static int ran(Path room, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(room.toFile())
              .redirectOutput(room.resolve(command[0] + ".out").toFile())
              .redirectError(room.resolve(command[0] + ".err").toFile())
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException noSuchProgram) {
      return -1;
    }
  }

  /** What curl prints, with the headers before it. */
  private static String curl(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("curl", "-q", "--noproxy", "*", "-s", "-i", "--max-time", "20"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  private static boolean hasCurl() throws InterruptedException {
    try {
      return new ProcessBuilder("curl", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException none) {
      return false;
    }
  }

  @Test
  void plainCurlReadsSearchesFilesAndPatches() throws Exception {
    assumeTrue(hasCurl(), "there is no curl");
    assertThat(curl(base() + "/Patient/12990001"))
        .startsWith("HTTP/1.1 200")
        .contains("application/fhir+json", "ZZTESTMILLER");
    assertThat(curl("-G", base() + "/Patient", "--data-urlencode", "identifier=9900101"))
        .contains("\"total\":1");
    assertThat(curl(base() + "/Patient?shoe-size=44"))
        .startsWith("HTTP/1.1 400")
        .contains("shoe-size");
    assertThat(curl("-H", "Accept: application/fhir+xml", base() + "/Patient/12990001"))
        .startsWith("HTTP/1.1 406");

    String document =
        "{\"resourceType\":\"DocumentReference\",\"status\":\"current\",\"docStatus\":\"final\","
            + "\"type\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"11506-3\"}]},"
            + "\"subject\":{\"reference\":\"Patient/12990001\"},\"content\":[{\"attachment\":{"
            + "\"contentType\":\"text/plain;charset=utf-8\",\"title\":\"By curl\",\"data\":\"SGk=\"}}],"
            + "\"context\":{\"period\":{\"end\":\"2026-11-20T10:00:00Z\"}}}";
    String filed =
        curl(
            "-H",
            "Content-Type: application/fhir+json",
            "-d",
            document,
            base() + "/DocumentReference");
    assertThat(filed).startsWith("HTTP/1.1 201").containsIgnoringCase("\nLocation: " + base());

    Matcher version =
        Pattern.compile("(?i)\\netag: (W/\"\\d+\")").matcher(curl(base() + "/Patient/12990005"));
    assertThat(version.find()).isTrue();
    String patch = "[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"other\"}]";
    String[] patching = {
      "-X",
      "PATCH",
      "-H",
      "Content-Type: application/json-patch+json",
      "-H",
      "If-Match: " + version.group(1),
      "-d",
      patch,
      base() + "/Patient/12990005"
    };
    assertThat(curl(patching)).startsWith("HTTP/1.1 200");
    assertThat(curl(patching)).as("the version has gone up").startsWith("HTTP/1.1 409");
  }

  /** The commands that README.md gives, before an engine at another port. */
  @Test
  void theCommandsOfTheReadmeDoWhatItSays() throws Exception {
    assumeTrue(hasCurl(), "there is no curl");
    List<String> lines =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("curl "))
            .toList();
    assertThat(lines).hasSize(2);
    List<String> answers = new ArrayList<>();
    for (String line : lines) {
      String here = line.replace("127.0.0.1:8080", "127.0.0.1:" + engine.httpPort());
      Process process =
          new ProcessBuilder(
                  "sh", "-c", here.replace("curl ", "curl -q --noproxy '*' --max-time 20 -sf "))
              .start();
      answers.add(new String(process.getInputStream().readAllBytes(), UTF_8));
      assertThat(process.waitFor()).as(here).isZero();
    }
    assertThat(answers.get(0)).contains("CapabilityStatement");
    assertThat(answers.get(1)).contains("\"resourceId\":\"12990001\"");
  }
}

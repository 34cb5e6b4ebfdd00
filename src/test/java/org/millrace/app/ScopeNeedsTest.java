package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Permission.Interaction;
import org.millrace.cerner.WantedScopes;
import org.millrace.journal.Feed;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.rest.HttpNeeds;

class ScopeNeedsTest {
  private static final Map<String, Set<Permission>> HTTP = http();
  private static final Set<Feed> FEEDS =
      Set.of(feed("queries", "QRY^A19"), feed("results", "ORU^R01"));

  private final ScopeNeeds needs =
      new ScopeNeeds(FEEDS, Set.of("fhirFace", "actionsFace", "fhirFace-north"), "", HTTP);

  private static Map<String, Set<Permission>> http() {
    try {
      return HttpNeeds.all(new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner"));
    } catch (RuleFaultsException faults) {
      throw new IllegalStateException(faults);
    }
  }

  private static Feed feed(String name, String type) {
    return new Feed(name, Set.of(type), ZoneOffset.UTC, Optional.empty());
  }

  @Test
  void whatTheEngineAsksForByItselfIsEnoughForAllItCanDo() {
    for (String scopes : List.of(WantedScopes.v1(), WantedScopes.v2())) {
      assertThat(needs.missing(List.of(scopes.split(" ", -1)))).as(scopes).isEmpty();
    }
    assertThat(needs.missing(List.of("system/*.read", "system/*.write"))).isEmpty();
    assertThat(needs.missing(List.of("system/*.cruds"))).isEmpty();
  }

  @Test
  void aMissingScopeIsToldInItsOwnKindWithWhatFailsWithoutIt() {
    assertThat(needs.missing(List.of("system/Patient.read", "system/Encounter.read")))
        .contains(
            "system/DocumentReference.write was not granted: without it fails"
                + " /actions/create-document, /actions/update-document,"
                + " /fhir/r4/DocumentReference, feed results")
        .anyMatch(line -> line.startsWith("system/DocumentReference.read was not granted"))
        .noneMatch(line -> line.startsWith("system/Encounter.read"));
    assertThat(needs.missing(List.of("system/Patient.rs", "system/Encounter.r")))
        .anyMatch(
            line ->
                line.startsWith("system/Encounter.s was not granted")
                    && line.contains("feed queries")
                    && line.contains("feed results"))
        .noneMatch(line -> line.startsWith("system/Encounter.r "));
  }

  @Test
  void onlyWhatRouteFilesOpenNeedsAnything() {
    List<String> none = List.of("launch");
    assertThat(new ScopeNeeds(FEEDS, Set.of("hl7Face"), "", HTTP).missing(none))
        .isNotEmpty()
        .noneMatch(line -> line.contains("/fhir/r4") || line.contains("/actions"));
    assertThat(
            new ScopeNeeds(FEEDS, Set.of("fhirFace", "fhirFace-north"), "north", HTTP)
                .missing(none))
        .isNotEmpty()
        .allMatch(line -> line.contains("/t/north/fhir/r4/"))
        .noneMatch(line -> line.contains("feed "));
    assertThat(new ScopeNeeds(FEEDS, Set.of("fhirFace"), "south", HTTP).missing(none)).isEmpty();
  }

  @Test
  void aScopeOfAPersonOrOfAnotherTypeGivesNothing() {
    Permission reading = new Permission("Patient", Interaction.READ);
    assertThat(List.of("system/Patient.read", "system/Patient.r", "system/Patient.cruds?a=b"))
        .allMatch(reading::isGivenBy);
    assertThat(
            List.of(
                "user/Patient.read",
                "system/PatientX.read",
                "system/Patient.write",
                "system/Patient.s",
                "system/Patient.",
                "launch"))
        .noneMatch(reading::isGivenBy);
  }

  @Test
  void anEngineToldToSignInSaysWhatIsMissingBeforeAnybodyNeedsIt(@TempDir Path data)
      throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine =
            bench.engine(data, Map.of("MILLRACE_SCOPES", "system/Patient.read user/x.read"))) {
      String health = "http://127.0.0.1:" + engine.managementPort() + "/health";
      assertThat(missing(health)).isEmpty();

      engine.signIn();

      await()
          .untilAsserted(
              () ->
                  assertThat(missing(health))
                      .anyMatch(
                          each ->
                              each.asText().contains("system/DocumentReference.write")
                                  && each.asText().contains("feed oru-r01")));
      assertThat(bench.asked()).isEmpty();
      await().untilAsserted(() -> assertThat(bench.paths()).contains("metadata"));
    }
  }

  private static JsonNode missing(String health) {
    return SandboxBench.json(SandboxBench.get(health).body()).at("/cerner/missingScopes");
  }
}

package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is laid over the files of all for one tenant, and over that for one of its senders. */
final class TenantFilesTest {
  private static final String SEX =
      "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred";
  private static final String NAMES = "namespace_id,universal_id,universal_id_type,uri";

  private MappingFolder folder;

  @BeforeEach
  void copyTheMappings(@TempDir Path path) throws IOException {
    folder = new MappingFolder(path);
    folder.copyOurs();
  }

  private void sex(String layer, String... codes) throws IOException {
    StringBuilder rows = new StringBuilder(SEX);
    for (int i = 0; i < codes.length; i += 2) {
      rows.append(
          "\n%s,,%s,http://hl7.org/fhir/administrative-gender,,v2-to-fhir,"
              .formatted(codes[i], codes[i + 1]));
    }
    folder.write(
        layer + "/tables/HL70001.csv", "# source: a test", "# extends: HL70001", rows.toString());
  }

  private void pid(String layer, String... rules) throws IOException {
    folder.write(
        layer + "/segments/PID.yaml",
        "extends: segments/PID.yaml",
        "source: a test",
        "rules:",
        String.join("\n", rules));
  }

  private void names(String layer, String... lines) throws IOException {
    folder.write(
        layer + "/tables/namespaces.csv", "# source: a test", NAMES, String.join("\n", lines));
  }

  private Mappings mappings() {
    return Maps.load(folder.path());
  }

  private List<String> faults() {
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder.path()));
    return faults.faults().stream().map(RuleFault::toString).toList();
  }

  private List<String> warnings() {
    return mappings().warnings().stream().map(RuleFault::toString).toList();
  }

  private static ObjectNode patient(Mappings mappings, String sender, String pid) {
    MappingRun run =
        new Mapper(mappings)
            .map(Maps.message("ADR^A19", pid), new MappingContext(Maps.ZONE, sender, Map.of()));
    return Maps.resource(run, "Patient");
  }

  private static String gender(Mappings mappings, String sender, String code) {
    return patient(mappings, sender, "PID|1||A1^^^MRN||X^Y|||" + code).path("gender").asText();
  }

  @Test
  void aTenantsFilesLieOverThoseOfAllAndASendersOverThese() throws IOException {
    sex("tenants/north", "W", "female", "X", "female");
    sex("tenants/south", "W", "male");
    sex("senders/LAB@HOSP", "X", "other");
    pid(
        "tenants/north",
        "  - { v2: PID-12, fhir: \"address[0].state\", direction: v2-to-fhir }",
        "  - { v2: PID-26, fhir: \"address[0].text\", direction: v2-to-fhir }");
    pid("senders/LAB@HOSP", "  - { v2: PID-12, fhir: \"address[0].city\", direction: v2-to-fhir }");
    Mappings all = mappings();
    Mappings north = all.ofTenant("north");

    assertThat(all.tenants()).containsExactly("north", "south");
    assertThat(gender(north, "", "W")).isEqualTo("female");
    assertThat(gender(north, "", "F")).isEqualTo("female");
    assertThat(gender(north, "LAB@HOSP", "W")).isEqualTo("female");
    assertThat(gender(north, "LAB@HOSP", "X")).isEqualTo("other");
    assertThat(gender(north, "", "X")).isEqualTo("female");
    assertThat(gender(all.ofTenant("south"), "", "W")).isEqualTo("male");
    assertThat(gender(all.ofTenant("south"), "", "X")).isEmpty();
    assertThat(gender(all, "", "W")).isEmpty();
    assertThat(gender(all, "LAB@HOSP", "X")).isEqualTo("other");

    String pid = "PID|1||A1^^^MRN||X^Y|||||||Jackson||||||||||||||US";
    assertThat(patient(north, "", pid).at("/address/0/state").asText()).isEqualTo("Jackson");
    ObjectNode both = patient(north, "LAB@HOSP", pid);
    assertThat(both.at("/address/0/city").asText()).isEqualTo("Jackson");
    assertThat(both.at("/address/0/text").asText()).isEqualTo("US");
    assertThat(both.at("/address/0").has("state")).isFalse();
    assertThat(patient(all, "LAB@HOSP", pid).at("/address/0").has("text")).isFalse();
    assertThat(patient(all, "", pid).at("/address/0").has("state")).isFalse();
  }

  @Test
  void aTenantWithoutFilesIsMappedByThoseOfAll() throws IOException {
    sex("tenants/north", "W", "female");
    Mappings all = mappings();
    assertThat(all.ofTenant("")).isSameAs(all);
    assertThat(all.ofTenant("south")).isSameAs(all);
  }

  @Test
  void aTenantsNamespacesTellWhichPatientIsMeantAndASendersDoNot() throws IOException {
    names("tenants/north", "HOSP,,,urn:oid:1.2.840.1", "MRN,,,urn:oid:1.2.840.2");
    names("senders/LAB@HOSP", "HOSP,,,urn:oid:1.2.840.3");
    Mappings all = mappings();
    Mappings north = all.ofTenant("north");

    assertThat(north.namespaces().uri("HOSP", "", "")).contains("urn:oid:1.2.840.1");
    assertThat(north.namespaces().uri("MRN", "", "")).contains("urn:oid:1.2.840.2");
    assertThat(north.namespaces().uri("CERNER-MRN", "", ""))
        .contains("urn:oid:2.16.840.1.113883.6.1000");
    assertThat(all.namespaces().uri("HOSP", "", "")).isEmpty();
    assertThat(all.namespaces().uri("MRN", "", "")).contains("urn:oid:2.16.840.1.113883.6.1000");

    String pid = "PID|1||A1^^^HOSP||X^Y";
    assertThat(patient(north, "", pid).at("/identifier/0/system").asText())
        .isEqualTo("urn:oid:1.2.840.1");
    assertThat(patient(north, "LAB@HOSP", pid).at("/identifier/0/system").asText())
        .isEqualTo("urn:oid:1.2.840.3");
  }

  @Test
  void aTypeThatATenantsFileNamesGoesBeforeThatOfAllAndBehindASenders() throws IOException {
    String[] file = {"message: ADT^A08", "source: a test", "groups: []"};
    folder.write("tenants/north/messages/ADT_A08.yaml", file);
    folder.write("senders/LAB@HOSP/messages/ADT_OWN.yaml", file);
    Mappings north = mappings().ofTenant("north");
    assertThat(north.rulesFor("").messages().get("ADT^A08").where())
        .startsWith("tenants/north/messages/ADT_A08.yaml");
    assertThat(north.rulesFor("LAB@HOSP").messages().get("ADT^A08").where())
        .startsWith("senders/LAB@HOSP/messages/ADT_OWN.yaml");
    assertThat(mappings().rulesFor("").messages().get("ADT^A08").where())
        .startsWith("messages/ADT_A01.yaml");
  }

  @Test
  void whatATenantMapsBesidesIsMappedForItOnly() throws IOException {
    folder.write(
        "tenants/north/messages/BAR_P01.yaml", "message: BAR^P01", "source: a test", "groups: []");
    assertThat(mappings().ofTenant("north").isMapped("BAR^P01", "")).isTrue();
    assertThat(mappings().isMapped("BAR^P01", "")).isFalse();
  }

  @Test
  void whatAServerTakesHoldsForEachTenant() throws IOException {
    sex("tenants/north", "W", "female");
    Mapper mapper = new Mapper(mappings()).forTarget("cerner");
    Mapper north = mapper.ofTenant("north");
    assertThat(north.mappings().targets()).isEqualTo(mapper.mappings().targets());
    assertThat(north.calls()).isEqualTo(mapper.calls());
    ObjectNode location = Maps.json("{'resourceType':'Location','name':'Ward'}");
    assertThat(north.checkCreate(location.deepCopy()))
        .isNotEmpty()
        .isEqualTo(mapper.checkCreate(location));
  }

  @Test
  void eachTenantsTableIsAskedForACodeAndIsTheOneToBeMended() throws IOException {
    sex("tenants/north", "W", "female");
    sex("senders/LAB@HOSP", "X", "other");
    names("tenants/north", "HOSP,,,urn:oid:1.2.840.1");
    Mappings all = mappings();
    Mappings north = all.ofTenant("north");

    assertThat(north.knows("LAB@HOSP", "HL70001", "W", "")).isTrue();
    assertThat(north.knows("LAB@SOUTH", "HL70001", "X", "")).isFalse();
    assertThat(all.knows("LAB@HOSP", "HL70001", "W", "")).isFalse();
    assertThat(north.knows("LAB@HOSP", "namespaces", "HOSP", "")).isTrue();
    assertThat(all.knows("LAB@HOSP", "namespaces", "HOSP", "")).isFalse();

    assertThat(north.tableFile("LAB@HOSP", "HL70001"))
        .contains("senders/LAB@HOSP/tables/HL70001.csv");
    assertThat(north.tableFile("LAB@SOUTH", "HL70001"))
        .contains("tenants/north/tables/HL70001.csv");
    assertThat(north.tableFile("LAB@SOUTH", "HL70002")).contains("tables/HL70002.csv");
    assertThat(all.tableFile("LAB@SOUTH", "HL70001")).contains("tables/HL70001.csv");
    assertThat(all.tableFile("../tenants/north", "HL70001")).contains("tables/HL70001.csv");
    assertThat(all.tableFile("LAB@HOSP", "../tables/HL70001")).isEmpty();
    assertThat(all.tableFile("LAB@HOSP", "NONE")).isEmpty();
  }

  @Test
  void faultsOfATenantsFilesAreToldOnceWithTheirLine() throws IOException {
    pid("tenants/north", "  - { v2: PID-99, fhir: gender }", "  - { v2: PID-8, fhir: nothing }");
    sex("tenants/south", "W", "womanly");
    sex("senders/LAB@HOSP", "W", "female");
    assertThat(faults())
        .hasSize(3)
        .anySatisfy(each -> assertThat(each).startsWith("tenants/north/segments/PID.yaml:4: "))
        .anySatisfy(each -> assertThat(each).startsWith("tenants/north/segments/PID.yaml:5: "))
        .anySatisfy(each -> assertThat(each).startsWith("tenants/south/tables/HL70001.csv:4: "))
        .noneSatisfy(each -> assertThat(each).contains("This holds for"));
  }

  @Test
  void aSendersFilesMustFitOverThoseOfTheTenantThatItsMessagesAreFor() throws Exception {
    pid(
        "tenants/north",
        "  - { v2: PID-31, fhir: \"address[0].text\", instead-of: PID-12, direction: v2-to-fhir }");
    pid(
        "senders/LAB@HOSP",
        "  - { v2: PID-32, fhir: \"address[0].city\", instead-of: PID-12, direction: v2-to-fhir }");
    Mappings all = mappings();
    all.check((tenant, sender) -> sender.equals("LAB@SOUTH"));
    RuleFaultsException faults =
        catchThrowableOfType(
            RuleFaultsException.class,
            () ->
                all.check((tenant, sender) -> tenant.equals("north") && sender.equals("LAB@HOSP")));
    assertThat(faults.faults())
        .extracting(RuleFault::toString)
        .containsExactly(
            "senders/LAB@HOSP/segments/PID.yaml:4: No rule of the file of all is for this place."
                + " This holds for tenants/north/.");
    assertThat(gender(all, "LAB@HOSP", "F")).isEqualTo("female");
    assertThat(gender(all.ofTenant("north"), "", "F")).isEqualTo("female");
    assertThatThrownBy(() -> gender(all.ofTenant("north"), "LAB@HOSP", "F"))
        .isInstanceOf(UnfitMappingsException.class)
        .hasMessageContaining("senders/LAB@HOSP/segments/PID.yaml:4");
  }

  @Test
  void whatNothingWouldReadOfATenantsFolderIsAFault() throws IOException {
    folder.write("tenants/README.yaml", "source: a test");
    folder.write("tenants/North/tables/x.csv", "a");
    folder.write("tenants/north/sender.yaml", "source: a test");
    folder.write("tenants/north/targets/cerner.yaml", "target: cerner");
    folder.write("tenants/north/segmets/PID.yaml", "source: a test");
    folder.write("tenants/north/senders/LAB@HOSP/tables/x.csv", "a");
    String name =
        ":1: A tenant's files stand in a folder of its name, as MILLRACE_TENANTS has it: small"
            + " letters, digits and dashes.";
    String holds =
        ":1: A tenant's folder holds actions/, datatypes/, messages/, segments/ and tables/; what a"
            + " target takes holds for all tenants, and senders/ stands beside tenants/.";
    assertThat(faults())
        .containsExactlyInAnyOrder(
            "tenants/README.yaml" + name,
            "tenants/North/tables/x.csv" + name,
            "tenants/north/sender.yaml" + holds,
            "tenants/north/targets/cerner.yaml" + holds,
            "tenants/north/segmets/PID.yaml" + holds,
            "tenants/north/senders/LAB@HOSP/tables/x.csv" + holds);
  }

  @Test
  void whatCountsForNothingInATenantsFolderIsWarnedOf() throws IOException {
    folder.write("tenants/north/tables/own.csv", "# source: a test", SEX, "A,,,,,,");
    folder.write(
        "tenants/north/tables/kept.csv",
        "# source: a test",
        "# kept-for: a rule that is to come",
        SEX,
        "A,,,,,,");
    folder.write(
        "tenants/north/tables/sex.csv", "# source: a test", "# extends: HL70001", SEX, "W,,,,,,");
    pid("tenants/south", "  - { v2: PID-12, fhir: \"address[0].state\", direction: v2-to-fhir }");
    // It says the same as that tenant's, and something else to all others.
    pid(
        "senders/LAB@HOSP",
        "  - { v2: PID-12, fhir: \"address[0].state\", direction: v2-to-fhir }");
    folder.write(
        "tenants/west/segments/PD1.yaml",
        "extends: segments/PD1.yaml",
        "source: a test",
        "rules: []");
    assertThat(warnings())
        .containsExactlyInAnyOrder(
            "tenants/north/tables/own.csv:1: No rule names this table, and no kept-for says what it"
                + " is here for.",
            "tenants/west/segments/PD1.yaml:1: This file changes nothing.");
  }
}

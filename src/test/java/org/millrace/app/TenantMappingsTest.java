package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.console.Browser;
import org.millrace.mapping.RuleFaultsException;

/** One code and one authority that mean something else in each of two hospitals. */
final class TenantMappingsTest {
  private static final String IMAGE = "18748-4";
  private static final String OBR = "segments/OBR.yaml";
  private static final String ULTRASOUND = "11525-3";

  @TempDir private Path home;
  @TempDir private Path data;
  private TenantBench bench;

  @BeforeEach
  void start() throws Exception {
    bench = TenantBench.start(home);
    tenant("north", IMAGE, "WARDS");
    tenant("south", ULTRASOUND, "CLINICS");
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private void tenant(String name, String image, String authority) throws Exception {
    bench.file(
        name,
        "tables/document-type.csv",
        "# source: the hospital's list",
        "# extends: document-type",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
        "XR,Image of the day," + image + ",http://loinc.org,Image,v2-to-fhir,");
    bench.file(
        name,
        "tables/namespaces.csv",
        "# source: the hospital's list",
        "namespace_id,universal_id,universal_id_type,uri",
        authority + ",,,urn:oid:2.16.840.1.113883.6.1000");
  }

  private static String image(String tenant, String controlId, String authority) {
    return TenantBench.from(tenant, Typed.result(controlId, "F" + controlId))
        .replace(Typed.MRN_AUTHORITY, authority)
        .replace("LABSYS|11506-3^Progress note^LN", "LABSYS|XR^Seen on the ward^L");
  }

  private static String query(String tenant, String controlId, String authority) {
    return TenantBench.from(tenant, Typed.query(controlId, "9900101"))
        .replace(Typed.MRN_AUTHORITY, authority);
  }

  private void filed(String tenant, String title, String type) {
    await().untilAsserted(() -> assertThat(bench.typeOf(tenant, title)).contains(type));
  }

  @Test
  void messagesAndQueriesAreReadByTheFilesOfTheirTenant() throws Exception {
    try (Engine engine = bench.engine(data);
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(socket.exchange(image("north", "N1", "WARDS"))).contains("MSA|AA|N1");
      assertThat(socket.exchange(image("south", "S1", "CLINICS"))).contains("MSA|AA|S1");
      filed("north", "FN1", IMAGE);
      filed("south", "FS1", ULTRASOUND);

      assertThat(socket.exchange(query("north", "Q1", "WARDS"))).contains("ZZTESTMILLER");
      assertThat(socket.exchange(query("south", "Q2", "CLINICS"))).contains("ZZTESTMILLER");
      assertThat(socket.exchange(query("south", "Q3", "WARDS")))
          .contains("MSA|AE|Q3", "QRD^1^8")
          .doesNotContain("ZZTESTMILLER");

      // Whose patient it is cannot be told by another hospital's authority.
      socket.exchange(image("south", "S2", "WARDS"));
      await().until(() -> SandboxBench.standing(engine.managementPort(), "HELD") == 1);
      assertThat(bench.typeOf("south", "FS2")).isEmpty();
    }
  }

  @Test
  void actionsBelowThePathOfATenantAreMappedByItsFiles() throws Exception {
    try (Engine engine = bench.engine(data)) {
      for (String tenant : List.of("north", "south")) {
        HttpResponse<String> made =
            SandboxBench.post(
                "http://127.0.0.1:"
                    + engine.httpPort()
                    + "/t/"
                    + tenant
                    + "/actions/create-document",
                "application/json",
                "{\"patientResourceId\":\"12990001\",\"note\":\"Seen.\",\"title\":\"BYACTION\","
                    + "\"type\":\"Image of the day\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      }
      assertThat(bench.typeOf("north", "BYACTION")).contains(IMAGE);
      assertThat(bench.typeOf("south", "BYACTION")).contains(ULTRASOUND);
      HttpResponse<String> unnamed =
          SandboxBench.post(
              "http://127.0.0.1:" + engine.httpPort() + "/actions/create-document",
              "application/json",
              "{\"patientResourceId\":\"12990001\",\"note\":\"Seen.\",\"type\":\"Image of the"
                  + " day\"}");
      assertThat(unnamed.statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aTenantMayHaveAnActionThatNobodyElseHas() throws Exception {
    String action = Files.readString(home.resolve("mappings/actions/get-patient.yaml"));
    bench.file(
        "north",
        "actions/get-person.yaml",
        action.replace("action: get-patient", "action: get-person"));
    try (Engine engine = bench.engine(data)) {
      String root = "http://127.0.0.1:" + engine.httpPort();
      String asked = "{\"resourceId\":\"12990001\"}";
      for (String path : List.of("/t/south/actions", "/actions")) {
        HttpResponse<String> none =
            SandboxBench.post(root + path + "/get-person", "application/json", asked);
        assertThat(none.statusCode()).as(path).isEqualTo(404);
      }
      HttpResponse<String> read =
          SandboxBench.post(root + "/t/north/actions/get-person", "application/json", asked);
      assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    }
  }

  @Test
  void aStrictFeedJudgesByTheFilesOfItsTenant() throws Exception {
    bench.file(
        "south",
        "segments/OBR.yaml",
        "segment: OBR",
        "resource: DocumentReference",
        "extends: segments/OBR.yaml",
        "source: a test",
        "rules:",
        "  - { v2: OBR-4, fhir: type, function: document-type, table: document-type, unknown: hold,"
            + " direction: v2-to-fhir }");
    for (String name : List.of("north", "south")) {
      Path feed = home.resolve("routes/results-" + name + ".camel.yaml");
      Files.writeString(
          feed, Files.readString(feed).replace("messages:", "strict: true\n        messages:"));
    }
    try (Engine engine = bench.engine(data);
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String other = image("south", "S1", "CLINICS").replace("|XR^", "|ZZ^");
      assertThat(socket.exchange(other)).contains("MSA|AE|S1", "OBR^1^4");
      assertThat(socket.exchange(other.replace("|SOUTH|", "|NORTH|"))).contains("MSA|AA|S1");
    }
  }

  @Test
  void theConsoleMapsAMessageByTheFilesOfItsTenant() throws Exception {
    try (Engine engine = bench.engine(data);
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(image("north", "N1", "WARDS"));
      filed("north", "FN1", IMAGE);
      Browser browser = new Browser(engine.consolePort().orElseThrow());
      browser.page("/workbench");
      Map<String, String> journal = Map.of("message", "1", "file", "", "rules", "");
      assertThat(browser.post("/workbench", journal).body())
          .contains("tenants/north/tables/document-type.csv");
      assertThat(pasted(browser, image("south", "S1", "CLINICS")))
          .contains(ULTRASOUND)
          .doesNotContain(IMAGE);
      assertThat(pasted(browser, image("north", "S1", "WARDS")))
          .contains(IMAGE)
          .doesNotContain(ULTRASOUND);
      browser.page("/workbench");
      String table = "tenants/south/tables/document-type.csv";
      Map<String, String> changed =
          Map.of(
              "pasted",
              image("south", "S1", "CLINICS").replace('\r', '\n'),
              "file",
              table,
              "open",
              table,
              "rules",
              Files.readString(home.resolve("mappings/" + table)).replace(ULTRASOUND, "34752-6"));
      assertThat(browser.post("/workbench", changed).body()).contains("34752-6", ULTRASOUND);

      browser.page("/messages/1");
      assertThat(browser.post("/messages/1/show", Map.of("tab", "fhir")).body()).contains(IMAGE);
      assertThat(browser.page("/replay?most=20")).contains("same as was sent");
    }
  }

  private static String pasted(Browser browser, String message) throws Exception {
    browser.page("/workbench");
    return browser
        .post("/workbench", Map.of("pasted", message.replace('\r', '\n'), "file", "", "rules", ""))
        .body();
  }

  @Test
  void aSendersFilesThatDoNotFitOverThoseOfItsTenantStopTheStart() throws Exception {
    bench.file("north", OBR, overlaid("OBR-13, fhir: type.text, instead-of: OBR-4"));
    Path sender = home.resolve("mappings/senders/LABSYS@SOUTH/" + OBR);
    Files.createDirectories(sender.getParent());
    Files.writeString(sender, overlaid("OBR-20, fhir: description, instead-of: OBR-4"));
    bench.engine(data).close();

    Path own = home.resolve("mappings/senders/LABSYS@NORTH/" + OBR);
    Files.createDirectories(own.getParent());
    Files.copy(sender, own);
    assertThatThrownBy(() -> bench.engine(data))
        .isInstanceOf(RuleFaultsException.class)
        .hasMessage(
            "senders/LABSYS@NORTH/segments/OBR.yaml:6: No rule of the file of all is for this"
                + " place. This holds for tenants/north/.");
  }

  private static String overlaid(String rule) {
    return """
        segment: OBR
        resource: DocumentReference
        extends: segments/OBR.yaml
        source: a test
        rules:
          - { v2: %s, direction: v2-to-fhir }
        """
        .formatted(rule);
  }

  @Test
  void theWorkbenchTellsWhatWouldNotFitOverATenantsFiles() throws Exception {
    bench.file("north", OBR, overlaid("OBR-13, fhir: type.text"));
    Path sender = home.resolve("mappings/senders/LABSYS@NORTH/" + OBR);
    Files.createDirectories(sender.getParent());
    Files.writeString(sender, overlaid("OBR-20, fhir: description, instead-of: OBR-4"));
    try (Engine engine = bench.engine(data)) {
      Browser browser = new Browser(engine.consolePort().orElseThrow());
      browser.page("/workbench");
      String file = "tenants/north/" + OBR;
      String rules = overlaid("OBR-13, fhir: type.text, instead-of: OBR-4");
      Map<String, String> form = Map.of("file", file, "open", file, "rules", rules);
      assertThat(browser.post("/workbench", form).body())
          .contains("No rule of the file of all is for this place. This holds for tenants/north/.");
    }
  }

  @Test
  void filesOfATenantThatSettingsDoNotNameStopTheStart() throws Exception {
    bench.file("west", "tables/empty.csv", "");
    Files.createDirectories(home.resolve("mappings/tenants/east"));
    FeedHome.ofTenant(home, "notes", "MDM^T02", "storeAndAcknowledge", "tenant: nowhere");
    assertThatThrownBy(() -> bench.engine(data))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("feed notes is of the tenant nowhere")
        .hasMessageContaining(
            "mappings/tenants/east: MILLRACE_TENANTS does not name this tenant;"
                + " mappings/tenants/west: MILLRACE_TENANTS does not name this tenant");
  }
}

package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.server.RestfulServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.ResourceCalls.Interaction;

/**
 * Every interaction that the CapabilityStatement lists, at HAPI FHIR's own server: it answers with
 * bodies, versions in Location and links of its own, where Cerner does not.
 */
final class ForeignFacadeTest {
  private static final String FHIR_JSON = "application/fhir+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is created and put in the place of another, by type. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("Organization", "{'resourceType':'Organization','name':'Foreign'}"),
          Map.entry(
              "Practitioner", "{'resourceType':'Practitioner','name':[{'family':'Foreign'}]}"),
          Map.entry("Patient", "{'resourceType':'Patient','name':[{'family':'ZZTESTFOREIGN'}]}"),
          Map.entry(
              "Encounter",
              "{'resourceType':'Encounter','status':'planned','class':{'code':'AMB'},"
                  + "'subject':{'reference':'Patient/p1'}}"),
          Map.entry(
              "Appointment",
              "{'resourceType':'Appointment','status':'booked','participant':[{'status':'accepted',"
                  + "'actor':{'reference':'Patient/p1'}}]}"),
          Map.entry(
              "DocumentReference",
              "{'resourceType':'DocumentReference','status':'current',"
                  + "'subject':{'reference':'Patient/p1'},"
                  + "'content':[{'attachment':{'contentType':'text/plain','data':'V2VsbC4='}}]}"),
          Map.entry(
              "Observation",
              "{'resourceType':'Observation','status':'final','code':{'text':'weight'},"
                  + "'subject':{'reference':'Patient/p1'}}"),
          Map.entry(
              "AllergyIntolerance",
              "{'resourceType':'AllergyIntolerance','patient':{'reference':'Patient/p1'}}"),
          Map.entry(
              "Condition", "{'resourceType':'Condition','subject':{'reference':'Patient/p1'}}"),
          Map.entry(
              "Immunization",
              "{'resourceType':'Immunization','status':'completed','vaccineCode':{'text':'flu'},"
                  + "'occurrenceDateTime':'2026-11-20','patient':{'reference':'Patient/p1'}}"),
          Map.entry(
              "RelatedPerson",
              "{'resourceType':'RelatedPerson','patient':{'reference':'Patient/p1'}}"),
          Map.entry(
              "MedicationRequest",
              "{'resourceType':'MedicationRequest','status':'active','intent':'plan',"
                  + "'medicationCodeableConcept':{'text':'aspirin'},"
                  + "'subject':{'reference':'Patient/p1'}}"),
          Map.entry(
              "Coverage",
              "{'resourceType':'Coverage','status':'active','payor':[{'display':'x'}],"
                  + "'beneficiary':{'reference':'Patient/p1'}}"));

  private static final Map<String, String> PATCHES =
      Map.of(
          "RelatedPerson",
          "[{'op':'add','path':'/telecom/-','value':{'system':'phone','value':'1'}}]",
          "MedicationRequest",
          "[{'op':'replace','path':'/status','value':'stopped'}]",
          "Coverage",
          "[{'op':'replace','path':'/dependent','value':'2'}]",
          "Patient",
          "[{'op':'add','path':'/telecom/-','value':{'system':'phone','value':'1'}}]",
          "Encounter",
          "[{'op':'replace','path':'/period/end','value':'2026-11-20T10:00:00Z'}]",
          "Appointment",
          "[{'op':'replace','path':'/status','value':'arrived'}]",
          "Slot",
          "[{'op':'replace','path':'/status','value':'busy-tentative'}]");

  /** Of the types that are not searched by their own id. */
  private static final Map<String, String> SEARCHES =
      Map.of("Coverage", "patient=p1", "Slot", "_id=one");

  @TempDir static Path data;
  private static final Server SERVER = new Server();
  private static Engine engine;
  private static List<ResourceCalls> types;

  /** What else a server may be asked for. */
  public static final class Summaries {
    private final String base;

    Summaries(String base) {
      this.base = base;
    }

    @Operation(name = "$docref", idempotent = true, typeName = "DocumentReference")
    public Bundle docref(@OperationParam(name = "patient") StringType patient) {
      DocumentReference document = new DocumentReference();
      document
          .addContent()
          .getAttachment()
          .setUrl(base + "/Binary/$autogen-ccd-if?patient=" + patient.getValue());
      Bundle bundle = new Bundle().setType(Bundle.BundleType.SEARCHSET);
      bundle.addEntry().setResource(document);
      return bundle;
    }

    @Operation(name = "$autogen-ccd-if", idempotent = true, typeName = "Binary")
    public Binary summary(@OperationParam(name = "patient") StringType patient) {
      Binary binary = new Binary().setContentType("application/xml");
      binary.setData(patient.getValue().getBytes(StandardCharsets.UTF_8));
      return binary;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    types = new Mapper(Mappings.load(Path.of("mappings"))).forTarget("none").calls().resources();
    ServerConnector connector = new ServerConnector(SERVER);
    connector.setHost("127.0.0.1");
    connector.open();
    String base = "http://127.0.0.1:" + connector.getLocalPort() + "/base";
    List<Object> providers = new ArrayList<>();
    for (ResourceCalls each : types) {
      Resource one =
          (Resource) FhirContext.forR4Cached().getResourceDefinition(each.type()).newInstance();
      PlainResources resources = new PlainResources(one.getClass());
      resources.put("one", 1, one);
      providers.add(resources);
    }
    providers.add(new Summaries(base));
    RestfulServer fhir = new RestfulServer(FhirContext.forR4Cached());
    fhir.registerProviders(providers);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(fhir), "/base/*");
    SERVER.addConnector(connector);
    SERVER.setHandler(context);
    SERVER.start();
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_AUTH", "none");
    values.put("MILLRACE_FHIR_BASE_URL", base);
    values.put("MILLRACE_MRN_SYSTEM", "http://hospital.example/numbers");
    values.put("MILLRACE_TARGET", "none");
    values.put("MILLRACE_MLLP_PORT", "0");
    values.put("MILLRACE_HTTP_PORT", "0");
    values.put("MILLRACE_MANAGEMENT_PORT", "0");
    values.put("MILLRACE_CONSOLE_PORT", "none");
    values.put("MILLRACE_DATA", data.toString());
    engine = SandboxBench.engine(values);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
    SERVER.stop();
  }

  private static String root() {
    return "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/";
  }

  @TestFactory
  List<DynamicTest> everyInteractionOfTheStatementIsServedThere() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode type : asked("GET", "metadata", "", "").at("/rest/0/resource")) {
      String name = type.path("type").asText();
      for (JsonNode interaction : type.path("interaction")) {
        String code = interaction.path("code").asText();
        tests.add(DynamicTest.dynamicTest(code + " " + name, () -> check(name, code)));
      }
      for (JsonNode operation : type.path("operation")) {
        String code = operation.path("name").asText();
        tests.add(DynamicTest.dynamicTest("$" + code, () -> checkOperation(name, code)));
      }
    }
    long listed =
        types.stream()
            .mapToLong(each -> each.interactions().size() + each.operations().size())
            .sum();
    assertThat(tests).hasSize((int) listed).hasSizeGreaterThanOrEqualTo(50);
    return tests;
  }

  private void check(String type, String code) throws Exception {
    if (code.equals(Interaction.READ.code())) {
      assertThat(asked("GET", type + "/one", "", "").path("id").asText()).isEqualTo("one");
    } else if (code.equals(Interaction.SEARCH.code())) {
      JsonNode bundle = asked("GET", type + "?" + SEARCHES.getOrDefault(type, "_id=one"), "", "");
      assertThat(bundle.path("type").asText()).isEqualTo("searchset");
      assertThat(bundle.path("entry")).isNotEmpty();
      assertThat(bundle.at("/entry/0/fullUrl").asText()).startsWith(root() + type + "/");
    } else if (code.equals(Interaction.CREATE.code())) {
      HttpResponse<String> created = send("POST", type, FHIR_JSON, "", BODIES.get(type));
      assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
      String location = created.headers().firstValue("Location").orElseThrow();
      assertThat(location).startsWith(root() + type + "/").doesNotContain("_history");
      assertThat(created.headers().firstValue("ETag")).contains("W/\"1\"");
      HttpResponse<String> stored = SandboxBench.get(location);
      assertThat(stored.statusCode()).isEqualTo(200);
      assertThat(stored.body())
          .as("no number that Cerner alone asks for")
          .doesNotContain("assigner");
    } else if (code.equals(Interaction.UPDATE.code())) {
      String body = BODIES.get(type).replaceFirst("',", "','id':'%s',");
      changes(type, "PUT", FHIR_JSON, body);
    } else {
      changes(type, "PATCH", "application/json-patch+json", PATCHES.get(type));
    }
  }

  /** Of one of its own, so that the order of the tests does not matter. */
  private void changes(String type, String method, String contentType, String body)
      throws Exception {
    String id = "one";
    if (BODIES.containsKey(type)) {
      String made =
          send("POST", type, FHIR_JSON, "", BODIES.get(type))
              .headers()
              .firstValue("Location")
              .orElseThrow();
      id = made.substring(made.lastIndexOf('/') + 1);
    }
    String sent = method.equals("PUT") ? body.formatted(id) : body;
    String etag =
        SandboxBench.get(root() + type + "/" + id).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> changed = send(method, type + "/" + id, contentType, etag, sent);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    // A patch need not tell the new version; reading does.
    assertThat(SandboxBench.get(root() + type + "/" + id).headers().firstValue("ETag"))
        .contains("W/\"2\"");
    HttpResponse<String> stale = send(method, type + "/" + id, contentType, etag, sent);
    assertThat(stale.statusCode()).isIn(409, 412);
  }

  private void checkOperation(String type, String name) throws Exception {
    String more = name.equals("docref") ? "&type=http://loinc.org%7C34133-9" : "";
    JsonNode answer = asked("GET", type + "/$" + name + "?patient=p1" + more, "", "");
    if (name.equals("docref")) {
      assertThat(answer.at("/entry/0/resource/content/0/attachment/url").asText())
          .isEqualTo(root() + "Binary/$autogen-ccd-if?patient=p1");
    } else {
      assertThat(answer.path("contentType").asText()).isEqualTo("application/xml");
    }
  }

  @Test
  void anActionCreatesAPatientOfNoOrganization() throws Exception {
    HttpResponse<String> created =
        SandboxBench.http(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + engine.httpPort() + "/actions/create-patient"))
                .header("Content-Type", "application/json")
                .method(
                    "POST",
                    BodyPublishers.ofString(
                        "{\"givenName\":\"ADA\",\"familyName\":\"ZZTESTNEW\"}")));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    String id = JSON.readTree(created.body()).path("resourceId").asText();
    assertThat(SandboxBench.get(root() + "Patient/" + id).body())
        .contains("ZZTESTNEW")
        .doesNotContain("assigner");
  }

  private static JsonNode asked(String method, String path, String contentType, String body)
      throws Exception {
    HttpResponse<String> answer = send(method, path, contentType, "", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<String> send(
      String method, String path, String contentType, String version, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root() + path))
            .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    if (!version.isEmpty()) {
      request.header("If-Match", version);
    }
    return SandboxBench.http(request);
  }
}

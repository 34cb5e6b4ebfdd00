package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.ResourceCalls;

class OpenApiTest {
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE");
  private static EngineInFrontOfSandbox engine;
  private static Map<String, RestHandler> handlers;
  private static JsonNode document;
  private static ActionRules rules;

  @BeforeAll
  static void start() throws IOException {
    rules = ActionRules.of(EngineInFrontOfSandbox.MAPPER, true);
    engine = EngineInFrontOfSandbox.start();
    handlers =
        Map.of(
            FhirFacade.MOUNT,
            engine.fhir,
            Actions.MOUNT,
            engine.actions,
            Hl7OverHttp.MOUNT,
            new Hl7OverHttp((message, caller, address) -> message),
            OpenApi.MOUNT,
            new OpenApi(rules));
    document = json(new OpenApi(rules).handle(request("GET", "", Map.of(), "")));
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void everyPathAndMethodOfItIsServedAndNoOtherMethodIs() {
    assertThat(document.path("openapi").asText()).isEqualTo("3.0.3");
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      Set<String> described = new TreeSet<>();
      path.getValue()
          .fieldNames()
          .forEachRemaining(name -> described.add(name.toUpperCase(Locale.ROOT)));
      Set<String> served = new TreeSet<>();
      for (String method : METHODS) {
        int status = ask(method, path.getKey());
        assertThat(status).as(method + " " + path.getKey()).isNotEqualTo(500);
        if (status != 404 && status != 405) {
          served.add(method);
        }
      }
      // A path whose name stands for an id is also read under names that are none.
      assertThat(served).as(path.getKey()).isEqualTo(described);
    }
  }

  @Test
  void aCreateNamesItsLocation() {
    for (String path : List.of("/actions/create-patient", "/actions/create-document")) {
      assertThat(document.at(pointer(path) + "/post/responses/201/headers/Location/schema/type"))
          .as(path)
          .hasToString("\"string\"");
    }
    for (String type : List.of("Patient", "DocumentReference")) {
      JsonNode headers = document.at(pointer("/fhir/r4/" + type) + "/post/responses/201/headers");
      assertThat(headers.fieldNames()).toIterable().contains("Location", "ETag");
    }
  }

  @Test
  void createsAndNothingElseTakeAKey() {
    Set<String> taking = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .forEach(
                        operation -> {
                          if (operation
                              .path("parameters")
                              .findValuesAsText("name")
                              .contains("Idempotency-Key")) {
                            taking.add(path.getKey());
                          }
                        }));
    assertThat(taking)
        .contains("/fhir/r4/Patient", "/actions/create-observation", "/actions/book-appointment")
        .doesNotContain("/actions/hold-slot", "/fhir/r4/Patient/{id}", "/fhir/r4/Patient/_search");
  }

  private static String pointer(String path) {
    return "/paths/" + path.replace("/", "~1");
  }

  @Test
  void everythingInTheTablesIsInIt() {
    List<String> paths = new ArrayList<>();
    document.path("paths").fieldNames().forEachRemaining(paths::add);
    for (ActionShape action : rules.actions()) {
      assertThat(paths).contains("/actions/" + action.name());
    }
    for (ResourceCalls type : rules.calls().resources()) {
      assertThat(paths).contains("/fhir/r4/" + type.type() + "/{id}");
    }
    assertThat(paths).contains("/fhir/r4/metadata", "/hl7", "/openapi.json");
  }

  @Test
  void theFieldsOfAnActionAreThoseOfItsMappingFile() {
    JsonNode create = document.at("/paths/~1actions~1create-document/post/requestBody");
    JsonNode fields = create.at("/content/application~1json/schema/properties");
    assertThat(fields.at("/contentType/default").asText()).isEqualTo("text/plain;charset=utf-8");
    assertThat(fields.at("/contentType/description").asText()).contains("application/pdf");
    assertThat(fields.at("/title/pattern").asText()).isEqualTo("^(.{1,215})$");
  }

  @Test
  void whatIsNotSetUpIsNotInIt() {
    ActionRules fewer = ActionRules.of(EngineInFrontOfSandbox.MAPPER, false);
    JsonNode without = json(new OpenApi(fewer).handle(request("GET", "", Map.of(), "")));
    assertThat(without.path("paths").fieldNames())
        .toIterable()
        .noneMatch(path -> path.contains("healtheintent"));
  }

  @Test
  void theFieldsOfAnActionAreThoseTheHandlerAsksFor() {
    for (ActionShape action : rules.actions()) {
      JsonNode schema =
          document.at(
              "/paths/~1actions~1"
                  + action.name()
                  + "/post/requestBody/content/application~1json/schema");
      Set<String> required = new TreeSet<>();
      schema.path("required").forEach(name -> required.add(name.asText()));
      Set<String> missed = new TreeSet<>();
      json(engine.act(action.name(), "{}"))
          .path("errors")
          .forEach(error -> missed.add(error.path("field").asText()));
      // Of a search, what stands together is told under the name of the type.
      missed.remove(action.resource());
      if (action.call().kind() == ActionCall.Kind.LOOK_UP) {
        // A patient is named by id or by number: that none is given is told under the id.
        missed.remove("patientResourceId");
      }
      assertThat(missed).isEqualTo(required);
    }
  }

  private static int ask(String method, String path) {
    for (Map.Entry<String, RestHandler> handler : handlers.entrySet()) {
      if (path.equals(handler.getKey()) || path.startsWith(handler.getKey() + "/")) {
        String below = path.substring(handler.getKey().length()).replace("{id}", "97990101x");
        return statusOf(handler.getValue(), method, below);
      }
    }
    throw new AssertionError("nothing is mounted for " + path);
  }

  /** Not found is what a resource with this id is too; then the refusal names Cerner. */
  private static int statusOf(RestHandler handler, String method, String path) {
    RestAnswer answer = handler.handle(request(method, path, Map.of(), ""));
    boolean cernerAsked =
        answer.status() == 404
            && json(answer).at("/issue/0/details/coding/0/code").asText().equals("not-found");
    return cernerAsked ? 200 : answer.status();
  }
}

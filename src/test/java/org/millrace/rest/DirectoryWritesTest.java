package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creates of Organization and Practitioner. */
class DirectoryWritesTest {
  private static final String CLINIC =
      "{'resourceType':'Organization','active':true,'name':'ZZTEST Clinic','identifier':[{'type':"
          + "{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'NPI'}]},"
          + "'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999999'}]}";
  private static final String DOCTOR =
      "{'resourceType':'Practitioner','active':true,'name':[{'use':'official',"
          + "'family':'ZZTESTDOC','given':['ADA']}],'identifier':[{'use':'official','type':"
          + "{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'NPI'}]},"
          + "'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999998'}]}";
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
  }

  private static String made(RestAnswer created) {
    assertThat(created.status()).as(new String(created.body())).isEqualTo(201);
    return created.headers().get("Location");
  }

  @Test
  void anOrganizationIsRegisteredOnceUnderItsName() {
    String location = made(engine.post("Organization", json(CLINIC)));
    String id = location.substring(location.lastIndexOf('/') + 1);
    assertThat(json(engine.get("Organization/" + id)).path("name").asText())
        .isEqualTo("ZZTEST Clinic");
    RestAnswer again = engine.act("create-organization", "{'name':'ZZTEST Clinic'}");
    assertThat(again.status()).isEqualTo(422);
  }

  @Test
  void eachNumberOfAnOrganizationHasItsTypeAndSystem() {
    RestAnswer answer =
        engine.act("create-organization", "{'name':'ZZTEST Ward','taxNumber':'12-3456789'}");
    made(answer);
    ObjectNode stored =
        json(engine.get("Organization/" + json(answer).path("resourceId").asText()));
    assertThat(stored.path("identifier")).hasSize(1);
    assertThat(stored.at("/identifier/0/type/coding/0/code").asText()).isEqualTo("TAX");
    assertThat(stored.at("/identifier/0/system").asText())
        .isEqualTo("urn:oid:2.16.840.1.113883.4.4");
  }

  @Test
  void aPractitionerIsRegisteredOnceUnderTheirNumber() {
    made(
        engine.act(
            "create-practitioner",
            "{'familyName':'ZZTESTDOC','givenName':'ADA','npi':'1999999998'}"));
    assertThat(engine.post("Practitioner", json(DOCTOR)).status()).isEqualTo(422);
    made(engine.act("create-practitioner", "{'familyName':'ZZTESTDOC','givenName':'ADA'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'name':'ZZTEST Clinic', # '' # Organization.name",
        "http://hl7.org/fhir/sid/us-npi # urn:other # Organization.identifier[0].system",
        "'active':true # 'active':false # Organization.active"
      },
      quoteCharacter = '"')
  void whatCernerTakesOfNoOrganizationIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(CLINIC).contains(from);
    String sent = CLINIC.replace(from, to.equals("''") ? "" : to);
    RestAnswer answer = engine.post("Organization", json(sent));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).path("issue").findValuesAsText("text").toString()).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'given':['ADA'] # 'given':['A','B','C'] # Practitioner.name[0].given[2]",
        ",'given':['ADA'] # '' # Practitioner.name.given",
        "'use':'official','type' # 'use':'old','type' # Practitioner.identifier[0].use",
        "'active':true # 'active':false # Practitioner.active"
      },
      quoteCharacter = '"')
  void whatCernerTakesOfNoPractitionerIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(DOCTOR).contains(from);
    String sent = DOCTOR.replace(from, to.equals("''") ? "" : to);
    RestAnswer answer = engine.post("Practitioner", json(sent));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).path("issue").findValuesAsText("text").toString()).contains(place);
    assertThat(engine.requests()).isEmpty();
  }
}

package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Organizations, practitioners and locations. */
class DirectoryTest extends SandboxTest {
  @Test
  void organizationsAreFoundWithoutAnyParameter() {
    assertThat(found("Organization")).contains("675844", "685844");
    assertThat(found("Organization?name=millrace%20model%20c")).containsExactly("685844");
    assertThat(found("Organization?identifier=http://hl7.org/fhir/sid/us-npi%7C9900000018"))
        .containsExactly("675844");
    assertThat(caller.get("Organization?identifier=urn:x%7C1").statusCode()).isEqualTo(400);
  }

  @Test
  void anOrganizationsNameIsUnique() {
    JsonNode sent = Caller.tree("{'resourceType':'Organization','name':'Weir House'}");

    HttpResponse<String> created = caller.post("Organization", sent);

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(caller.post("Organization", sent).statusCode()).isEqualTo(422);
  }

  @Test
  void practitionersAreFoundByNumberAndName() {
    assertThat(found("Practitioner?identifier=http://hl7.org/fhir/sid/us-npi%7C9900000026"))
        .containsExactly("4122622");
    assertThat(found("Practitioner?family=zztestb&given=ing")).containsExactly("12742069");
    assertThat(found("Practitioner?name=ZZTEST")).hasSize(3);
    assertThat(found("Practitioner?_id=593923")).containsExactly("593923");
    for (String bad : List.of("", "given=RUTH", "name=Z", "identifier=9900000026")) {
      assertThat(caller.get("Practitioner?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void aPractitionerHasExactlyOneNameAndAUniqueNumber() {
    ObjectNode sent =
        (ObjectNode)
            Caller.tree(
                """
                {'resourceType':'Practitioner',
                 'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'9900000059'}],
                 'name':[{'use':'official','family':'ZZTESTNEW','given':['IDA']}]}
                """);

    String id = caller.create("Practitioner", sent);

    assertThat(caller.read("Practitioner/" + id).at("/name/0/text").asText())
        .isEqualTo("ZZTESTNEW, IDA");
    assertThat(caller.post("Practitioner", sent).statusCode()).isEqualTo(422);
    sent.remove("identifier");
    sent.withArray("/name").add(sent.at("/name/0").deepCopy());
    assertThat(caller.post("Practitioner", sent).statusCode()).isEqualTo(422);
  }

  @Test
  void locationsNeedMoreThanAName() {
    String ward = "http://terminology.hl7.org/CodeSystem/location-physical-type%7Cwa";
    assertThat(found("Location?-physicalType=" + ward)).containsExactly("21250410", "21250420");
    assertThat(found("Location?-physicalType=" + ward + "&name=3")).containsExactly("21250410");
    assertThat(found("Location?_id=21250412")).containsExactly("21250412");
    assertThat(found("Location?address-city=Kansas&address-state=MO&organization=675844"))
        .hasSize(6);
    for (String bad : List.of("", "name=3%20West", "organization=675844", "address-city=Kansas")) {
      assertThat(caller.get("Location?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(caller.post("Location", Caller.tree("{'resourceType':'Location'}")).statusCode())
        .isEqualTo(405);
  }

  private static List<String> found(String path) {
    return caller.read(path).findValues("resource").stream()
        .map(resource -> resource.path("id").asText())
        .toList();
  }
}

package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One sandbox for all tests of a class, put back to the seed before each. */
abstract class SandboxTest {
  static final String MRN_SYSTEM = "urn:oid:2.16.840.1.113883.6.1000";

  static Sandbox sandbox;
  static Caller caller;

  @BeforeAll
  static void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.defaults());
    caller = new Caller(sandbox).signedIn();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void reset() {
    caller.control("POST", "/reset", "{\"clock\":\"2026-11-20T10:00:00Z\"}");
  }

  static String codeSet(int number) {
    return "https://fhir.cerner.com/" + sandbox.tenantId() + "/codeSet/" + number;
  }

  static ObjectNode newPatient() {
    return (ObjectNode)
        Caller.tree(
            """
            {'resourceType':'Patient',
             'identifier':[{'assigner':{'reference':'Organization/675844'}},
               {'type':{'coding':[{'system':'%s','code':'10'}]},
                'system':'urn:oid:2.16.840.1.113883.6.1000','value':'9900777'}],
             'active':true,'name':[{'use':'official','family':'ZZTESTDOE','given':['JANE']}],
             'gender':'female','birthDate':'1980-01-31'}
            """
                .formatted(codeSet(4)));
  }

  static ObjectNode newEncounter() {
    return (ObjectNode)
        Caller.tree(
            """
            {'resourceType':'Encounter','status':'in-progress',
             'type':[{'coding':[{'system':'%s','code':'309308'}]}],
             'subject':{'reference':'Patient/12990003'},
             'period':{'start':'2026-11-20T09:00:00Z'},
             'location':[{'location':{'reference':'Location/21250412'}}]}
            """
                .formatted(codeSet(71)));
  }

  /** The text is base64 of {@code All is well.} */
  static ObjectNode newDocument() {
    return (ObjectNode)
        Caller.tree(
            """
            {'resourceType':'DocumentReference','status':'current','docStatus':'final',
             'type':{'coding':[{'system':'http://loinc.org','code':'11506-3'}]},
             'subject':{'reference':'Patient/12990001'},
             'author':[{'reference':'Practitioner/593923'}],
             'content':[{'attachment':{'contentType':'text/plain;charset=utf-8',
               'data':'QWxsIGlzIHdlbGwu','title':'Note MR-1','creation':'2026-11-20T09:30:00Z'}}],
             'context':{'encounter':[{'reference':'Encounter/97990102'}],
               'period':{'start':'2026-11-20T09:00:00Z','end':'2026-11-20T09:30:00Z'}}}
            """);
  }

  static ObjectNode attachment(ObjectNode document) {
    return (ObjectNode) document.path("content").path(0).path("attachment");
  }

  static JsonNode issue(JsonNode outcome) {
    return outcome.path("issue").path(0);
  }
}

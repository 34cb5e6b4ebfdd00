package org.millrace.cli;

import java.io.PrintWriter;
import java.util.TreeMap;
import org.millrace.app.Engine;
import org.millrace.app.Settings;

/** Says where a running engine is reached. */
final class OpenPorts {
  private OpenPorts() {}

  static void print(PrintWriter out, Engine engine, Settings settings) {
    String host = settings.listeners().bind();
    String http = "http://" + host + ":" + engine.httpPort();
    out.println("HL7 v2 over MLLP   " + host + ":" + engine.mllpPort());
    out.println("HL7 v2 over HTTP   " + http + "/hl7");
    out.println("FHIR R4            " + http + "/fhir/r4/metadata");
    out.println(
        "JSON actions       " + http + "/actions/{name}, described in " + http + "/openapi.json");
    out.println(
        "Health, metrics    http://"
            + host
            + ":"
            + engine.managementPort()
            + "/health, /ready, /metrics");
    engine
        .consolePort()
        .ifPresent(port -> out.println("Console            http://127.0.0.1:" + port + "/"));
    out.println("Journal            " + settings.storage().place());
    out.println("Cerner             " + settings.cerner().fhirBaseUrl());
    new TreeMap<>(settings.tenants())
        .forEach(
            (name, tenant) ->
                out.println("Cerner, " + name + ": " + tenant.cerner().fhirBaseUrl()));
  }
}

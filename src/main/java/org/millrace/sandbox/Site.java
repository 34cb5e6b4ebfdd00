package org.millrace.sandbox;

/**
 * One tenant's addresses.
 *
 * @param origin scheme, host and port, as in {@code http://127.0.0.1:8090}
 * @param codes which standard codes this site's own codes are mapped to
 */
record Site(String origin, String tenant, Codes codes) {
  String host() {
    return "127.0.0.1";
  }

  String fhirBaseUrl() {
    return origin + "/r4/" + tenant;
  }

  /** The newer form of the address, as smart-configuration tells it. */
  String tokenUrl() {
    return origin
        + "/tenants/"
        + tenant
        + "/hosts/"
        + host()
        + "/protocols/oauth2/profiles/smart-v1/token";
  }

  /** The form without the FHIR server's host, which is still answered. */
  String olderTokenUrl() {
    return origin + "/tenants/" + tenant + "/protocols/oauth2/profiles/smart-v1/token";
  }

  /** Cerner's own code systems, for example {@code codeSet/72}. */
  String codeSet(int number) {
    return "https://fhir.cerner.com/" + tenant + "/codeSet/" + number;
  }
}

package org.millrace.delivery;

/**
 * A server where documents are filed.
 *
 * @param tenant as settings name it; empty for the one without a name
 * @param host of its FHIR address, with the port where that says one; empty if it is not known
 * @param production whether real patients are there
 */
public record FilingTarget(String tenant, String host, boolean production) {
  private static final String UNKNOWN = "production";

  /** One that nobody here knows: as far as that goes it may have patients. */
  static FilingTarget unknown(String tenant) {
    return new FilingTarget(tenant, "", true);
  }

  /** What somebody types to say that this one is meant. */
  public String name() {
    return !tenant.isEmpty() ? tenant : !host.isEmpty() ? host : UNKNOWN;
  }

  /** Where it is, and whether it is production. */
  public String words() {
    String named = tenant.isEmpty() ? "" : "tenant " + tenant;
    if (host.isEmpty()) {
      return tenant.isEmpty()
          ? "a server that the settings here do not name: "
              + (production ? "it may be production" : "no production")
          : named + ", which is not served here: it may be production";
    }
    return "Cerner at "
        + host
        + (named.isEmpty() ? "" : ", " + named)
        + (production ? ": production" : ": no production");
  }
}

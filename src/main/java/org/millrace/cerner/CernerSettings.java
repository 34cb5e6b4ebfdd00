package org.millrace.cerner;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where Cerner is and who we are there.
 *
 * @param fhirBaseUrl service root with the tenant, without a slash at the end
 * @param authorization {@code NONE} for servers that want no token
 * @param tokenUrl if configured; else discovered, else (Cerner hosts only) derived from the tenant
 * @param clientSecret never printed
 * @param scopes one space between
 * @param mrnSystem default system of find-patient-by-mrn
 * @param organizationId assigning organization for patients whose creator names none
 * @param connectTimeout how long a TCP or TLS connection may take
 */
public record CernerSettings(
    URI fhirBaseUrl,
    Authorization authorization,
    Optional<URI> tokenUrl,
    String tenantId,
    String clientId,
    String clientSecret,
    String scopes,
    String mrnSystem,
    Optional<String> organizationId,
    Duration connectTimeout) {

  /** How we prove who we are. */
  public enum Authorization {
    /** SMART Backend Services, client_secret_basic. */
    SMART,
    NONE
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CernerSettings[" + fhirBaseUrl + ", " + authorization + "]";
  }
}

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
 * @param clientSecret never printed; empty where a key proves who we are
 * @param clientKey signs requests for tokens (private_key_jwt); the secret is not used then
 * @param scopes one space between
 * @param mrnSystem default system of find-patient-by-mrn
 * @param organizationId assigning organization for patients whose creator names none
 * @param connectTimeout how long a TCP or TLS connection may take
 * @param prefix what the names of these settings begin with, as faults tell them: {@code
 *     MILLRACE_}, or that of a tenant with a name
 */
public record CernerSettings(
    URI fhirBaseUrl,
    Authorization authorization,
    Optional<URI> tokenUrl,
    String tenantId,
    String clientId,
    String clientSecret,
    Optional<ClientKey> clientKey,
    String scopes,
    String mrnSystem,
    Optional<String> organizationId,
    Duration connectTimeout,
    String prefix) {
  private static final String PREFIX = "MILLRACE_";

  /** How we prove who we are. */
  public enum Authorization {
    /** SMART Backend Services, by client_secret_basic or private_key_jwt. */
    SMART,
    NONE
  }

  /** Of a system account that has a secret and no key. */
  public CernerSettings(
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
    this(
        fhirBaseUrl,
        authorization,
        tokenUrl,
        tenantId,
        clientId,
        clientSecret,
        Optional.empty(),
        scopes,
        mrnSystem,
        organizationId,
        connectTimeout,
        PREFIX);
  }

  /** The same account, proving who it is by a key. */
  public CernerSettings signingWith(ClientKey key) {
    return new CernerSettings(
        fhirBaseUrl,
        authorization,
        tokenUrl,
        tenantId,
        clientId,
        "",
        Optional.of(key),
        scopes,
        mrnSystem,
        organizationId,
        connectTimeout,
        prefix);
  }

  /** The same account, whose settings have names that begin so. */
  public CernerSettings named(String beginning) {
    return new CernerSettings(
        fhirBaseUrl,
        authorization,
        tokenUrl,
        tenantId,
        clientId,
        clientSecret,
        clientKey,
        scopes,
        mrnSystem,
        organizationId,
        connectTimeout,
        beginning);
  }

  /**
   * What a setting is called for this account.
   *
   * @param name as it is without tenants: {@code MILLRACE_CLIENT_ID}
   */
  String setting(String name) {
    return prefix + name.substring(PREFIX.length());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CernerSettings[" + fhirBaseUrl + ", " + authorization + "]";
  }
}

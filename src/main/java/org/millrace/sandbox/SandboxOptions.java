package org.millrace.sandbox;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a sandbox is started.
 *
 * @param port TCP port on 127.0.0.1; 0 takes any free one
 * @param clock the time that stored records, tokens and their expiry go by, until {@code
 *     /control/reset} freezes another
 * @param tenantId the tenant in every address; empty: a fixed one
 * @param clientId the system account's id; empty: one made at start
 * @param clientSecret the system account's secret; empty: a random one made at start
 * @param clientKeys public keys registered for the system account, a JWK Set as JSON; empty: none,
 *     so that no assertion is taken
 * @param scopesV2 whether the account is registered for SMART v2 scopes ({@code .rs}) instead of v1
 *     ({@code .read}); scopes of the other kind are not granted
 * @param ignored is told each element of a write that is not kept
 * @param seed what is stored beside the hospital of its own, at start and at each reset: a JSON
 *     array of resources or a Bundle; a resource with an id of the hospital's takes its place
 */
public record SandboxOptions(
    int port,
    Clock clock,
    Optional<String> tenantId,
    Optional<String> clientId,
    Optional<String> clientSecret,
    Optional<String> clientKeys,
    boolean scopesV2,
    Consumer<String> ignored,
    Optional<String> seed) {

  /** Any free port, the system's UTC clock, everything else made at start, v1 scopes. */
  public static SandboxOptions defaults() {
    return new SandboxOptions(
        0,
        Clock.systemUTC(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        element -> {},
        Optional.empty());
  }

  /** These options on another port. */
  public SandboxOptions withPort(int newPort) {
    return new SandboxOptions(
        newPort, clock, tenantId, clientId, clientSecret, clientKeys, scopesV2, ignored, seed);
  }

  /** These options by another clock. */
  public SandboxOptions withClock(Clock newClock) {
    return new SandboxOptions(
        port, newClock, tenantId, clientId, clientSecret, clientKeys, scopesV2, ignored, seed);
  }

  /** These options for another tenant. */
  public SandboxOptions withTenantId(String newTenantId) {
    return new SandboxOptions(
        port,
        clock,
        Optional.of(newTenantId),
        clientId,
        clientSecret,
        clientKeys,
        scopesV2,
        ignored,
        seed);
  }

  /** These options with a system account of the caller's choice. */
  public SandboxOptions withClient(String newClientId, String newClientSecret) {
    return new SandboxOptions(
        port,
        clock,
        tenantId,
        Optional.of(newClientId),
        Optional.of(newClientSecret),
        clientKeys,
        scopesV2,
        ignored,
        seed);
  }

  /** These options with public keys (a JWK Set as JSON) registered for the system account. */
  public SandboxOptions withClientKeys(String jwks) {
    return new SandboxOptions(
        port, clock, tenantId, clientId, clientSecret, Optional.of(jwks), scopesV2, ignored, seed);
  }

  /** These options with the account registered for v2 ({@code true}) or v1 scopes. */
  public SandboxOptions withScopesV2(boolean newScopesV2) {
    return new SandboxOptions(
        port, clock, tenantId, clientId, clientSecret, clientKeys, newScopesV2, ignored, seed);
  }

  /**
   * These options with somebody who is told each element of a write that is not kept, by its name:
   * {@code Patient.contact}. Called on the sandbox's own thread.
   */
  public SandboxOptions withIgnoredTold(Consumer<String> newIgnored) {
    return new SandboxOptions(
        port, clock, tenantId, clientId, clientSecret, clientKeys, scopesV2, newIgnored, seed);
  }

  /**
   * These options with resources beside the hospital's own: a JSON array of them, or a Bundle.
   * Where it is neither, the sandbox does not start.
   */
  public SandboxOptions withSeed(String json) {
    return new SandboxOptions(
        port,
        clock,
        tenantId,
        clientId,
        clientSecret,
        clientKeys,
        scopesV2,
        ignored,
        Optional.of(json));
  }

  /** The options without the secret. */
  @Override
  public String toString() {
    return "SandboxOptions[port=" + port + ", scopesV2=" + scopesV2 + "]";
  }
}

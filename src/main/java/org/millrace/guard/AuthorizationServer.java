package org.millrace.guard;

import java.net.URI;

/**
 * Where callers get tokens, as their issuer says itself.
 *
 * @param tokenEndpoint where a client asks for one
 * @param keys where the public keys are that sign them
 */
public record AuthorizationServer(URI issuer, URI tokenEndpoint, URI keys) {}

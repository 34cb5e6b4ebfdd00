package org.millrace.mapping;

import java.util.Optional;

/**
 * Assigning authorities: HD (local name, universal id, type) to URI and back, by {@code
 * tables/namespaces.csv}; universal ids of type ISO, UUID and URI make a URI by themselves.
 * Immutable.
 */
public final class Namespaces {

  Namespaces() {}

  /**
   * The URI of an authority as HD.1, .2, .3 name it; empty if it is not known. All three may be
   * empty strings.
   */
  public Optional<String> uri(String namespaceId, String universalId, String universalIdType) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The local name of a system URI, if the registry has one. */
  public Optional<String> namespaceId(String uri) {
    throw new UnsupportedOperationException("not built yet");
  }
}

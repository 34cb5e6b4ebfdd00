package org.millrace.guard;

import java.util.List;

/**
 * What a request shows of who it comes from.
 *
 * @param authorization every line of the header Authorization
 * @param apiKeys every line of the header X-API-Key
 * @param address the caller's IP address, as the socket has it
 */
public record Credentials(List<String> authorization, List<String> apiKeys, String address) {
  public Credentials {
    authorization = List.copyOf(authorization);
    apiKeys = List.copyOf(apiKeys);
  }

  /** The address only: the rest is secret. */
  @Override
  public String toString() {
    return address;
  }
}

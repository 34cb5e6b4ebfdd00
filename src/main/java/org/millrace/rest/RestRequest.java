package org.millrace.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Parameter;
import org.millrace.guard.Principal;

/**
 * What a caller asks, freed of everything a handler has no business with.
 *
 * @param method upper case as received, for example {@code GET}; no header or parameter overrides
 *     it
 * @param root where the caller sees this engine, without a slash at the end: {@code
 *     http://localhost:8080}
 * @param path the segments below the handler's mount, each decoded once, none empty
 * @param query the parameters of the URL in order, decoded once
 * @param headers the few headers a handler may see (lower-case names); see {@link
 *     HttpStep#HEADERS_LET_IN}
 * @param body as received; empty array if none
 * @param caller who asks; what it asks is allowed
 * @param address the caller's IP address; empty if that is not known
 */
public record RestRequest(
    String method,
    String root,
    List<String> path,
    List<Parameter> query,
    Map<String, String> headers,
    byte[] body,
    Principal caller,
    String address) {

  public RestRequest {
    path = List.copyOf(path);
    query = List.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** One of nobody in particular. */
  public RestRequest(
      String method,
      String root,
      List<String> path,
      List<Parameter> query,
      Map<String, String> headers,
      byte[] body) {
    this(method, root, path, query, headers, body, Principal.ANYBODY, "");
  }

  /** The same, of a caller that is known by now. */
  RestRequest of(Principal known, String from) {
    return new RestRequest(method, root, path, query, headers, body, known, from);
  }

  /** The value of a header by its lower-case name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The method only: path, query and body may hold what belongs to a patient. */
  @Override
  public String toString() {
    return method;
  }
}

package org.millrace.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Parameter;

/**
 * The form of a posted search. What it holds is looked at before it is known whether the search is
 * allowed, so it is short. Stateless. Source: FHIR R4, RESTful API, search by POST.
 */
final class SearchForm {
  /** In bytes; a URL may have less. */
  static final int LONGEST = 64 * 1024;

  private SearchForm() {}

  /** Whether a body is a form at all, as far as its Content-Type says. */
  static boolean isForm(RestRequest request) {
    return MediaTypes.essence(request.header("content-type").orElse("")).equals(MediaTypes.FORM);
  }

  static boolean isTooLong(RestRequest request) {
    return request.body().length > LONGEST;
  }

  /** Its parameters in order; empty where it is not posted, no form, too long or unreadable. */
  static Optional<List<Parameter>> of(RestRequest request) {
    return request.method().equals("POST") && isForm(request) && !isTooLong(request)
        ? UrlText.parameters(new String(request.body(), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Those of the URL and, of a search that is posted, those of its form. */
  static List<Parameter> parameters(RestRequest request) {
    List<Parameter> all = new ArrayList<>(request.query());
    List<String> path = request.path();
    if (path.size() == 2 && path.get(1).equals("_search")) {
      of(request).ifPresent(all::addAll);
    }
    return all;
  }
}

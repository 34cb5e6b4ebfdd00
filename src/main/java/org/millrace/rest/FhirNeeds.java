package org.millrace.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.millrace.cerner.Parameter;
import org.millrace.guard.Interaction;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;

/**
 * What a FHIR request needs to be allowed, by the rules of FHIR's paths alone and whether it is
 * served or not: what is served later is guarded before it is there. Stateless. Source: FHIR R4,
 * RESTful API.
 */
final class FhirNeeds {
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{1,40}");

  private static final Set<String> ON_TYPE =
      Set.of("DocumentReference/$docref", "Binary/$autogen-ccd-if");

  /** A summary of a chart tells of whatever stands in it, so that it takes all of this. */
  static final List<Need> OF_SUMMARY =
      List.of(
          Need.of("DocumentReference", Interaction.READ),
          Need.of("Binary", Interaction.READ),
          Need.of(Need.EVERY_TYPE, Interaction.READ));

  private FhirNeeds() {}

  static Needs of(RestRequest request) {
    List<String> path = request.path();
    boolean get = request.method().equals("GET");
    if (get && (path.equals(List.of("metadata")) || isSmartConfiguration(path))) {
      return Needs.OPEN;
    }
    if (isStatus(path)) {
      // What came of a create is told to whoever asked for it, and to nobody else.
      return Needs.ANY_CALLER;
    }
    String first = path.isEmpty() ? "" : path.get(0);
    if (path.isEmpty() || first.startsWith("$") || first.startsWith("_")) {
      // A batch, an operation or a search over all types may hold anything.
      return everything();
    }
    if (!TYPE.matcher(first).matches()) {
      return Needs.ANY_CALLER;
    }
    return ofType(first, path, request);
  }

  /** Where a client looks for how to get a token. */
  static boolean isSmartConfiguration(List<String> path) {
    return path.equals(List.of(".well-known", "smart-configuration"));
  }

  /** Where a caller asks what came of a create that it left to be delivered. */
  static boolean isStatus(List<String> path) {
    return path.size() == 2 && path.get(0).equals(StoredCreates.PATH);
  }

  private static Needs ofType(String type, List<String> path, RestRequest request) {
    String method = request.method();
    boolean search =
        (path.size() == 1 && method.equals("GET"))
            || (path.size() == 2 && path.get(1).equals("_search"));
    if (search) {
      // Those of a form count as those of the URL; what is none is refused by who answers.
      return search(type, SearchForm.parameters(request));
    }
    if (path.size() == 1 && method.equals("POST")) {
      return Needs.of(Need.of(type, Interaction.CREATE));
    }
    if (path.size() == 2 && method.equals("GET") && ON_TYPE.contains(type + "/" + path.get(1))) {
      return Needs.of(OF_SUMMARY);
    }
    boolean operation = path.stream().anyMatch(segment -> segment.startsWith("$"));
    if (path.size() == 1 || operation) {
      return everything();
    }
    return switch (method) {
      case "GET", "HEAD" -> Needs.of(Need.of(type, Interaction.READ));
      case "PUT", "PATCH" -> Needs.of(Need.of(type, Interaction.UPDATE));
      case "DELETE" -> Needs.of(Need.of(type, Interaction.DELETE));
      default -> everything();
    };
  }

  /** With what is included, too: it is answered beside the matches. */
  private static Needs search(String type, List<Parameter> query) {
    List<Need> needs = new ArrayList<>();
    needs.add(Need.of(type, Interaction.SEARCH));
    for (Parameter parameter : query) {
      String name = parameter.name().split(":", -1)[0];
      String[] parts = parameter.value().split(":", -1);
      if (name.equals("_revinclude")) {
        needs.add(Need.of(known(parts[0]), Interaction.SEARCH));
      } else if (name.equals("_include")) {
        needs.add(Need.of(parts.length == 3 ? known(parts[2]) : Need.EVERY_TYPE, Interaction.READ));
      }
    }
    return Needs.of(needs);
  }

  private static String known(String type) {
    return TYPE.matcher(type).matches() ? type : Need.EVERY_TYPE;
  }

  private static Needs everything() {
    List<Need> all = new ArrayList<>();
    for (Interaction each : Interaction.values()) {
      all.add(Need.of(Need.EVERY_TYPE, each));
    }
    return Needs.of(all);
  }
}

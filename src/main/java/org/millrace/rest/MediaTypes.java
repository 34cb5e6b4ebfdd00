package org.millrace.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Judges Accept, Content-Type and Prefer. Stateless. */
final class MediaTypes {
  static final String FHIR_JSON = "application/fhir+json";
  static final String JSON = "application/json";
  static final String PROBLEM_JSON = "application/problem+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String FORM = "application/x-www-form-urlencoded";
  static final String HL7_V2 = "application/hl7-v2";

  /** {@code application/json+fhir} is what clients of the second FHIR draft still send. */
  static final Set<String> FHIR_BODIES = Set.of(FHIR_JSON, JSON, "application/json+fhir");

  static final Set<String> JSON_BODIES = Set.of(JSON);

  private MediaTypes() {}

  /** Type and subtype in lower case, without parameters. */
  static String essence(String mediaType) {
    int end = mediaType.indexOf(';');
    String essence = end < 0 ? mediaType : mediaType.substring(0, end);
    return essence.trim().toLowerCase(Locale.ROOT);
  }

  /** Whether the caller would rather be answered later. Source: RFC 7240 4.1. */
  static boolean prefersAsync(RestRequest request) {
    return Arrays.stream(request.header("prefer").orElse("").split("[,;]"))
        .anyMatch(preference -> preference.trim().equalsIgnoreCase("respond-async"));
  }

  /** A parameter of a media type, without quotes and in lower case. */
  static Optional<String> parameter(String mediaType, String name) {
    return Arrays.stream(mediaType.split(";"))
        .skip(1)
        .map(part -> part.split("=", 2))
        .filter(pair -> pair.length == 2 && pair[0].trim().equalsIgnoreCase(name))
        .map(pair -> pair[1].trim().replace("\"", "").toLowerCase(Locale.ROOT))
        .findFirst();
  }

  /**
   * Whether a caller takes one of these types. An absent Accept takes everything; {@code q=0} takes
   * nothing.
   */
  static boolean accepted(Optional<String> accept, Set<String> offered) {
    if (accept.isEmpty() || accept.get().isBlank()) {
      return true;
    }
    List<String> ranges = List.of(accept.get().split(","));
    return ranges.stream()
        .filter(range -> !refusedByWeight(range))
        .map(MediaTypes::essence)
        .anyMatch(
            range ->
                range.equals("*/*")
                    || offered.contains(range)
                    || (range.endsWith("/*")
                        && offered.stream()
                            .anyMatch(
                                type -> type.startsWith(range.substring(0, range.length() - 1)))));
  }

  private static boolean refusedByWeight(String range) {
    return parameter(range, "q").filter(weight -> weight.matches("0(\\.0*)?")).isPresent();
  }

  /** Why this body cannot be taken, or empty if it can. JSON is UTF-8 and nothing else. */
  static Optional<Refusal> refuseJsonBody(RestRequest request, Set<String> taken) {
    String type = request.header("content-type").orElse("");
    if (!taken.contains(essence(type))) {
      return Optional.of(
          Refusal.of(
              RefusalReason.UNSUPPORTED_MEDIA_TYPE,
              "a body of Content-Type "
                  + taken.stream().sorted().findFirst().orElseThrow()
                  + " is wanted"));
    }
    return parameter(type, "charset")
        .filter(charset -> !charset.equals("utf-8"))
        .map(
            charset ->
                Refusal.of(
                    RefusalReason.UNSUPPORTED_MEDIA_TYPE, "the charset of a JSON body is utf-8"));
  }
}

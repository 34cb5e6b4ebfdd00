package org.millrace.cerner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads search bundles; of a resource that stands in them twice the newest is kept. */
final class Bundles {
  private Bundles() {}

  /**
   * What a bundle holds.
   *
   * @param next as Cerner wrote it, unchecked
   * @param suppressed whether Cerner says that it left out matches it could not express
   * @param inOrder false if a match has no id or is of a type that was not searched for
   */
  record Content(
      List<ObjectNode> matches,
      List<ObjectNode> included,
      Optional<String> next,
      List<String> warnings,
      boolean suppressed,
      boolean inOrder) {}

  /**
   * @param type searched for; empty where a page link does not say
   */
  static Content content(ObjectNode bundle, String type) {
    List<ObjectNode> matches = new ArrayList<>();
    List<ObjectNode> included = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    boolean suppressed = false;
    boolean inOrder = true;
    for (JsonNode entry : bundle.path("entry")) {
      String mode = entry.path("search").path("mode").asText("");
      JsonNode resource = entry.path("resource");
      if (mode.equals("outcome") || Outcomes.isOutcome(resource)) {
        warnings.add(Outcomes.text(resource));
        suppressed |= tellsOfSuppressed(resource);
      } else if (mode.equals("include") && resource instanceof ObjectNode added) {
        included.add(added);
      } else if (resource instanceof ObjectNode match) {
        matches.add(match);
        String found = match.path("resourceType").asText();
        inOrder &= (type.isEmpty() || found.equals(type)) && match.hasNonNull("id");
      }
    }
    return new Content(
        List.copyOf(matches),
        List.copyOf(included),
        next(bundle),
        List.copyOf(warnings),
        suppressed,
        inOrder);
  }

  private static boolean tellsOfSuppressed(JsonNode outcome) {
    for (JsonNode issue : outcome.path("issue")) {
      if (issue.path("code").asText().equals("suppressed")) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> next(ObjectNode bundle) {
    for (JsonNode link : bundle.path("link")) {
      String url = link.path("url").asText("");
      if (link.path("relation").asText().equals("next") && !url.isEmpty()) {
        return Optional.of(url);
      }
    }
    return Optional.empty();
  }

  /**
   * Each resource once: pages may overlap, and one that changed meanwhile is on two of them. In the
   * order of their first appearance, with the newest {@code meta.lastUpdated}.
   */
  static List<ObjectNode> eachOnce(Collection<ObjectNode> resources) {
    Map<String, ObjectNode> byId = new LinkedHashMap<>();
    for (ObjectNode resource : resources) {
      String key = resource.path("resourceType").asText() + "/" + resource.path("id").asText();
      byId.merge(
          key, resource, (held, other) -> updated(other).isAfter(updated(held)) ? other : held);
    }
    return List.copyOf(byId.values());
  }

  private static Instant updated(ObjectNode resource) {
    return moment(resource.path("meta").path("lastUpdated").asText());
  }

  /** A FHIR dateTime of any precision, in UTC where it has no offset; the epoch if unreadable. */
  static Instant moment(String dateTime) {
    try {
      return switch (dateTime.length()) {
        case 4 -> Year.parse(dateTime).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        case 7 -> YearMonth.parse(dateTime).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        case 10 -> LocalDate.parse(dateTime).atStartOfDay().toInstant(ZoneOffset.UTC);
        default -> OffsetDateTime.parse(dateTime).toInstant();
      };
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}

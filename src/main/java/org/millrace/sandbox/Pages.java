package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Search results cut into pages; the way to the next one is an opaque page context.
 *
 * <p>Contexts are numbered since the last reset, so that the same run asks for the same addresses
 * again. A context keeps the result as it was when first asked.
 */
final class Pages {
  private static final int KEPT_CONTEXTS = 10_000;

  private record Context(String type, Found found, SearchParameters query, int offset) {}

  private final Map<String, Context> contexts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Context> eldest) {
          return size() > KEPT_CONTEXTS;
        }
      };
  private final String fhirBaseUrl;
  private long issued;

  Pages(String fhirBaseUrl) {
    this.fhirBaseUrl = fhirBaseUrl;
  }

  void clear() {
    contexts.clear();
    issued = 0;
  }

  ObjectNode first(String type, Found found, Request request) {
    return page(new Context(type, found, request.query().keeping(found.kept()), 0), request);
  }

  /** The page a context stands for; refuses an unknown one. */
  ObjectNode continued(String type, String contextId, Request request) {
    Context context = contexts.get(contextId);
    if (context == null || !context.type().equals(type)) {
      throw Refusal.badRequest("the page context is unknown");
    }
    return page(context, request);
  }

  /** The same search result, ending in Cerner's warning that some of it could not be expressed. */
  static Answer withOutcomeEntry(Answer answer) {
    JsonNode body = Json.read(answer.body()).orElseGet(Json::object);
    if (!body.path("resourceType").asText().equals("Bundle")) {
      return answer;
    }
    ObjectNode bundle = (ObjectNode) body;
    ObjectNode entry = bundle.withArray("/entry").addObject();
    entry.put("fullUrl", "urn:uuid:" + UUID.randomUUID());
    ObjectNode outcome = entry.putObject("resource").put("resourceType", "OperationOutcome");
    outcome
        .putArray("issue")
        .addObject()
        .put("severity", "warning")
        .put("code", "suppressed")
        .put(
            "diagnostics",
            "Other search results were found but could not be compliantly expressed");
    entry.putObject("search").put("mode", "outcome");
    return Answer.fhir(answer.status(), bundle);
  }

  private ObjectNode page(Context context, Request request) {
    List<ObjectNode> matches = context.found().matches();
    int size = context.found().pageSize() == 0 ? matches.size() : context.found().pageSize();
    int from = Math.min(context.offset(), matches.size());
    int to = Math.min(from + size, matches.size());
    ObjectNode bundle = Json.object().put("resourceType", "Bundle");
    bundle.put("id", UUID.randomUUID().toString()).put("type", "searchset");
    ArrayNode links = bundle.putArray("link");
    link(links, "self", fhirBaseUrl + "/" + request.url());
    if (to < matches.size()) {
      link(links, "next", address(context, to, "NEXT"));
    }
    if (from > 0) {
      link(links, "previous", address(context, Math.max(0, from - size), "PREVIOUS"));
    }
    if (to > from) {
      ArrayNode entries = bundle.putArray("entry");
      matches.subList(from, to).forEach(resource -> entry(entries, resource, "match"));
      Set<ObjectNode> included = new LinkedHashSet<>();
      matches
          .subList(from, to)
          .forEach(match -> included.addAll(context.found().included().apply(match)));
      included.forEach(resource -> entry(entries, resource, "include"));
    }
    return bundle;
  }

  private void entry(ArrayNode entries, ObjectNode resource, String mode) {
    ObjectNode entry = entries.addObject();
    String address = resource.path("resourceType").asText() + "/" + resource.path("id").asText();
    entry.put("fullUrl", fhirBaseUrl + "/" + address);
    entry.set("resource", resource);
    entry.putObject("search").put("mode", mode);
  }

  private static void link(ArrayNode links, String relation, String url) {
    links.addObject().put("relation", relation).put("url", url);
  }

  private String address(Context context, int offset, String direction) {
    String id =
        UUID.nameUUIDFromBytes(("page " + issued++).getBytes(StandardCharsets.UTF_8)).toString();
    contexts.put(id, new Context(context.type(), context.found(), context.query(), offset));
    StringBuilder url = new StringBuilder(fhirBaseUrl).append('/').append(context.type());
    url.append('?');
    context
        .query()
        .parameters()
        .forEach(
            p -> url.append(encode(p.name())).append('=').append(encode(p.value())).append('&'));
    return url.append("-pageContext=")
        .append(id)
        .append("&-pageDirection=")
        .append(direction)
        .toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

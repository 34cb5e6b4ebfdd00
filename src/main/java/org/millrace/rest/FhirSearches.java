package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.rest.Refusal.Finding;

/** Searches of the FHIR facade: checks, asks Cerner for one page, writes a Bundle of our own. */
final class FhirSearches {
  /** The parameter of a next link; stands alone. */
  static final String PAGE = "_page";

  private final CernerActions cerner;
  private final RestSettings settings;
  private final Links links;
  private final PageTokens tokens;
  private final Map<String, BiFunction<List<Parameter>, Call, Reply<SearchPage>>> searches;

  FhirSearches(CernerActions cerner, RestSettings settings, Links links, Clock clock) {
    this.cerner = cerner;
    this.settings = settings;
    this.links = links;
    tokens = new PageTokens(clock, settings.pageLifetime());
    searches = Map.of("Patient", cerner::searchPatients, "Encounter", cerner::searchEncounters);
  }

  /** {@code POST Type/_search}: parameters in the URL and in the form count alike. */
  RestAnswer posted(ServedType type, RestRequest request) {
    String contentType = request.header("content-type").orElse("");
    if (!MediaTypes.essence(contentType).equals(MediaTypes.FORM)) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.UNSUPPORTED_MEDIA_TYPE,
              "a search is posted with Content-Type " + MediaTypes.FORM));
    }
    Optional<List<Parameter>> form =
        UrlText.parameters(new String(request.body(), StandardCharsets.UTF_8));
    if (form.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.MALFORMED_BODY, "the form is not percent-encoded UTF-8"));
    }
    List<Parameter> all = new ArrayList<>(request.query());
    all.addAll(form.get());
    return search(type, request, all);
  }

  RestAnswer search(ServedType type, RestRequest request, List<Parameter> given) {
    List<Parameter> parameters =
        given.stream().filter(parameter -> !parameter.name().equals("_format")).toList();
    List<Parameter> pages =
        parameters.stream().filter(parameter -> parameter.name().equals(PAGE)).toList();
    if (!pages.isEmpty()) {
      return page(type, request, parameters);
    }
    List<Finding> faults = SearchChecks.faults(type, parameters);
    if (!faults.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.INVALID_INPUT, "the search cannot be asked", faults));
    }
    BiFunction<List<Parameter>, Call, Reply<SearchPage>> search = searches.get(type.name());
    if (search == null) {
      throw new IllegalStateException(
          "the table serves searches of " + type.name() + ", but nothing asks them");
    }
    Call call = Call.within(settings.answerWithin());
    return answer(type, request, parameters, search.apply(withoutType(parameters), call), true);
  }

  /** Cerner wants a patient's bare id. */
  private static List<Parameter> withoutType(List<Parameter> parameters) {
    return parameters.stream()
        .map(
            one ->
                one.name().equals("patient")
                    ? new Parameter("patient", FhirId.ofReference("Patient", one.value()))
                    : one)
        .toList();
  }

  private RestAnswer page(ServedType type, RestRequest request, List<Parameter> parameters) {
    if (parameters.size() != 1) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.PAGE_UNKNOWN,
              "a page link is used as it was given, with nothing added"));
    }
    PageTokens.Opened opened = tokens.open(type.name(), parameters.get(0).value());
    if (opened instanceof PageTokens.Opened.Link link) {
      Call call = Call.within(settings.answerWithin());
      return answer(type, request, parameters, cerner.nextPage(link.link(), call), false);
    }
    return Outcomes.answer(
        opened instanceof PageTokens.Opened.Expired
            ? Refusal.of(
                RefusalReason.PAGE_EXPIRED,
                "page links are good for "
                    + settings.pageLifetime().toSeconds()
                    + " s; search again")
            : Refusal.of(
                RefusalReason.PAGE_UNKNOWN,
                "the page link was not made by this engine since its start; search again"));
  }

  private RestAnswer answer(
      ServedType type,
      RestRequest request,
      List<Parameter> asked,
      Reply<SearchPage> reply,
      boolean first) {
    if (reply instanceof Reply.Done<SearchPage> done) {
      ObjectNode bundle = bundle(type, request.root(), asked, done.value(), first);
      return FhirFacade.json(200, bundle, Map.of());
    }
    return FhirFacade.refuse(((Reply.Failed<SearchPage>) reply).fault());
  }

  private ObjectNode bundle(
      ServedType type, String root, List<Parameter> asked, SearchPage page, boolean first) {
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("id", UUID.randomUUID().toString());
    bundle.put("type", "searchset");
    // Cerner says no total; only where the first page is all do we know it.
    if (first && page.next().isEmpty() && page.warnings().isEmpty()) {
      bundle.put("total", page.matches().size());
    }
    ArrayNode relations = bundle.putArray("link");
    relations
        .addObject()
        .put("relation", "self")
        .put("url", Links.toSearch(root, type.name(), asked));
    page.next()
        .ifPresent(
            next ->
                relations
                    .addObject()
                    .put("relation", "next")
                    .put(
                        "url",
                        Links.toSearch(
                            root,
                            type.name(),
                            List.of(new Parameter(PAGE, tokens.seal(type.name(), next))))));
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    page.matches().forEach(match -> addMatch(entries, root, match));
    page.warnings().forEach(warning -> addWarning(entries, warning));
    if (!entries.isEmpty()) {
      bundle.set("entry", entries);
    }
    return bundle;
  }

  private void addMatch(ArrayNode entries, String root, ObjectNode match) {
    ObjectNode entry = entries.addObject();
    String type = match.path("resourceType").asText();
    entry.put("fullUrl", Links.toResource(root, type, match.path("id").asText()));
    entry.set("resource", links.turnedToEngine(match, root));
    entry.putObject("search").put("mode", "match");
  }

  /** What Cerner says of results it could not express. */
  private static void addWarning(ArrayNode entries, String warning) {
    ObjectNode entry = entries.addObject();
    entry.put("fullUrl", "urn:uuid:" + UUID.randomUUID());
    entry.set("resource", Outcomes.remark("warning", "suppressed", warning));
    entry.putObject("search").put("mode", "outcome");
  }
}

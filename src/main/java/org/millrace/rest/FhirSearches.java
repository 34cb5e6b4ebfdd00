package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.mapping.ResourceCalls;
import org.millrace.rest.Refusal.Finding;

/** Searches of the FHIR facade: checks, asks Cerner for one page, writes a Bundle of our own. */
final class FhirSearches {
  /** The parameter of a next link; stands alone. */
  static final String PAGE = "_page";

  private final CernerActions cerner;
  private final RestSettings settings;
  private final Links links;
  private final PageTokens tokens;

  FhirSearches(CernerActions cerner, RestSettings settings, Links links, Clock clock) {
    this.cerner = cerner;
    this.settings = settings;
    this.links = links;
    tokens = new PageTokens(clock, settings.pageLifetime());
  }

  /** {@code POST Type/_search}: parameters in the URL and in the form count alike. */
  RestAnswer posted(ResourceCalls type, RestRequest request) {
    if (!SearchForm.isForm(request)) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.UNSUPPORTED_MEDIA_TYPE,
              "a search is posted with Content-Type " + MediaTypes.FORM));
    }
    if (SearchForm.isTooLong(request)) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.BODY_TOO_LARGE,
              "the form of a search has at most " + SearchForm.LONGEST + " bytes"));
    }
    Optional<List<Parameter>> form = SearchForm.of(request);
    if (form.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.MALFORMED_BODY, "the form is not percent-encoded UTF-8"));
    }
    List<Parameter> all = new ArrayList<>(request.query());
    all.addAll(form.get());
    return search(type, request, all);
  }

  RestAnswer search(ResourceCalls type, RestRequest request, List<Parameter> given) {
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
    Call call = Call.within(settings.answerWithin()).sharing();
    Reply<SearchPage> reply =
        cerner.fhir().search(type.type(), SearchChecks.asSent(type, parameters), call);
    return answer(type, request, parameters, reply, true);
  }

  private RestAnswer page(ResourceCalls type, RestRequest request, List<Parameter> parameters) {
    if (parameters.size() != 1) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.PAGE_UNKNOWN,
              "a page link is used as it was given, with nothing added"));
    }
    PageTokens.Opened opened = tokens.open(type.type(), parameters.get(0).value());
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
      ResourceCalls type,
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
      ResourceCalls type, String root, List<Parameter> asked, SearchPage page, boolean first) {
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
        .put("url", Links.toSearch(root, type.type(), asked));
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
                            type.type(),
                            List.of(new Parameter(PAGE, tokens.seal(type.type(), next))))));
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    page.matches().forEach(match -> addEntry(entries, root, match, "match"));
    page.included().forEach(added -> addEntry(entries, root, added, "include"));
    page.warnings().forEach(warning -> addWarning(entries, warning));
    if (!entries.isEmpty()) {
      bundle.set("entry", entries);
    }
    return bundle;
  }

  private void addEntry(ArrayNode entries, String root, ObjectNode found, String mode) {
    ObjectNode entry = entries.addObject();
    String type = found.path("resourceType").asText();
    entry.put("fullUrl", Links.toResource(root, type, found.path("id").asText()));
    entry.set("resource", links.turnedToEngine(found, root));
    entry.putObject("search").put("mode", mode);
  }

  /** What Cerner says of results it could not express. */
  private static void addWarning(ArrayNode entries, String warning) {
    ObjectNode entry = entries.addObject();
    entry.put("fullUrl", "urn:uuid:" + UUID.randomUUID());
    entry.set("resource", Outcomes.remark("warning", "suppressed", warning));
    entry.putObject("search").put("mode", "outcome");
  }
}

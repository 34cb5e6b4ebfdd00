package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.cerner.Ask.Kind;

/**
 * The interactions of FHIR with any type of resource: what the actions are made of. What a server
 * takes of them is checked by those who ask; here nothing leaves for another path or parameter.
 * Thread-safe. Source: FHIR R4, RESTful API.
 */
public final class FhirInteractions {
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{2,40}");
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_\\-][A-Za-z0-9_.:\\-]{0,60}");

  /** Opaque, but nothing that could end a header or its quotes. */
  private static final Pattern VERSION = Pattern.compile("[\\x21\\x23-\\x7e]{1,200}");

  private static final String FHIR_JSON = "application/fhir+json";
  private static final String JSON_PATCH = "application/json-patch+json";

  private final FhirAddresses addresses;
  private final FhirCalls calls;
  private final Pages pages;

  FhirInteractions(FhirAddresses addresses, FhirCalls calls) {
    this.addresses = addresses;
    this.calls = calls;
    this.pages = new Pages(calls, addresses);
  }

  /** {@code GET Type/{id}}; what no id can be is {@link FaultCode#NOT_FOUND} without a call. */
  public Reply<FhirResource> read(String type, String id, Call call) {
    if (!isType(type) || !FhirAddresses.isId(id)) {
      return noId(type);
    }
    HttpCall request = Pages.get(addresses.read(type, id), type + "/{id}");
    return calls.read(new Ask(Kind.READ, type, request), id, call);
  }

  /**
   * {@code GET Type/$name?...}.
   *
   * @param name without the dollar
   * @param answers the type of resource that it answers with
   */
  public Reply<FhirResource> operation(
      String type, String name, String answers, List<Parameter> parameters, Call call) {
    Optional<Fault> fault = fault(type, parameters);
    if (fault.isPresent()) {
      return Reply.failed(fault.get());
    }
    String path = type + "/$" + name;
    HttpCall request =
        Pages.get(
            addresses.search(path, parameters), FhirAddresses.searchTemplate(path, parameters));
    return calls.operation(new Ask(Kind.READ, type, request), answers, call);
  }

  /**
   * A Binary that Cerner makes when it is read, by the address that it gave; another address is
   * {@link FaultCode#REFUSED} without a call.
   */
  public Reply<FhirResource> made(String link, Call call) {
    Optional<URI> address = addresses.page(link).filter(addresses::isOperationOnBinary);
    return address.isEmpty()
        ? refused("The address of the content is none that Cerner makes contents at.")
        : calls.operation(
            new Ask(Kind.READ, "Binary", Pages.get(address.get(), "Binary/$operation")),
            "Binary",
            call);
  }

  /** One page of {@code GET Type?...}. */
  public Reply<SearchPage> search(String type, List<Parameter> parameters, Call call) {
    return fault(type, parameters)
        .<Reply<SearchPage>>map(Reply::failed)
        .orElseGet(() -> page(asked(type, parameters), call));
  }

  /**
   * The next page of a search, by a link that {@link SearchPage#next} gave. Another link is {@link
   * FaultCode#REFUSED} without a call.
   */
  public Reply<SearchPage> nextPage(String link, Call call) {
    Optional<URI> page = addresses.page(link);
    if (page.isEmpty()) {
      return refused("The link to the next page is none that Cerner gave.");
    }
    String type = addresses.pageType(page.get()).orElse("");
    HttpCall request = Pages.get(page.get(), addresses.pageTemplate(page.get()));
    return page(new Ask(Kind.SEARCH, type, request), call);
  }

  /**
   * What a whole search found.
   *
   * @param whole false if the server says that it left out matches it could not express
   */
  public record FoundResources(List<ObjectNode> resources, boolean whole) {}

  /**
   * {@code GET Type?...}, every page, each resource once; an empty list is an answer. Where the
   * server says that it could express none of them, {@link FaultCode#RECORD_DEFECT}.
   *
   * @param sortedBy the element with a time, with dots, by which they are put in order, the oldest
   *     first and those without one in front; empty for the server's order
   * @param most more are {@link FaultCode#TOO_MANY}
   */
  public Reply<FoundResources> searchAll(
      String type, List<Parameter> parameters, String sortedBy, int most, Call call) {
    Optional<Fault> fault = fault(type, parameters);
    if (fault.isPresent()) {
      return Reply.failed(fault.get());
    }
    int enough = most == Integer.MAX_VALUE ? most : most + 1;
    return pages
        .all(asked(type, parameters), enough, call)
        .then(
            found -> {
              if (found.resources().size() > most) {
                return Reply.failed(
                    Faults.beforeAsking(
                        FaultCode.TOO_MANY, "The search finds more than " + most + " resources."));
              }
              if (found.resources().isEmpty() && found.suppressed()) {
                return Reply.failed(
                    Faults.beforeAsking(
                        FaultCode.RECORD_DEFECT,
                        "There are matches that Cerner cannot express in FHIR."));
              }
              return Reply.done(
                  new FoundResources(sorted(found.resources(), sortedBy), !found.suppressed()));
            });
  }

  private static List<ObjectNode> sorted(List<ObjectNode> resources, String by) {
    if (by.isEmpty()) {
      return resources;
    }
    String place = "/" + by.replace('.', '/');
    List<ObjectNode> sorted = new ArrayList<>(resources);
    sorted.sort(Comparator.comparing((ObjectNode one) -> moment(one, place)));
    return List.copyOf(sorted);
  }

  private static Instant moment(ObjectNode resource, String place) {
    return Bundles.moment(resource.at(place).asText());
  }

  /** {@code POST Type}, sent once; whether it may be sent again is {@link Fault#nothingStored}. */
  public Reply<Created> create(String type, ObjectNode resource, Call call) {
    if (!isType(type) || !resource.path("resourceType").asText().equals(type)) {
      return refused("The resource to create is not of type " + type + ".");
    }
    Map<String, String> headers = Map.of("Accept", FHIR_JSON, "Content-Type", FHIR_JSON);
    HttpCall request =
        new HttpCall("POST", addresses.type(type), type, headers, FhirJson.bytes(resource));
    return calls.create(new Ask(Kind.CREATE, type, request), call);
  }

  /**
   * {@code PUT Type/{id}} with {@code If-Match}, sent once. Another version at the server is {@link
   * FaultCode#CONFLICT}; one update of a version is stored at most once, so that after a lost
   * answer the version tells.
   *
   * @param version what the update is based on, as {@code meta.versionId} says it
   * @param resource the whole body, its id included
   */
  public Reply<Updated> update(
      String type, String id, String version, ObjectNode resource, Call call) {
    return changed("PUT", type, id, version, FHIR_JSON, FhirJson.bytes(resource), call);
  }

  /**
   * {@code PATCH Type/{id}} with {@code If-Match}, a JSON Patch, sent once; otherwise as {@link
   * #update}.
   */
  public Reply<Updated> patch(
      String type, String id, String version, ArrayNode operations, Call call) {
    return changed("PATCH", type, id, version, JSON_PATCH, FhirJson.bytes(operations), call);
  }

  private Reply<Updated> changed(
      String method,
      String type,
      String id,
      String version,
      String contentType,
      byte[] body,
      Call call) {
    if (!isType(type) || !FhirAddresses.isId(id)) {
      return noId(type);
    }
    if (!VERSION.matcher(version).matches()) {
      return refused("The version that an update is based on is none.");
    }
    Map<String, String> headers =
        Map.of(
            "Accept", FHIR_JSON, "Content-Type", contentType, "If-Match", "W/\"" + version + "\"");
    HttpCall request =
        new HttpCall(method, addresses.read(type, id), type + "/{id}", headers, body);
    return calls.update(new Ask(Kind.UPDATE, type, request), call);
  }

  /** Not a fault of the server's: the names come from tables, the values from callers. */
  private static Optional<Fault> fault(String type, List<Parameter> parameters) {
    if (!isType(type)) {
      return Optional.of(
          Faults.beforeAsking(FaultCode.REFUSED, "There is no such type of resource."));
    }
    for (Parameter parameter : parameters) {
      if (!PARAMETER.matcher(parameter.name()).matches()) {
        // The name comes from outside and may be anything, so it is not repeated.
        return Optional.of(
            Faults.beforeAsking(
                FaultCode.REFUSED,
                "Cerner does not search " + type + " by one of the parameters given."));
      }
      if (parameter.value().isBlank() || !FhirAddresses.isText(parameter.value())) {
        return Optional.of(
            Faults.beforeAsking(
                FaultCode.REFUSED,
                "The search parameter " + parameter.name() + " of " + type + " has no text."));
      }
    }
    return Optional.empty();
  }

  private static boolean isType(String type) {
    return TYPE.matcher(type).matches();
  }

  private Ask asked(String type, List<Parameter> parameters) {
    boolean byTraits = type.equals("Patient") && SearchParameters.describe(parameters);
    return search(type, byTraits ? Kind.SEARCH_BY_TRAITS : Kind.SEARCH, parameters);
  }

  Ask search(String type, Kind kind, List<Parameter> parameters) {
    URI uri = parameters.isEmpty() ? addresses.type(type) : addresses.search(type, parameters);
    String template = FhirAddresses.searchTemplate(type, parameters);
    return new Ask(kind, type, Pages.get(uri, template));
  }

  Pages pages() {
    return pages;
  }

  private Reply<SearchPage> page(Ask ask, Call call) {
    return calls.search(ask, addresses, call).then(found -> Reply.done(found.page()));
  }

  private static <T> Reply<T> noId(String type) {
    return Reply.failed(
        Faults.beforeAsking(
            FaultCode.NOT_FOUND, "No " + type + " can have such an id; Cerner was not asked."));
  }

  private static <T> Reply<T> refused(String sentence) {
    return Reply.failed(Faults.beforeAsking(FaultCode.REFUSED, sentence));
  }
}

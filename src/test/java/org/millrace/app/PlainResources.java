package org.millrace.app;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.RawParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PatchTypeEnum;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** The resources of one type, with all that a plain FHIR server does with them. */
public final class PlainResources implements IResourceProvider {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Class<? extends Resource> type;
  private final String name;
  private final Map<String, Resource> byId = new ConcurrentSkipListMap<>();

  PlainResources(Class<? extends Resource> type) {
    this.type = type;
    this.name = type.getSimpleName();
  }

  @Override
  public Class<? extends IBaseResource> getResourceType() {
    return type;
  }

  /** Puts one in its place, in this version. */
  IdType put(String id, long version, Resource resource) {
    IdType now = new IdType(name, id, Long.toString(version));
    resource.setId(now);
    resource.getMeta().setVersionId(Long.toString(version)).setLastUpdated(new Date());
    byId.put(id, resource);
    return now;
  }

  /** The one of this id. */
  @Read
  public Resource read(@IdParam IdType id) {
    Resource found = byId.get(id.getIdPart());
    if (found == null) {
      throw new ResourceNotFoundException(id);
    }
    return found;
  }

  /** Those of this {@code _id}, or all: what else it is searched by is not this server's matter. */
  @Search(allowUnknownParams = true)
  public List<Resource> search(@RawParam @Nullable Map<String, List<String>> parameters) {
    List<String> ids = parameters == null ? List.of() : parameters.getOrDefault("_id", List.of());
    return byId.values().stream()
        .filter(each -> ids.isEmpty() || ids.contains(each.getIdElement().getIdPart()))
        .toList();
  }

  /** A new one; its id is told with a version behind it, and its body. */
  @Create
  public MethodOutcome create(@ResourceParam Resource resource) {
    IdType id = put(name.toLowerCase(java.util.Locale.ROOT) + "-" + (byId.size() + 1), 1, resource);
    return new MethodOutcome(id, true).setResource(resource);
  }

  /** Another in its place, if its caller has seen the newest version. */
  @Update
  public MethodOutcome update(@IdParam IdType id, @ResourceParam Resource resource) {
    return new MethodOutcome(put(id.getIdPart(), next(id), resource)).setResource(resource);
  }

  /** {@code add} and {@code replace}, which is what the tests send. */
  @Patch
  public MethodOutcome patch(@IdParam IdType id, PatchTypeEnum kind, @ResourceParam String body)
      throws IOException {
    long version = next(id);
    var parser = FhirContext.forR4Cached().newJsonParser();
    ObjectNode json = (ObjectNode) JSON.readTree(parser.encodeResourceToString(read(id)));
    for (JsonNode operation : JSON.readTree(body)) {
      if (!operation.path("op").asText().equals("test")) {
        apply(json, operation);
      }
    }
    Resource changed = parser.parseResource(type, json.toString());
    return new MethodOutcome(put(id.getIdPart(), version, changed)).setResource(changed);
  }

  private static void apply(ObjectNode json, JsonNode operation) {
    String path = operation.path("path").asText();
    int last = path.lastIndexOf('/');
    String member = path.substring(last + 1);
    JsonNode parent = json.at(path.substring(0, last));
    if (parent instanceof ArrayNode list) {
      list.add(operation.path("value"));
    } else if (member.equals("-")) {
      json.withArray(path.substring(0, last)).add(operation.path("value"));
    } else if (parent instanceof ObjectNode object) {
      object.set(member, operation.path("value"));
    } else {
      json.withObject(path.substring(0, last)).set(member, operation.path("value"));
    }
  }

  private long next(IdType id) {
    long now = Long.parseLong(read(id).getMeta().getVersionId());
    if (!String.valueOf(now).equals(id.getVersionIdPart())) {
      throw new ResourceVersionConflictException("version " + now + " is the newest");
    }
    return now + 1;
  }
}

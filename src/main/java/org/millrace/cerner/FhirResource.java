package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A resource as Cerner gave it.
 *
 * @param json the resource, unchanged
 * @param etag the ETag header as received, for example {@code W/"23"}; empty if there was none
 * @param lastModified the Last-Modified header as received; empty if there was none
 */
public record FhirResource(ObjectNode json, String etag, String lastModified) {

  public String id() {
    return json.path("id").asText();
  }

  public String type() {
    return json.path("resourceType").asText();
  }

  /** Type and id only: the content is a patient's. */
  @Override
  public String toString() {
    return type();
  }
}

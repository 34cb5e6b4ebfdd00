package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Exchanged.Answer;

/**
 * What the answer to a create tells of the new resource. Cerner's has no body: the id stands in
 * Location, absolute, without a version. Other servers write it relative, with {@code /_history/}
 * or give the resource back.
 */
final class NewResource {
  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

  private NewResource() {}

  /** Empty if no id can be had. */
  static Optional<Created> told(String type, Answer answer) {
    Optional<ObjectNode> body =
        FhirJson.object(answer.body())
            .filter(json -> json.path("resourceType").asText().equals(type));
    Matcher location =
        Pattern.compile("(?:^|/)" + type + "/([^/?#]+)(?:/_history/([^/?#]+))?/?(?:[?#].*)?$")
            .matcher(answer.header("Location").strip());
    boolean located = location.find();
    String id = located ? location.group(1) : body.map(json -> json.path("id").asText()).orElse("");
    if (!FhirAddresses.isId(id)) {
      return Optional.empty();
    }
    String version = version(answer.header("ETag"));
    if (version.isEmpty() && located && location.group(2) != null) {
      version = location.group(2);
    }
    if (version.isEmpty()) {
      version = body.map(json -> json.path("meta").path("versionId").asText()).orElse("");
    }
    return Optional.of(new Created(type, id, version));
  }

  /** Of an ETag; empty if there is none. */
  static String version(String etag) {
    Matcher quoted = ETAG.matcher(etag.strip());
    return quoted.matches() ? quoted.group(1) : etag.strip();
  }
}

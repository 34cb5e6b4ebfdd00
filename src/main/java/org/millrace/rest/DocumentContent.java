package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Call;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.rest.Refusal.Finding;

/**
 * Reads what a document says: Cerner shows one stored document as several contents, each the
 * address of a Binary. Immutable. Source: Cerner Millennium R4, DocumentReference and Binary.
 *
 * @param cernerBase of the FHIR server. The id of another server's Binary would name some other
 *     document there
 */
record DocumentContent(FhirInteractions fhir, URI cernerBase) {
  private static final Pattern BINARY = Pattern.compile("Binary/([A-Za-z0-9\\-.]{1,64})");

  /** What reading it came to. */
  sealed interface Read {
    record Done(ObjectNode answer) implements Read {}

    record Refused(Refusal refusal) implements Read {}
  }

  /**
   * Reads one.
   *
   * @param contentType which of the contents; the first if empty
   */
  Read read(String id, Optional<String> contentType, Call call) {
    Reply<FhirResource> document = fhir.read("DocumentReference", id, call);
    if (!(document instanceof Reply.Done<FhirResource> done)) {
      return new Read.Refused(Refusal.of(((Reply.Failed<FhirResource>) document).fault()));
    }
    List<String> types = new ArrayList<>();
    for (JsonNode content : done.value().json().path("content")) {
      JsonNode attachment = content.path("attachment");
      String type = attachment.path("contentType").asText();
      boolean wanted =
          contentType.map(MediaTypes::essence).map(MediaTypes.essence(type)::equals).orElse(true);
      if (wanted && attachment.path("url").isTextual()) {
        Matcher binary = BINARY.matcher(relative(attachment.path("url").asText()));
        return binary.matches() ? content(attachment, binary.group(1), call) : keptElsewhere();
      }
      types.add(type);
    }
    return new Read.Refused(
        Refusal.of(
            RefusalReason.NOT_FOUND,
            "the document has no such content",
            List.of(new Finding("contentType", "is none of " + String.join(", ", types)))));
  }

  private String relative(String url) {
    String base = cernerBase + "/";
    return url.startsWith(base) ? url.substring(base.length()) : url;
  }

  private static Read keptElsewhere() {
    return new Read.Refused(
        Refusal.of(
            RefusalReason.RECORD_DEFECT,
            "the content is at an address that is no Binary of this Cerner server, and no other"
                + " server is asked"));
  }

  /** Of a Binary that would pass for an empty document. */
  static Refusal noData() {
    return Refusal.of(
        RefusalReason.RECORD_DEFECT, "the Binary that the document names holds no data");
  }

  private Read content(JsonNode attachment, String id, Call call) {
    Reply<FhirResource> reply = fhir.read("Binary", id, call);
    if (!(reply instanceof Reply.Done<FhirResource> done)) {
      return new Read.Refused(Refusal.of(((Reply.Failed<FhirResource>) reply).fault()));
    }
    JsonNode binary = done.value().json();
    String type = binary.path("contentType").asText();
    String data = binary.path("data").asText();
    if (data.isEmpty()) {
      return new Read.Refused(noData());
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("contentType", type).put("data", data);
    if (attachment.hasNonNull("title")) {
      answer.put("title", attachment.path("title").asText());
    }
    text(type, data).ifPresent(text -> answer.put("text", text));
    return new Read.Done(answer);
  }

  /** The content as a text where it is one, in UTF-8 as Cerner keeps all its documents. */
  private static Optional<String> text(String type, String data) {
    if (!MediaTypes.essence(type).startsWith("text/")) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(data);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException noText) {
      return Optional.empty();
    }
  }
}

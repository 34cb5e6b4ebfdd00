package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The one attachment of a note: what may be sent, and the renditions it is read back as.
 *
 * <p>Source: Cerner Millennium R4, DocumentReference, Create; Binary.
 */
final class AttachmentRules {
  private static final String PDF = "application/pdf";
  private static final String UTF_8 = ";charset=utf-8";
  private static final String XHTML = "application/xhtml+xml" + UTF_8;

  /** Media types as they must be written, to the letter. */
  static final Set<String> CREATE_TYPES =
      Set.of(
          PDF,
          "text/plain" + UTF_8,
          "text/richtext" + UTF_8,
          "text/rtf" + UTF_8,
          "text/html" + UTF_8,
          "application/xml" + UTF_8,
          XHTML);

  static final Set<String> UPDATE_TYPES =
      Set.of(PDF, "text/rtf" + UTF_8, "text/html" + UTF_8, "application/xml" + UTF_8, XHTML);

  private final Site site;
  private final Records records;

  AttachmentRules(Site site, Records records) {
    this.site = site;
    this.records = records;
  }

  /** The attachment, if there is exactly one and it is in order. */
  JsonNode check(ObjectNode sent, Set<String> types) {
    Rule.require(sent.path("content").size() == 1, "exactly one content is needed");
    JsonNode attachment = sent.path("content").path(0).path("attachment");
    Rule.requireOneOf(attachment, "contentType", types);
    String data = Rule.requireText(attachment, "data", "attachment.data is missing");
    Rule.requireTime(attachment, "creation");
    byte[] bytes = decoded(data);
    String type = attachment.path("contentType").asText();
    if (!type.equals(PDF)) {
      requireUtf8(bytes);
    }
    if (type.equals(XHTML)) {
      requireWellFormed(bytes);
    }
    return attachment;
  }

  void requireNotEarlier(JsonNode attachment, JsonNode storedCreation) {
    Optional<FhirTime> before = FhirTime.parse(storedCreation.asText(""));
    Optional<FhirTime> now = FhirTime.parse(attachment.path("creation").asText(""));
    Rule.require(
        before.isEmpty() || now.isEmpty() || !now.get().start().isBefore(before.get().start()),
        "creation is earlier than that of the stored document");
  }

  /** Stores the bytes and lists their renditions in the document, by address and never inline. */
  void file(ObjectNode document, JsonNode sent) {
    String id = document.path("id").asText();
    String type = sent.path("contentType").asText();
    ArrayNode content = document.putArray("content");
    String original = binaryId(type, id);
    binary(original, type, sent.path("data").asText());
    ObjectNode first = rendition(content, original, type);
    for (String field : List.of("title", "creation")) {
      Json.text(sent, field).ifPresent(value -> first.put(field, value));
    }
    if (type.equals("text/plain" + UTF_8)) {
      String text = new String(decoded(sent.path("data").asText()), StandardCharsets.UTF_8);
      binary("TR-" + id, "text/html", base64(page(text)));
      rendition(content, "TR-" + id, "text/html");
    }
  }

  private static String binaryId(String type, String id) {
    if (type.equals(PDF)) {
      return "XR-" + id;
    }
    return (type.startsWith("application/xml") ? "XML-" : "R-") + id;
  }

  private void binary(String id, String type, String data) {
    ObjectNode binary = Json.object().put("resourceType", "Binary").put("id", id);
    binary.put("contentType", type).put("data", data);
    records.put(binary);
  }

  private ObjectNode rendition(ArrayNode content, String binaryId, String type) {
    ObjectNode entry = content.addObject();
    ObjectNode attachment = entry.putObject("attachment").put("contentType", type);
    attachment.put("url", site.fhirBaseUrl() + "/Binary/" + binaryId);
    entry
        .putObject("format")
        .put("system", "http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem")
        .put("code", "urn:ihe:iti:xds:2017:mimeTypeSufficient")
        .put("display", "mimeType Sufficient");
    return attachment;
  }

  private static String page(String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "<html><head><meta charset=\"utf-8\"/></head><body><pre>"
        + escaped
        + "</pre></body></html>";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decoded(String data) {
    try {
      return Base64.getDecoder().decode(data);
    } catch (IllegalArgumentException notBase64) {
      throw Refusal.unprocessable("attachment.data is no base64");
    }
  }

  private static void requireUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException notUtf8) {
      throw Refusal.unprocessable("attachment.data is not encoded in UTF-8");
    }
  }

  /** Cerner turns XHTML into RTF and takes only what an XML parser takes. */
  private static void requireWellFormed(byte[] bytes) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (reader.hasNext()) {
        reader.next();
      }
      reader.close();
    } catch (XMLStreamException malformed) {
      throw Refusal.unprocessable("attachment.data is no well-formed XHTML");
    }
  }
}

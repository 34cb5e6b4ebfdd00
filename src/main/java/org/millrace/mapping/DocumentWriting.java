package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The contents of a document as OBX: plain text one line a segment (TX), everything else
 * encapsulated in Base64 (ED), each content of the document in turn. Several contents are told
 * apart by OBX-4. For one run, not thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 7.4.2 (OBX), ch. 2A (ED), tables 0085, 0291 and 0834.
 */
final class DocumentWriting {
  private static final String SUBTYPES = "HL70291";
  private static final String TYPES = "HL70834";
  private static final String IN_ERROR = "entered-in-error";
  private static final Map<String, String> STATUS =
      Map.of("final", "F", "amended", "C", "preliminary", "P", IN_ERROR, "D");

  private final Run run;
  private final FhirNode document;
  private final ResourcePool pool;
  private final String rule;
  private final List<SegmentDraft> drafts = new ArrayList<>();
  private int occurrence;

  /**
   * @param document a DocumentReference
   * @param pool where a content that only names its data may find it, as a Binary
   * @param rule the line of the group that asks for this, {@code messages/MDM_T02.yaml:17}
   * @param written how many OBX the message holds already
   */
  DocumentWriting(Run run, FhirNode document, ResourcePool pool, String rule, int written) {
    this.run = run;
    this.document = document;
    this.pool = pool;
    this.rule = rule;
    this.occurrence = written;
  }

  /**
   * What a content holds.
   *
   * @param type {@code text/plain;charset=utf-8}
   * @param data Base64 without white space
   * @param number which content of the document, 0 if it has no other
   * @param source where the data stands
   */
  private record Content(String type, byte[] bytes, String data, int number, String source) {
    String mediaType() {
      int end = type.indexOf(';');
      return (end < 0 ? type : type.substring(0, end)).strip();
    }
  }

  List<SegmentDraft> segments() {
    JsonNode contents = document.json().path("content");
    for (int i = 0; i < contents.size(); i++) {
      String path = document.path() + ".content[" + i + "].attachment";
      int number = contents.size() > 1 ? i + 1 : 0;
      content(contents.get(i).path("attachment"), path, number).ifPresent(this::write);
    }
    return drafts;
  }

  private Optional<Content> content(JsonNode attachment, String path, int number) {
    String type = attachment.path("contentType").asText();
    run.fhirRead(path + ".contentType");
    run.fhirRead(path + ".url");
    if (attachment.has("url")) {
      run.used(path + ".url", Run.USED_FOR + "finding the data", rule);
    }
    if (attachment.has("data")) {
      run.fhirRead(path + ".data");
      return content(type, attachment.path("data").asText(), number, path + ".data");
    }
    Optional<ResourcePool.Entry> binary =
        pool.named(attachment.path("url").asText())
            .filter(entry -> entry.type().equals("Binary") && entry.root().json().has("data"));
    if (binary.isEmpty()) {
      run.note(
          CoverageNote.Kind.UNREAD,
          path,
          "This content holds no data; read the Binary that its url names and give it beside the"
              + " document.");
      return Optional.empty();
    }
    pool.written(binary.get());
    FhirNode root = binary.get().root();
    root.markRead(run);
    String said = root.json().path("contentType").asText(type);
    return content(said, root.json().path("data").asText(), number, root.path() + ".data");
  }

  private Optional<Content> content(String type, String data, int number, String source) {
    String bare = data.replaceAll("\\s", "");
    try {
      byte[] bytes = Base64.getDecoder().decode(bare);
      if (bytes.length > 0) {
        String lower = type.toLowerCase(Locale.ROOT);
        return Optional.of(new Content(lower, bytes, bare, number, source));
      }
    } catch (IllegalArgumentException noBase64) {
      // Told below: what cannot be read is not sent as if it could.
    }
    run.note(CoverageNote.Kind.UNREADABLE, source, "This is no Base64; the content is left out.");
    return Optional.empty();
  }

  private void write(Content content) {
    Optional<String> text = Optional.empty();
    if (content.mediaType().equals("text/plain")) {
      text = text(content);
      if (text.isEmpty()) {
        run.note(
            CoverageNote.Kind.LOSSY,
            content.source(),
            "The text cannot be read in its charset; it is sent encapsulated.");
      }
    }
    if (text.isEmpty()) {
      encapsulated(content);
      return;
    }
    for (String line : ReportText.linesEndedByLf(text.get()).lines().toList()) {
      SegmentDraft draft = observation("TX", content);
      put(draft, 5, 1, line, content.source(), "text lines");
    }
  }

  /** Text that its charset can be read by. */
  private static Optional<String> text(Content content) {
    int at = content.type().indexOf("charset=");
    try {
      String name = at < 0 ? "" : content.type().substring(at + "charset=".length());
      String bare = name.replaceAll("[\"\\s]|;.*", "");
      Charset charset = bare.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(bare);
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(content.bytes())).toString());
    } catch (IllegalCharsetNameException
        | UnsupportedCharsetException
        | CharacterCodingException unreadable) {
      return Optional.empty();
    }
  }

  private void encapsulated(Content content) {
    SegmentDraft draft = observation("ED", content);
    String media = content.mediaType();
    if (media.indexOf('/') < 0) {
      run.note(
          CoverageNote.Kind.DEFAULTED,
          content.source(),
          "The content says no media type; it is sent as bytes of any kind.");
      media = "application/octet-stream";
    }
    part(draft, 2, TYPES, media, media.substring(0, media.indexOf('/')), content);
    part(draft, 3, SUBTYPES, media, media.substring(media.indexOf('/') + 1), content);
    put(draft, 5, 4, "Base64", "fixed", "base64");
    put(draft, 5, 5, content.data(), content.source(), "base64");
  }

  /** Half of a media type as its table says it, else as it is. */
  private void part(
      SegmentDraft draft,
      int component,
      String tableName,
      String media,
      String otherwise,
      Content content) {
    CodeTable table = run.rules().tables().get(tableName);
    Optional<CodeTable.Row> row = table == null ? Optional.empty() : table.reverse(media);
    if (row.isEmpty()) {
      run.note(
          CoverageNote.Kind.UNKNOWN_CODE,
          content.source(),
          "Table " + tableName + " has no v2 code for this media type; it is sent as it is.");
    }
    put(
        draft,
        5,
        component,
        row.map(CodeTable.Row::v2Code).orElse(otherwise),
        content.source().replaceAll("data$", "contentType"),
        row.map(found -> tableName + ":" + found.line()).orElse("media type"));
  }

  private SegmentDraft observation(String type, Content content) {
    occurrence++;
    SegmentDraft draft = new SegmentDraft("OBX", occurrence, true);
    put(draft, 1, 1, String.valueOf(occurrence), "occurrence", "");
    put(draft, 2, 1, type, content.source().replaceAll("data$", "contentType"), "value type");
    name(draft);
    if (content.number() > 0) {
      put(draft, 4, 1, String.valueOf(content.number()), content.source(), "number of the content");
    }
    status(draft);
    drafts.add(draft);
    return draft;
  }

  private void name(SegmentDraft draft) {
    JsonNode type = document.json().path("type");
    JsonNode coding = type.path("coding").path(0);
    for (JsonNode each : type.path("coding")) {
      if (each.path("system").asText().equals(DocumentFunctions.DocumentType.LOINC)) {
        coding = each;
        break;
      }
    }
    String path = document.path() + ".type";
    put(draft, 3, 1, coding.path("code").asText(), path, "");
    String said = type.path("text").asText(coding.path("display").asText());
    put(draft, 3, 2, said, path, "");
    if (coding.has("code")) {
      String system = run.rules().codingSystemName(coding.path("system").asText());
      put(
          draft,
          3,
          3,
          system.isEmpty() || system.contains(":") ? "L" : system,
          path,
          "coding-system");
    }
  }

  private void status(SegmentDraft draft) {
    String path = document.path() + ".docStatus";
    String said = document.json().path("docStatus").asText();
    if (document.json().path("status").asText().equals(IN_ERROR)) {
      said = IN_ERROR;
      path = document.path() + ".status";
    }
    run.fhirRead(path);
    if (!STATUS.containsKey(said)) {
      run.note(
          CoverageNote.Kind.DEFAULTED, path, "The document says no status; it is sent as final.");
    }
    put(draft, 11, 1, STATUS.getOrDefault(said, "F"), path, "status of the document");
  }

  private void put(
      SegmentDraft draft, int field, int component, String text, String source, String through) {
    if (!text.isEmpty()) {
      String path = draft.path(field, 0, component, 0);
      draft.put(field, 1, component, 1, text, new Lineage(path, source, rule, through));
    }
  }
}

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
 * encapsulated (ED), each content of the document in turn. For one run, not thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 7.4.2 (OBX), ch. 2A (ED), tables 0085 and 0291.
 */
final class DocumentWriting {
  private static final String RULE = "report-content";
  private static final Map<String, String> STATUS =
      Map.of("final", "F", "amended", "C", "preliminary", "P");

  private final Run run;
  private final FhirNode document;
  private final List<SegmentDraft> drafts = new ArrayList<>();
  private int occurrence;

  /**
   * @param document a DocumentReference
   * @param written how many OBX the message holds already
   */
  DocumentWriting(Run run, FhirNode document, int written) {
    this.run = run;
    this.document = document;
    this.occurrence = written;
  }

  List<SegmentDraft> segments() {
    JsonNode contents = document.json().path("content");
    for (int i = 0; i < contents.size(); i++) {
      String path = document.path() + ".content[" + i + "].attachment";
      content(contents.get(i).path("attachment"), path);
    }
    return drafts;
  }

  private void content(JsonNode attachment, String path) {
    String type = attachment.path("contentType").asText().toLowerCase(Locale.ROOT);
    String data = attachment.path("data").asText();
    if (data.isEmpty()) {
      run.note(
          CoverageNote.Kind.UNREAD,
          path,
          "This content holds no data; read what its url points at before it can be sent.");
      return;
    }
    run.fhirRead(path + ".data");
    run.fhirRead(path + ".contentType");
    Optional<String> text = type.startsWith("text/plain") ? text(type, data) : Optional.empty();
    if (text.isPresent()) {
      text.get()
          .lines()
          .forEach(line -> observation("TX", path, draft -> put(draft, 1, line, path)));
      return;
    }
    int slash = type.indexOf('/');
    String main = slash < 0 ? "application" : type.substring(0, slash);
    String parameters = type.substring(slash + 1);
    int end = parameters.indexOf(';');
    String subtype = (end < 0 ? parameters : parameters.substring(0, end)).strip();
    observation(
        "ED",
        path,
        draft -> {
          put(draft, 2, main, path);
          put(draft, 3, subtype, path);
          put(draft, 4, "Base64", path);
          put(draft, 5, data, path);
        });
  }

  /** Text that its charset can be read by; else it goes out as it is, encapsulated. */
  private static Optional<String> text(String type, String data) {
    int at = type.indexOf("charset=");
    try {
      String name = at < 0 ? "utf-8" : type.substring(at + "charset=".length()).strip();
      Charset charset = at < 0 ? StandardCharsets.UTF_8 : Charset.forName(name);
      byte[] bytes = Base64.getDecoder().decode(data);
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalCharsetNameException
        | UnsupportedCharsetException
        | CharacterCodingException unreadable) {
      return Optional.empty();
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  private interface Value {
    void put(SegmentDraft draft);
  }

  private void observation(String type, String path, Value value) {
    occurrence++;
    SegmentDraft draft = new SegmentDraft("OBX", occurrence, true);
    put(draft, 1, 1, String.valueOf(occurrence), "occurrence");
    put(draft, 2, 1, type, path + ".contentType");
    JsonNode kind = document.json().path("type").path("coding").path(0);
    String kindPath = document.path() + ".type";
    put(draft, 3, 1, kind.path("code").asText(), kindPath);
    String said = document.json().path("type").path("text").asText(kind.path("display").asText());
    put(draft, 3, 2, said, kindPath);
    put(draft, 3, 3, run.rules().codingSystemName(kind.path("system").asText()), kindPath);
    value.put(draft);
    String status = document.json().path("docStatus").asText();
    put(draft, 11, 1, STATUS.getOrDefault(status, "F"), document.path() + ".docStatus");
    drafts.add(draft);
  }

  private static void put(SegmentDraft draft, int component, String text, String source) {
    put(draft, 5, component, text, source);
  }

  private static void put(
      SegmentDraft draft, int field, int component, String text, String source) {
    if (!text.isEmpty()) {
      String path = draft.path(field, 0, component, 0);
      draft.put(field, 1, component, 1, text, new Lineage(path, source, RULE, ""));
    }
  }
}

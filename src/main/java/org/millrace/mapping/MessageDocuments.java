package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Finds the documents of a message, for somebody who looks at it: what stands in each OBX-5 as ED
 * or RP, and the text of each report. The same reading as that of {@link ReportContent}, without
 * asking whether Cerner would take it. Stateless.
 *
 * <p>Sources: HL7 v2.5.1 ch. 2A (ED, RP), ch. 7.4.2 (OBX), tables 0191 and 0291.
 */
public final class MessageDocuments {

  /** What a label may say of bytes that Cerner does not take as they are. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "a JPEG image", List.of("jpeg", "jpg"),
          "a PNG image", List.of("png"),
          "a GIF image", List.of("gif"),
          "a TIFF image", List.of("tiff", "tif"),
          "a ZIP or Office file", List.of("zip", "docx", "xlsx", "msword", "openxml"),
          "an Office file", List.of("msword", "doc", "excel", "xls"),
          "a gzip file", List.of("gzip", "gz"),
          "PostScript", List.of("postscript", "ps"),
          "a DICOM object", List.of("dicom"));

  private final String order;
  private final Charset otherwise;
  private final List<MessageDocument> found;

  private MessageDocuments(String order, Charset otherwise, List<MessageDocument> found) {
    this.order = order;
    this.otherwise = otherwise;
    this.found = found;
  }

  /** All of them in message order, the text of a report behind its documents. */
  public static List<MessageDocument> of(V2Message message) {
    Charset otherwise = ReportContent.otherwise(message);
    ReportLines lines = new ReportLines(message.separators(), message.charset().charset());
    List<MessageDocument> found = new ArrayList<>();
    for (List<V2Segment> group : groups(message.segments())) {
      MessageDocuments reading =
          new MessageDocuments(ReportContent.anchor(group), otherwise, found);
      for (ReportLines.Line line : lines.of(group)) {
        if (line.segment().name().equals("OBX")) {
          reading.observation(new ReportObservation(line));
        }
      }
      ReportContent.text(message, group)
          .filter(part -> part.data().length > 0)
          .ifPresent(reading::report);
    }
    return List.copyOf(found);
  }

  /** From each OBR to the next; where there is none, as in MDM, all of it. */
  private static List<List<V2Segment>> groups(List<V2Segment> segments) {
    List<List<V2Segment>> groups = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= segments.size(); i++) {
      if (i == segments.size() || segments.get(i).name().equals("OBR")) {
        List<V2Segment> group = segments.subList(from, i);
        boolean report =
            group.get(0).name().equals("OBR")
                || group.stream().anyMatch(each -> each.name().equals("OBX"));
        if (report) {
          groups.add(group);
        }
        from = i;
      }
    }
    return groups;
  }

  private void observation(ReportObservation observation) {
    ReportObservation.Holds holds = observation.holds();
    if (holds != ReportObservation.Holds.DOCUMENT && holds != ReportObservation.Holds.POINTER) {
      return;
    }
    List<String> noted = observation.notes().stream().map(CoverageNote::sentence).toList();
    List<V2Value> all = observation.repetitions();
    boolean none = all.stream().allMatch(V2Value::isEmpty);
    for (int i = 0; i < all.size(); i++) {
      if (none && i == 0 || !all.get(i).isEmpty()) {
        String repetition = all.size() > 1 && !none ? "[" + (i + 1) + "]" : "";
        String place = observation.path(5) + repetition;
        String anchor =
            order + "/" + observation.place() + (repetition.isEmpty() ? "" : "-5" + repetition);
        found.add(
            holds == ReportObservation.Holds.POINTER
                ? pointer(
                    place,
                    anchor,
                    all.get(i).whole(),
                    "OBX-5 points to a file (RP) that the sender keeps; files are not fetched.",
                    noted)
                : document(
                    place,
                    anchor,
                    EncapsulatedData.of(all.get(i)),
                    EncapsulatedData.labelOf(all.get(i)),
                    noted));
      }
    }
  }

  /** The attachments of a resource that an HTTP caller left. */
  public static List<MessageDocument> ofResource(JsonNode resource) {
    List<MessageDocument> found = new ArrayList<>();
    MessageDocuments reading = new MessageDocuments("", StandardCharsets.UTF_8, found);
    JsonNode contents = resource.path("content");
    for (int i = 0; i < contents.size(); i++) {
      String place = "content[" + i + "].attachment";
      JsonNode attachment = contents.get(i).path("attachment");
      if (!attachment.has("data") && attachment.has("url")) {
        found.add(
            pointer(
                place,
                "",
                attachment.path("url").asText(),
                "The attachment names an address instead of holding data; it is not fetched.",
                List.of()));
      } else {
        String type = attachment.path("contentType").asText();
        Optional<byte[]> data = EncapsulatedBase64.base64(attachment.path("data").asText());
        EncapsulatedData read =
            new EncapsulatedData(
                data.orElse(new byte[0]),
                false,
                EncapsulatedType.declared("", type),
                List.of(),
                data.filter(bytes -> bytes.length > 0).isPresent() ? "" : "it holds no Base64");
        found.add(reading.document(place, "", read, type, List.of()));
      }
    }
    return List.copyOf(found);
  }

  private static MessageDocument pointer(
      String place, String anchor, String to, String why, List<String> noted) {
    return new MessageDocument(
        place,
        anchor,
        MessageDocument.Form.POINTER,
        "",
        "a reference",
        MessageDocument.Label.SAYS_NOTHING,
        new byte[0],
        "",
        to,
        why,
        noted);
  }

  private MessageDocument document(
      String place, String anchor, EncapsulatedData data, String declared, List<String> noted) {
    if (!data.damage().isEmpty()) {
      return new MessageDocument(
          place,
          anchor,
          MessageDocument.Form.NOTHING,
          declared,
          "nothing that can be read",
          MessageDocument.Label.SAYS_NOTHING,
          new byte[0],
          "",
          "",
          "The document cannot be decoded: " + data.damage() + ".",
          noted);
    }
    List<String> notes = Stream.concat(noted.stream(), data.repairs().stream()).toList();
    EncapsulatedType type = type(data);
    MessageDocument.Form form = form(type);
    return new MessageDocument(
        place,
        anchor,
        form,
        declared,
        words(type, data.bytes()),
        label(data, type, declared),
        data.bytes(),
        text(form, type, data),
        "",
        "",
        notes);
  }

  /** What the bytes are; {@link EncapsulatedType#UNSAID} if nobody can tell. */
  private static EncapsulatedType type(EncapsulatedData data) {
    EncapsulatedType shown = EncapsulatedType.shownBy(data.bytes());
    if (shown != EncapsulatedType.UNSAID) {
      return shown;
    }
    if (data.declared().canBe(data.bytes())) {
      return data.declared();
    }
    return EncapsulatedType.looksLikeText(data.bytes())
        ? EncapsulatedType.PLAIN
        : EncapsulatedType.UNSAID;
  }

  private static MessageDocument.Form form(EncapsulatedType type) {
    return switch (type) {
      case PDF -> MessageDocument.Form.PDF;
      case IMAGE -> MessageDocument.Form.IMAGE;
      case PLAIN -> MessageDocument.Form.TEXT;
      case RTF, RICHTEXT, HTML, XML, XHTML -> MessageDocument.Form.SOURCE;
      case NOT_TAKEN, UNSAID -> MessageDocument.Form.OTHER;
    };
  }

  private static String words(EncapsulatedType type, byte[] data) {
    return switch (type) {
      case IMAGE, NOT_TAKEN -> EncapsulatedType.nameOf(data);
      case UNSAID -> "of no type that is known";
      default -> type.words();
    };
  }

  private static MessageDocument.Label label(
      EncapsulatedData data, EncapsulatedType type, String declared) {
    if (data.declared() == EncapsulatedType.UNSAID) {
      return MessageDocument.Label.SAYS_NOTHING;
    }
    boolean fits =
        switch (type) {
          case IMAGE, NOT_TAKEN -> named(EncapsulatedType.nameOf(data.bytes()), declared);
          case HTML, XHTML ->
              data.declared() == EncapsulatedType.HTML || data.declared() == EncapsulatedType.XHTML;
          default -> type == data.declared();
        };
    return fits ? MessageDocument.Label.FITS : MessageDocument.Label.DOES_NOT_FIT;
  }

  private static boolean named(String shown, String declared) {
    String label = declared.toLowerCase(Locale.ROOT);
    return WORDS.getOrDefault(shown, List.of()).stream().anyMatch(label::contains);
  }

  private String text(MessageDocument.Form form, EncapsulatedType type, EncapsulatedData data) {
    if (form != MessageDocument.Form.TEXT && form != MessageDocument.Form.SOURCE) {
      return "";
    }
    try {
      byte[] utf8 =
          type == EncapsulatedType.RTF
              ? data.bytes()
              : EncapsulatedText.of(type, data.bytes(), data.characters(), otherwise).data();
      return EncapsulatedText.isUtf8(utf8)
          ? new String(utf8, StandardCharsets.UTF_8)
          : new String(utf8, otherwise);
    } catch (EncapsulatedText.UnknownCharsetException e) {
      // It is looked at, not filed: letters beyond ASCII may be wrong, the rest can be read.
      return new String(data.bytes(), otherwise);
    }
  }

  private void report(ReportPart part) {
    found.add(
        new MessageDocument(
            order,
            order,
            MessageDocument.Form.TEXT,
            "",
            "the text of the report",
            MessageDocument.Label.FITS,
            part.data(),
            new String(part.data(), StandardCharsets.UTF_8),
            "",
            "",
            part.notes().stream().map(CoverageNote::sentence).distinct().toList()));
  }
}

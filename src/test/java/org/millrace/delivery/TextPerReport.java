package org.millrace.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.UnfitMappingsException;
import org.millrace.mapping.UnknownCode;
import org.millrace.mapping.Verdict;
import org.slf4j.MDC;

/**
 * A mapping for tests: each OBX becomes a document, its text the description; the texts {@code
 * hold} and {@code filter} are held and filtered, {@code bug} and {@code endless} fail, {@code
 * exhausted} fails once. A text {@code wait X} is held until code X of table T is known, {@code
 * pass X} is filed as it is.
 */
final class TextPerReport implements MessageMapping {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final AtomicBoolean exhausted = new AtomicBoolean();
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private volatile Map<String, String> logged = Map.of();

  /** What stood beside each line of the log while the last message was mapped. */
  Map<String, String> logged() {
    return logged;
  }

  /** Table T gets a row for this code. */
  void learn(String code) {
    known.add(code);
  }

  @Override
  public boolean knows(String sender, String table, String code, String text) {
    return table.equals("T") && known.contains(code);
  }

  @Override
  public Set<String> messageTypes() {
    return Set.of("ORU^R01");
  }

  @Override
  public Optional<String> authority(
      String namespaceId, String universalId, String universalIdType) {
    return switch (namespaceId) {
      case "MRN" -> Optional.of("urn:mrn");
      case "VISIT" -> Optional.of("urn:visit");
      default -> Optional.empty();
    };
  }

  @Override
  public MappingRun map(V2Message message, MappingContext context) {
    // A thread that nobody told anything has no map at all.
    logged = Optional.ofNullable(MDC.getCopyOfContextMap()).map(Map::copyOf).orElse(Map.of());
    List<MappedResource> resources = new ArrayList<>();
    List<UnknownCode> unknown = new ArrayList<>();
    for (V2Segment obx : message.all("OBX")) {
      String anchor = "OBR[" + obx.sequence() + "]";
      String text = obx.text(5);
      Verdict verdict =
          switch (text) {
            case "hold" -> Verdict.hold("ed-damaged", anchor, "It is damaged.", "Send it anew.");
            case "filter" -> Verdict.filter("preliminary", anchor, "It is preliminary.");
            case "endless" -> throw new StackOverflowError();
            case "exhausted" -> {
              if (!exhausted.getAndSet(true)) {
                throw new OutOfMemoryError("secret " + text);
              }
              yield Verdict.file("final");
            }
            case "unfit" ->
                throw new UnfitMappingsException(
                    List.of(new RuleFault("senders/LAB@HOSP/segments/PID.yaml", 4, "No rule.")));
            case "bug" -> throw new IllegalStateException("secret " + text);
            default -> coded(text, anchor, unknown);
          };
      Map<String, String> keys = Map.of("filler", "F" + obx.sequence());
      resources.add(
          new MappedResource("create-document", anchor, document(text, context), verdict, keys));
    }
    return new MappingRun(
        resources,
        List.of(new Lineage("OBR[1] DocumentReference.type", "OBR[1]-4", "x.yaml:1", "")),
        List.of(new CoverageNote(CoverageNote.Kind.UNREAD, "OBR[1]-7", "No rule reads it.")),
        unknown);
  }

  private Verdict coded(String text, String anchor, List<UnknownCode> unknown) {
    boolean waits = text.startsWith("wait ");
    if (!waits && !text.startsWith("pass ") || known.contains(text.substring(5))) {
      return Verdict.file("final");
    }
    unknown.add(new UnknownCode("T", text.substring(5), "a text", anchor + "-4.1", waits));
    return waits
        ? Verdict.hold("unknown-code", anchor, "Table T has no row for it.", "Add one.")
        : Verdict.file("final");
  }

  private ObjectNode document(String text, MappingContext context) {
    ObjectNode document =
        JSON.createObjectNode().put("resourceType", "DocumentReference").put("description", text);
    document.put("docStatus", "final");
    if (text.startsWith("pass ")) {
      ObjectNode coding = document.putObject("type").putArray("coding").addObject();
      coding.put("code", known.contains(text.substring(5)) ? "right" : "assumed");
    }
    document.putObject("subject").put("reference", context.given().get("subject"));
    if (context.given().containsKey("encounter")) {
      document
          .putObject("context")
          .putArray("encounter")
          .addObject()
          .put("reference", context.given().get("encounter"));
    }
    document
        .putArray("content")
        .addObject()
        .putObject("attachment")
        .put("title", "Note")
        .put("contentType", "text/plain;charset=utf-8")
        .put("data", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    return document;
  }
}

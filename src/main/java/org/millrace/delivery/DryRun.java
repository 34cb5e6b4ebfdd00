package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.CallContent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.QueuedMessage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Verdict;

/**
 * Maps a stored message by the files of now and compares what would be sent with what was sent
 * last. Asks nobody and writes nothing: patient and visit are those that are on record.
 */
public final class DryRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOT_ON_RECORD = "Patient/not-on-record";

  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final Map<String, String> given;

  /**
   * @param given values that mapping files name as {@code given}
   */
  public DryRun(JournalDatabase journal, MessageMapping mapping, Map<String, String> given) {
    this.journal = journal;
    this.mapping = mapping;
    this.given = Map.copyOf(given);
  }

  /** How a document compares with what was sent of it. */
  public enum Compared {
    /** Nothing was sent of it. */
    NEVER_SENT,
    SAME,
    DIFFERENT,
    /** It was sent, and the mapping makes nothing of it that would be sent. */
    NO_LONGER,
    /** What was sent is not on record. */
    NOT_KNOWN
  }

  /**
   * A document of the message; patient data.
   *
   * @param verdict what would become of it now; empty if the mapping makes nothing of it
   * @param now what would be sent; empty if nothing would
   * @param sent what was sent last; empty if its body is not kept whole, or was an update, which
   *     Cerner takes in another form
   */
  public record Document(
      String anchor,
      Optional<Verdict> verdict,
      Compared compared,
      Optional<ObjectNode> now,
      Optional<ObjectNode> sent) {

    /** Place and outcome only. */
    @Override
    public String toString() {
      return anchor + " " + compared;
    }
  }

  /**
   * What came of it.
   *
   * @param subject the reference of the patient that was mapped for
   * @param encounter that of the visit; empty if none is on record
   * @param run what the mapping made of it
   */
  public record Result(String subject, String encounter, List<Document> documents, MappingRun run) {
    public Result {
      documents = List.copyOf(documents);
    }

    /** Whether the patient is on record; else there is a placeholder in its stead. */
    public boolean patientOnRecord() {
      return !subject.equals(NOT_ON_RECORD);
    }

    /** The number of documents only: the rest is a patient's. */
    @Override
    public String toString() {
      return documents.size() + " documents";
    }
  }

  /**
   * A message as it would be mapped.
   *
   * @param context with the patient and the visit that are on record
   * @param tenant by whose mapping files; empty for the tenant without a name
   */
  public record Prepared(V2Message message, MappingContext context, String tenant) {

    /** The type only: the rest is a patient's. */
    @Override
    public String toString() {
      return "a message of type " + message.header().type();
    }
  }

  /**
   * Reads a message, and finds what is on record of its patient and visit.
   *
   * @return empty if there is no such message, or its content is not kept any more
   * @throws V2FormatException if the stored message cannot be read any more
   */
  public Optional<Prepared> prepared(long id) throws V2FormatException {
    Optional<QueuedMessage> stored = journal.queue().find(id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    List<LedgerRow> rows = journal.ledger().rows(id);
    return Optional.of(prepared(stored.get(), rows, sent(id, rows)));
  }

  private Prepared prepared(
      QueuedMessage queued, List<LedgerRow> rows, Map<String, ObjectNode> sent)
      throws V2FormatException {
    Map<String, String> values = new HashMap<>(given);
    values.put("subject", subject(rows, sent));
    sent.values().stream()
        .map(body -> body.at("/context/encounter/0/reference").asText())
        .filter(reference -> !reference.isEmpty())
        .findFirst()
        .ifPresent(encounter -> values.put("encounter", encounter));
    return new Prepared(
        mapping.read(queued),
        new MappingContext(queued.feed().zone(), queued.sender(), values),
        queued.feed().tenant());
  }

  /**
   * Maps and compares.
   *
   * @return empty if there is no such message, its content is not kept any more, or no mapping file
   *     is for its type
   * @throws V2FormatException if the stored message cannot be read any more
   */
  public Optional<Result> of(long id) throws V2FormatException {
    Optional<QueuedMessage> stored = journal.queue().find(id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    MessageMapping ofTenant = mapping.ofTenant(stored.get().feed().tenant());
    if (!ofTenant.messageTypes().contains(stored.get().type())) {
      return Optional.empty();
    }
    List<LedgerRow> rows = journal.ledger().rows(id);
    Map<String, ObjectNode> sent = sent(id, rows);
    Prepared prepared = prepared(stored.get(), rows, sent);
    MappingRun run = ofTenant.map(prepared.message(), prepared.context());
    Map<String, String> values = prepared.context().given();
    return Optional.of(
        new Result(
            values.getOrDefault("subject", NOT_ON_RECORD),
            values.getOrDefault("encounter", ""),
            compared(run, rows, sent),
            run));
  }

  /** What would be sent of a message that never was: one that the journal does not have. */
  public static Result ofNew(MappingRun run) {
    return new Result(NOT_ON_RECORD, "", compared(run, List.of(), Map.of()), run);
  }

  private static String subject(List<LedgerRow> rows, Map<String, ObjectNode> sent) {
    return sent.values().stream()
        .map(body -> body.at("/subject/reference").asText())
        .filter(reference -> !reference.isEmpty())
        .findFirst()
        .or(
            () ->
                rows.stream()
                    .map(LedgerRow::patientId)
                    .filter(patient -> !patient.isEmpty())
                    .map(patient -> "Patient/" + patient)
                    .findFirst())
        .orElse(NOT_ON_RECORD);
  }

  private static List<Document> compared(
      MappingRun run, List<LedgerRow> rows, Map<String, ObjectNode> sent) {
    Map<String, LedgerRow> byAnchor =
        rows.stream().collect(Collectors.toMap(LedgerRow::anchor, row -> row));
    List<Document> documents = new ArrayList<>();
    for (MappedResource each : run.resources()) {
      Optional<LedgerRow> row = Optional.ofNullable(byAnchor.get(each.anchor()));
      documents.add(compared(each, row, Optional.ofNullable(sent.get(each.anchor()))));
    }
    Set<String> made =
        run.resources().stream().map(MappedResource::anchor).collect(Collectors.toSet());
    rows.stream()
        .filter(row -> !made.contains(row.anchor()) && row.attempts() > 0)
        .sorted(Comparator.comparing(LedgerRow::anchor))
        .map(
            row ->
                new Document(
                    row.anchor(),
                    Optional.empty(),
                    Compared.NO_LONGER,
                    Optional.empty(),
                    Optional.ofNullable(sent.get(row.anchor()))))
        .forEach(documents::add);
    return documents;
  }

  private static Document compared(
      MappedResource resource, Optional<LedgerRow> row, Optional<ObjectNode> sent) {
    Optional<Verdict> verdict = Optional.of(resource.verdict());
    boolean wasSent = row.isPresent() && row.get().attempts() > 0;
    if (!resource.verdict().decision().files() || resource.action().isEmpty()) {
      Compared compared = wasSent ? Compared.NO_LONGER : Compared.NEVER_SENT;
      return new Document(resource.anchor(), verdict, compared, Optional.empty(), sent);
    }
    ObjectNode now = resource.json();
    if (!wasSent) {
      return new Document(
          resource.anchor(), verdict, Compared.NEVER_SENT, Optional.of(now), Optional.empty());
    }
    ObjectNode marked = new DocumentMarker(row.get().marker()).addedTo(now);
    return new Document(
        resource.anchor(),
        verdict,
        compared(marked, now, row.get(), sent),
        Optional.of(marked),
        sent);
  }

  private static Compared compared(
      ObjectNode marked, ObjectNode now, LedgerRow row, Optional<ObjectNode> sent) {
    if (sent.isPresent()) {
      // By digest, since a number may have been written otherwise.
      return SentDocument.digest(marked).equals(SentDocument.digest(sent.get()))
          ? Compared.SAME
          : Compared.DIFFERENT;
    }
    if (row.contentDigest().isEmpty()) {
      return Compared.NOT_KNOWN;
    }
    return row.contentDigest().equals(SentDocument.digest(now))
        ? Compared.SAME
        : Compared.DIFFERENT;
  }

  /**
   * What was sent of a message last, by anchor, where its body is kept whole and was no update.
   *
   * @throws org.millrace.journal.DamagedContentException if it cannot be decrypted
   */
  public Map<String, ObjectNode> sent(long id) {
    return sent(id, journal.ledger().rows(id));
  }

  /** The bodies of the creates that were sent last, by anchor, where they are kept whole. */
  private Map<String, ObjectNode> sent(long id, List<LedgerRow> rows) {
    Map<String, ObjectNode> sent = new HashMap<>();
    journal.calls().contents(id).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .flatMap(content -> document(content).stream())
        .forEach(body -> rows.forEach(row -> put(row, body, sent)));
    return sent;
  }

  private static void put(LedgerRow row, ObjectNode body, Map<String, ObjectNode> sent) {
    if (!new DocumentMarker(row.marker()).isIn(body)) {
      return;
    }
    // An update names the document; what is stored since is not what the create said.
    if (body.has("id")) {
      sent.remove(row.anchor());
    } else {
      sent.put(row.anchor(), body);
    }
  }

  private static Optional<ObjectNode> document(CallContent content) {
    try {
      return JSON.readTree(content.request()) instanceof ObjectNode body
          ? Optional.of(body)
          : Optional.empty();
    } catch (JsonProcessingException cut) {
      return Optional.empty();
    } catch (IOException impossible) {
      throw new IllegalStateException("bytes in memory can be read", impossible);
    }
  }
}

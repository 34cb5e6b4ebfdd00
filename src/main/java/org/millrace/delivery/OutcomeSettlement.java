package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerEntry;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;

/**
 * Settles a document of which it is not known whether Cerner has stored it, by what a person saw in
 * the chart. What they say is compared with what Cerner shows, where it shows it.
 */
final class OutcomeSettlement {
  /** The document in question, by its anchor; needed if there are several. */
  static final String DOCUMENT = "document";

  /** The id of the DocumentReference it is stored as; empty if it is not. */
  static final String FILED = "filed";

  /** Not empty if the person stands for it, though Cerner shows it otherwise, or not at all. */
  static final String EVEN_SO = "even-so";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");

  private final JournalDatabase journal;
  private final DocumentSight sight;
  private final Looks<DocumentSight.Seen> looks;
  private final RunningDelivery running;
  private final Clock clock;

  OutcomeSettlement(
      JournalDatabase journal,
      DocumentSight sight,
      Looks<DocumentSight.Seen> looks,
      RunningDelivery running,
      Clock clock) {
    this.journal = journal;
    this.sight = sight;
    this.looks = looks;
    this.running = running;
    this.clock = clock;
  }

  Optional<String> settle(Verb.Asked asked) {
    MessageState state = asked.message().state();
    if (state.waiting() && asked.underWay()) {
      return Optional.of("it is being delivered just now; see what comes of it, then ask again");
    }
    List<LedgerRow> open =
        journal.ledger().rows(asked.id()).stream().filter(DocumentFiling::unsettled).toList();
    if (open.isEmpty()) {
      return Optional.of("of each document of the message it is known whether it is stored");
    }
    String document = asked.request().detail(DOCUMENT);
    List<LedgerRow> meant =
        open.stream().filter(row -> document.isEmpty() || row.anchor().equals(document)).toList();
    if (meant.size() != 1) {
      return Optional.of(
          (meant.isEmpty() ? "open are " : "several are open: ")
              + open.stream()
                  .map(row -> row.anchor() + " (marker " + row.marker() + ")")
                  .collect(Collectors.joining(", "))
              + "; name one with --document");
    }
    return asked.request().detail(FILED).isEmpty()
        ? notFiled(asked, meant.get(0), open)
        : filed(asked, meant.get(0), open);
  }

  private Optional<String> notFiled(Verb.Asked asked, LedgerRow row, List<LedgerRow> open) {
    LedgerRow settled = row.notStored("an operator says that it is not stored", "");
    return put(asked, row, settled, "is not stored", open);
  }

  private Optional<String> filed(Verb.Asked asked, LedgerRow row, List<LedgerRow> open) {
    String id = asked.request().detail(FILED);
    Optional<String> impossible = impossible(row, id);
    if (impossible.isPresent()) {
      return impossible;
    }
    Optional<DocumentSight.Seen> look =
        looks.of(asked.request().id(), () -> sight.look(asked.id(), id, row.patientId()));
    if (look.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> doubt = doubt(row, id, look.get(), asked.request());
    if (doubt.isPresent()) {
      return doubt;
    }
    String version =
        look.get() instanceof DocumentSight.Seen.There there ? there.version() : row.version();
    return put(asked, row, row.done(id, version), "is DocumentReference/" + id, open);
  }

  /** Why it cannot be stored as this, whatever Cerner shows. */
  private Optional<String> impossible(LedgerRow row, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.of("what --filed names is no id of a FHIR resource");
    }
    if (DocumentReplacement.isOf(row)) {
      return id.equals(row.resourceId())
          ? Optional.empty()
          : Optional.of(row.anchor() + " changes DocumentReference/" + row.resourceId());
    }
    return journal.ledger().ofDocument(id).stream()
        .map(LedgerEntry::row)
        .findFirst()
        .map(
            other ->
                "DocumentReference/"
                    + id
                    + " is "
                    + other.anchor()
                    + " of message "
                    + other.messageId());
  }

  /** Why what Cerner shows does not let us believe it; empty if it does, or need not. */
  private static Optional<String> doubt(
      LedgerRow row, String id, DocumentSight.Seen seen, OperatorRequest request) {
    String it = "DocumentReference/" + id;
    if (seen instanceof DocumentSight.Seen.NotThere) {
      return Optional.of("Cerner has no " + it);
    }
    if (seen instanceof DocumentSight.Seen.NotNow notNow) {
      return Optional.of("Cerner cannot be asked for it now, ask again later: " + notNow.fault());
    }
    if (seen instanceof DocumentSight.Seen.There there && !there.ofPatient()) {
      return Optional.of(it + " is another patient's");
    }
    if (!request.detail(EVEN_SO).isEmpty()) {
      return Optional.empty();
    }
    String evenSo = "; if you have made sure of it in the chart, ask again with --even-so";
    if (seen instanceof DocumentSight.Seen.Hidden hidden) {
      return Optional.of("Cerner does not let us read it: " + hidden.fault() + evenSo);
    }
    JsonNode document = ((DocumentSight.Seen.There) seen).document();
    if (SentDocument.isInError(document) && !row.action().equals(EarlierReports.WITHDRAW)) {
      return Optional.of(it + " is marked entered in error" + evenSo);
    }
    return new DocumentMarker(row.marker()).isIn(document)
        ? Optional.empty()
        : Optional.of(
            it
                + " does not carry "
                + row.marker()
                + " in its title; it is "
                + shown(document)
                + evenSo);
  }

  /** What tells one document from another and is not the patient's. */
  private static String shown(JsonNode document) {
    return document.path("docStatus").asText("of no status")
        + ", "
        + document.at("/content/0/attachment/contentType").asText("of no type")
        + ", last changed "
        + document.at("/meta/lastUpdated").asText("at an unknown time");
  }

  private Optional<String> put(
      Verb.Asked asked, LedgerRow before, LedgerRow after, String what, List<LedgerRow> open) {
    boolean last = open.size() == 1;
    String sentence = before.anchor() + " " + what;
    Note note =
        new Note(
            clock.instant(),
            "settled",
            OperatorVerbs.told(sentence + ", says an operator; settled", asked.request()));
    String left =
        open.stream()
            .map(LedgerRow::anchor)
            .filter(anchor -> !anchor.equals(before.anchor()))
            .collect(Collectors.joining(", "));
    String outcome = "settled: " + sentence + (last ? "; queued" : "; still open: " + left);
    boolean done =
        Committed.await(
            journal.operators().settle(asked.request(), before, after, note, last, outcome));
    if (!done) {
      return Optional.of("the message has moved on meanwhile; look at it again");
    }
    if (last) {
      running.requeued(asked.id(), asked.message().sender());
    }
    return Optional.empty();
  }
}

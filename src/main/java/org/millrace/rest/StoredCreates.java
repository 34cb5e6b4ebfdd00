package org.millrace.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.guard.Principal;
import org.millrace.journal.AskedCreate;
import org.millrace.journal.CreateRequest;
import org.millrace.journal.CreateRequest.OnRecord;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.Standing;
import org.millrace.mapping.TargetFinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates that callers leave to be delivered: on disk before they are answered 202, and from then
 * on a message among the others, with the same lanes and the same ledger. Thread-safe. Source: RFC
 * 7240 4.1; FHIR R5, Asynchronous Interaction Request Pattern.
 */
final class StoredCreates {
  /** What stands before the ticket in a status URL. */
  static final String PATH = "_async";

  /** Those whose lost answer can be settled: a document is found again by its marker. */
  private static final Set<String> CARRIED = Set.of("DocumentReference");

  private static final Duration STORE_WITHIN = Duration.ofSeconds(10);
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);
  private static final String TOLD_HERE = "What a person decides is told at this URL from then on.";
  private static final int TICKET_BYTES = 16;
  private static final Logger LOG = LoggerFactory.getLogger(StoredCreates.class);

  private final JournalDatabase journal;
  private final String tenant;
  private final Feed feed;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param tenant Cerner's id of it
   * @param feed the face that creates come to
   */
  StoredCreates(JournalDatabase journal, String tenant, Feed feed, Clock clock) {
    this.journal = journal;
    this.tenant = tenant;
    this.feed = feed;
    this.clock = clock;
  }

  /** Whether creates of this type can be left to be delivered. */
  static boolean carries(String type) {
    return CARRIED.contains(type);
  }

  /** The types that can, as a text. */
  static String carried() {
    return String.join(", ", CARRIED.stream().sorted().toList());
  }

  /** The feed that what comes to a face is of. */
  static Feed feed(String path, String tenantName, RestSettings settings) {
    return Feed.ofFace(path, CARRIED, tenantName, settings.zone());
  }

  /**
   * Stores a resource that was found good.
   *
   * @param ignored what Cerner would leave out of it
   * @param key it is asked under, empty if it is asked under none
   */
  RestAnswer store(
      ObjectNode resource,
      List<TargetFinding> ignored,
      RestRequest request,
      Optional<CreateRequest.Asked> key) {
    byte[] bytes = new byte[TICKET_BYTES];
    random.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    RestAnswer accepted = accepted(request.root(), ticket, ignored);
    AskedCreate create =
        new AskedCreate(
            asker(request, ticket),
            feed,
            sender(request.caller()),
            UUID.randomUUID().toString(),
            resource.path("resourceType").asText(),
            request.address(),
            JsonText.bytes(resource),
            key.map(
                asked ->
                    new AskedCreate.Keyed(
                        asked,
                        new CreateRequest.Answer(
                            accepted.status(), accepted.headers(), accepted.body()))));
    return onDisk(journal.askedCreates().store(create, clock.instant()), accepted);
  }

  private static RestAnswer onDisk(
      CompletableFuture<Optional<OnRecord>> storing, RestAnswer accepted) {
    try {
      return storing
          .get(STORE_WITHIN.toSeconds(), TimeUnit.SECONDS)
          .map(found -> IdempotentCreates.again(found, Outcomes::answer))
          .orElse(accepted);
    } catch (ExecutionException nothing) {
      LOG.error("a create could not be stored: {}", nothing.getMessage());
      return unavailable("the journal cannot be used at present; nothing was stored");
    } catch (TimeoutException late) {
      return maybeStored();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return maybeStored();
    }
  }

  private static RestAnswer maybeStored() {
    return Outcomes.answer(
        Refusal.of(
            RefusalReason.OUTCOME_UNKNOWN,
            "the journal did not say in time whether the create is stored; if it is, it is"
                + " delivered. Under an Idempotency-Key, send the same again; without one, look in"
                + " the chart before you do."));
  }

  private static RestAnswer unavailable(String sentence) {
    return Outcomes.answer(
        Refusal.of(RefusalReason.JOURNAL_UNAVAILABLE, sentence)
            .with(Map.of("Retry-After", Refusal.seconds(ASK_AGAIN_AFTER))));
  }

  private static RestAnswer accepted(String root, String ticket, List<TargetFinding> ignored) {
    return FhirFacade.json(
        202,
        FhirCreates.outcome(
            "It is stored and will be delivered. What comes of it is told at Content-Location.",
            ignored),
        Map.of("Content-Location", root + FhirFacade.MOUNT + "/" + PATH + "/" + ticket));
  }

  private AskedCreate.Asker asker(RestRequest request, String ticket) {
    return new AskedCreate.Asker(tenant, IdempotentCreates.caller(request.caller()), ticket);
  }

  private static String sender(Principal caller) {
    return "FHIR@" + (caller.name().isEmpty() ? "anybody" : caller.name());
  }

  /** {@code GET _async/ticket}: what has come of a create, for whoever asked for it. */
  RestAnswer status(RestRequest request) {
    if (!request.method().equals("GET")) {
      return Outcomes.answer(Refusal.methodNotAllowed(request.method(), List.of("GET")));
    }
    try {
      String ticket = request.path().size() == 2 ? request.path().get(1) : "";
      OptionalLong message = journal.askedCreates().find(asker(request, ticket));
      return message.isPresent() ? status(message.getAsLong(), request.root()) : notYours();
    } catch (JournalException unreadable) {
      LOG.error("what came of a create could not be looked up: {}", unreadable.getMessage());
      return unavailable("the journal cannot be read at present");
    }
  }

  private RestAnswer status(long message, String root) {
    Optional<Standing> found = journal.queue().standing(List.of(message)).stream().findFirst();
    if (found.isEmpty()) {
      return notYours();
    }
    Standing standing = found.get();
    if (!standing.settled()) {
      return waiting(standing);
    }
    Optional<LedgerRow> row = journal.ledger().rows(message).stream().findFirst();
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "batch-response");
    ObjectNode response = bundle.putArray("entry").addObject().putObject("response");
    Optional<LedgerRow> made = row.filter(each -> each.state() == LedgerState.DONE);
    if (made.isPresent()) {
      made(response, made.get(), root);
    } else {
      Refusal refusal = notMade(standing, row);
      response.put("status", String.valueOf(refusal.status()));
      response.set("outcome", Outcomes.outcome(refusal));
    }
    return FhirFacade.json(200, bundle, Map.of());
  }

  private static RestAnswer notYours() {
    return Outcomes.answer(
        Refusal.of(
            RefusalReason.NOT_FOUND,
            "no create of yours has this status URL, or it is not kept any more"));
  }

  /** The reasons of messages hold no patient data. */
  private static RestAnswer waiting(Standing standing) {
    String why = standing.reason().sentence();
    return FhirFacade.json(
        202,
        Outcomes.remark(
            "information",
            "informational",
            why.isEmpty() ? "It waits for its turn." : "It is tried again: " + why),
        Map.of("Retry-After", Refusal.seconds(ASK_AGAIN_AFTER)));
  }

  private static void made(ObjectNode response, LedgerRow row, String root) {
    response.put("status", "201 Created");
    response.put("location", Links.toResource(root, row.anchor(), row.resourceId()));
    if (!row.version().isEmpty()) {
      response.put("etag", "W/\"" + row.version() + "\"");
    }
  }

  private static Refusal notMade(Standing standing, Optional<LedgerRow> row) {
    String why = standing.reason().sentence();
    return switch (standing.state()) {
      case REFUSED ->
          Refusal.of(
              RefusalReason.REFUSED,
              row.map(LedgerRow::lastError).filter(each -> !each.isEmpty()).orElse(why),
              row.map(LedgerRow::cernerText).orElse(""));
      case HELD ->
          standing.reason().code().equals(RefusalReason.OUTCOME_UNKNOWN.code())
              ? Refusal.of(
                  RefusalReason.OUTCOME_UNKNOWN,
                  why + " A person must look in the chart; do not send it again. " + TOLD_HERE)
              : Refusal.of(
                  RefusalReason.HELD,
                  why + " It is not stored at Cerner as far as is known. " + TOLD_HERE);
      default ->
          Refusal.of(
              RefusalReason.DISCARDED, "An operator decided that it is not to be delivered.");
    };
  }
}

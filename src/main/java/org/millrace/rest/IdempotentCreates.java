package org.millrace.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.millrace.guard.Principal;
import org.millrace.journal.CreateRequest;
import org.millrace.journal.CreateRequest.OnRecord;
import org.millrace.journal.CreateRequestStore;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates under an {@code Idempotency-Key} of the caller: asked for again, it is answered again and
 * not made again, also after a restart and by another engine on the same journal. Thread-safe.
 * Source: the IETF's draft of the Idempotency-Key header, version 07.
 */
final class IdempotentCreates {
  private static final String HEADER = "idempotency-key";
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Duration STORE_WITHIN = Duration.ofSeconds(10);

  /** A create takes no longer than its answer and its look-up may, but for what is around them. */
  private static final Duration MARGIN = STORE_WITHIN.multipliedBy(3);

  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(IdempotentCreates.class);

  private final CreateRequestStore store;
  private final String tenant;
  private final Duration longest;
  private final Clock clock;
  private final LateLooks lateLooks;

  /**
   * @param tenant whose charts the creates are for; two may have callers of one name
   */
  IdempotentCreates(CreateRequestStore store, String tenant, RestSettings settings, Clock clock) {
    this.store = store;
    this.tenant = tenant;
    this.longest = settings.answerWithin().plus(settings.settleWithin()).plus(MARGIN);
    this.clock = clock;
    this.lateLooks = new LateLooks(clock);
  }

  /**
   * What a create came to.
   *
   * @param stored whether it is stored, or may be
   * @param late looks for it once more, where it may be; gives the answer if it is found
   */
  record Sent(RestAnswer answer, boolean stored, Optional<Supplier<Optional<RestAnswer>>> late) {
    Sent(RestAnswer answer, boolean stored) {
      this(answer, stored, Optional.empty());
    }
  }

  /** Sends a create that was found good, once. */
  @FunctionalInterface
  interface Sending {
    RestAnswer send(Supplier<Sent> create);
  }

  /**
   * Answers a request for a create.
   *
   * @param mount of the face it came to
   * @param refuse writes a refusal as that face does
   * @param create checks the request, and sends it by what it is given; not asked if the first
   *     answer is on record
   */
  RestAnswer create(
      RestRequest request,
      String mount,
      Function<Refusal, RestAnswer> refuse,
      Function<Sending, RestAnswer> create) {
    return keyed(
        request,
        mount,
        refuse,
        key ->
            create.apply(
                key.<Sending>map(asked -> sending -> once(asked, refuse, sending))
                    .orElse(sending -> sending.get().answer())));
  }

  /**
   * Answers a request for what is put on record with its answer by whoever does it.
   *
   * @param create is given the key, where there is one; not asked if the first answer is on record
   */
  RestAnswer keyed(
      RestRequest request,
      String mount,
      Function<Refusal, RestAnswer> refuse,
      Function<Optional<CreateRequest.Asked>, RestAnswer> create) {
    Optional<String> key = request.header(HEADER).map(String::trim);
    if (key.isEmpty()) {
      return create.apply(Optional.empty());
    }
    if (!KEY.matcher(key.get()).matches()) {
      return refuse.apply(
          Refusal.of(
              RefusalReason.INVALID_REQUEST,
              "Idempotency-Key has 1 to 255 characters of ASCII, no blanks"));
    }
    CreateRequest.Asked asked =
        new CreateRequest.Asked(
            tenant,
            caller(request.caller()),
            key.get(),
            mount + "/" + String.join("/", request.path()),
            Digests.of(request.body(), 0));
    Optional<OnRecord> found;
    try {
      found = store.find(asked, clock.instant());
    } catch (JournalException unreadable) {
      LOG.error("a create under a key could not be looked up: {}", unreadable.getMessage());
      return refuse.apply(unavailable());
    }
    return found.isPresent()
        ? settledLate(found.get()).orElseGet(() -> again(found.get(), refuse))
        : create.apply(Optional.of(asked));
  }

  /** Whoever asks again after an unknown outcome has it looked for; it is never made again. */
  private Optional<RestAnswer> settledLate(OnRecord found) {
    if (!(found instanceof OnRecord.Answered answered)) {
      return Optional.empty();
    }
    Optional<RestAnswer> answer = lateLooks.look(answered.id());
    answer.ifPresent(late -> keep(store.answered(answered.id(), onRecord(late))));
    return answer;
  }

  /** Keys of callers change; who they are does not. */
  static String caller(Principal caller) {
    return caller.proof() + " " + caller.name();
  }

  private RestAnswer once(
      CreateRequest.Asked asked, Function<Refusal, RestAnswer> refuse, Supplier<Sent> create) {
    Instant now = clock.instant();
    CompletableFuture<OnRecord> beginning = store.begin(asked, now, now.plus(longest));
    Optional<OnRecord> begun = stored(beginning);
    if (begun.isEmpty()) {
      // Should it be put on record after all, nothing was sent under it.
      beginning.thenAccept(
          late -> {
            if (late instanceof OnRecord.Begun begin) {
              store.nothingStored(begin.id());
            }
          });
      return refuse.apply(unavailable());
    }
    if (!(begun.get() instanceof OnRecord.Begun mine)) {
      return again(begun.get(), refuse);
    }
    Sent sent = create.get();
    RestAnswer answer = sent.answer();
    keep(
        sent.stored()
            ? store.answered(mine.id(), onRecord(answer))
            : store.nothingStored(mine.id()));
    sent.late().ifPresent(late -> lateLooks.keep(mine.id(), late));
    return answer;
  }

  private static CreateRequest.Answer onRecord(RestAnswer answer) {
    return new CreateRequest.Answer(answer.status(), answer.headers(), answer.body());
  }

  private static void keep(CompletableFuture<Integer> write) {
    if (stored(write).isEmpty()) {
      LOG.error("what came of a create under a key is not on record; asked again, it is unknown");
    }
  }

  /** Waits until it is on disk; empty if it is not. */
  private static <T> Optional<T> stored(CompletableFuture<T> write) {
    try {
      return Optional.of(write.get(STORE_WITHIN.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException failed) {
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** What is answered to a request under a key that something is on record under. */
  static RestAnswer again(OnRecord found, Function<Refusal, RestAnswer> refuse) {
    if (found instanceof OnRecord.Answered answered) {
      CreateRequest.Answer first = answered.answer();
      Map<String, String> headers = new HashMap<>(first.headers());
      headers.put("Idempotency-Replayed", "true");
      return new RestAnswer(first.status(), headers, first.body());
    }
    if (found instanceof OnRecord.UnderWay) {
      return refuse.apply(
          Refusal.of(
                  RefusalReason.KEY_UNDER_WAY,
                  "the first request with this Idempotency-Key has no answer yet")
              .with(Map.of("Retry-After", Refusal.seconds(ASK_AGAIN_AFTER))));
    }
    return refuse.apply(
        found instanceof OnRecord.Other
            ? Refusal.of(
                RefusalReason.KEY_USED,
                "this Idempotency-Key was used for another path or body; another create needs a key"
                    + " of its own")
            : Refusal.of(
                RefusalReason.OUTCOME_UNKNOWN,
                "the engine stopped while this create was under way, so it may be stored or not. It"
                    + " is not made again under this Idempotency-Key. Look in the chart before you"
                    + " send it under another."));
  }

  private static Refusal unavailable() {
    return Refusal.of(
            RefusalReason.KEYS_UNAVAILABLE,
            "the journal, which keeps what was created under which Idempotency-Key, cannot be used"
                + " at present; nothing was created")
        .with(Map.of("Retry-After", Refusal.seconds(ASK_AGAIN_AFTER)));
  }
}

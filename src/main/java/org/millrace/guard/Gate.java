package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.journal.CallerKey;
import org.millrace.journal.CallerStore;
import org.millrace.journal.JournalException;

/**
 * Lets requests in or not: finds out who asks, and whether their scopes allow what is asked.
 * Thread-safe.
 */
public final class Gate {
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final String SHOW =
      "send a key or token as 'Authorization: Bearer', or a key as X-API-Key";

  private final KnownKeys keys;
  private final GateSettings settings;
  private final Clock clock;

  public Gate(CallerStore callers, GateSettings settings, Clock clock) {
    this(new KnownKeys(callers, clock), settings, clock);
  }

  private Gate(KnownKeys keys, GateSettings settings, Clock clock) {
    this.keys = keys;
    this.settings = settings;
    this.clock = clock;
  }

  /** The gate to what is of another tenant of this engine: a key for one does not open it. */
  public Gate ofTenant(String tenant) {
    return new Gate(keys, new GateSettings(settings.always(), tenant), clock);
  }

  /**
   * Whether callers are asked who they are: always where the settings say so, else from the first
   * key on.
   *
   * @throws JournalException if that cannot be looked up
   */
  public boolean asks() {
    return settings.always() || keys.any();
  }

  /** Says whether a request may go on. */
  public Admission admit(Credentials shown, Needs needs) {
    if (needs.open()) {
      return new Admission.Admitted(Principal.ANYBODY);
    }
    try {
      return asks() ? allowed(known(shown), needs) : new Admission.Admitted(Principal.ANYBODY);
    } catch (JournalException unreadable) {
      return Admission.later(
          Admission.Reason.UNAVAILABLE,
          Principal.ANYBODY,
          WAIT,
          "the engine cannot look up at present who may ask; ask again later");
    }
  }

  private static Admission allowed(Admission admission, Needs needs) {
    if (!(admission instanceof Admission.Admitted admitted)) {
      return admission;
    }
    List<String> missing =
        admitted.principal().scopes().missing(needs).stream().map(Need::scope).toList();
    return missing.isEmpty()
        ? admission
        : Admission.forbidden(
            admitted.principal(),
            missing,
            "this caller's scopes do not allow it; missing is " + String.join(" ", missing));
  }

  private Admission known(Credentials shown) {
    if (shown.authorization().size() + shown.apiKeys().size() > 1) {
      return unknown("more than one key or token was shown, and they could be of several callers");
    }
    if (!shown.apiKeys().isEmpty()) {
      return ofKey(shown.apiKeys().get(0).strip());
    }
    if (shown.authorization().isEmpty()) {
      return Admission.unknown(
          Admission.Reason.NOTHING_SHOWN, "the engine must know who asks: " + SHOW);
    }
    Optional<String> bearer = bearer(shown.authorization().get(0));
    return bearer.isPresent()
        ? ofKey(bearer.get())
        : unknown("this way to say who asks is not known here: " + SHOW);
  }

  private static Admission unknown(String sentence) {
    return Admission.unknown(Admission.Reason.NOT_KNOWN, sentence);
  }

  private static Optional<String> bearer(String authorization) {
    String[] words = authorization.strip().split(" +", -1);
    return words.length == 2 && words[0].toLowerCase(Locale.ROOT).equals("bearer")
        ? Optional.of(words[1])
        : Optional.empty();
  }

  private Admission ofKey(String key) {
    Optional<CallerKey> found =
        ApiKeys.id(key)
            .flatMap(keys::find)
            .filter(candidate -> ApiKeys.matches(key, candidate.digest()));
    if (found.isEmpty()) {
      return unknown("the key is not known, or was revoked");
    }
    CallerKey good = found.get();
    if (!good.inForce(clock.instant())) {
      return unknown("the key has expired; whoever made it can make another");
    }
    keys.used(good);
    Principal principal = principal(good);
    String tenant = good.rights().tenant();
    return tenant.isEmpty() || tenant.equals(settings.tenant())
        ? new Admission.Admitted(principal)
        : Admission.forbidden(
            principal, List.of(), "this caller's key is for another tenant than this one");
  }

  private static Principal principal(CallerKey key) {
    String senders = key.rights().senders();
    return new Principal(
        key.caller(),
        Principal.Proof.KEY,
        key.id(),
        Scopes.granted(List.of(key.rights().scopes().split(" "))),
        senders.isEmpty() ? Set.of() : Set.of(senders.split(" ")));
  }
}

package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;

/**
 * Lets requests in or not: finds out who asks, and whether their scopes allow what is asked.
 * Thread-safe.
 */
public final class Gate {
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Whoever tries keys is out of tries soon. */
  private static final int FAILURE_COUNTS_FOR = 10;

  /** More denials a second of one address are told by their number. */
  private static final int DENIALS_TOLD = 10;

  private static final String SHOW =
      "send a key or token as 'Authorization: Bearer', or a key as X-API-Key";

  private final KnownKeys keys;
  private final AuditStore audit;
  private final RateLimit ofAddress;
  private final RateLimit ofCaller;
  private final RateLimit denials;
  private final Optional<IssuerKeys> issuer;
  private final Optional<TokenCheck> tokens;
  private final String home;
  private final GateSettings settings;
  private final Clock clock;

  /**
   * @param journal holds the keys' digests, and what was asked and denied
   */
  public Gate(JournalDatabase journal, GateSettings settings, Clock clock) {
    this.audit = journal.audit();
    this.keys = new KnownKeys(journal.callers(), clock);
    this.ofAddress = new RateLimit(settings.limits().ofAddress(), clock);
    this.ofCaller = new RateLimit(settings.limits().ofCaller(), clock);
    this.denials = new RateLimit(DENIALS_TOLD, clock);
    this.issuer =
        settings.tokens().map(of -> new IssuerKeys(of.issuer(), new IssuerDocuments(), clock));
    this.tokens =
        issuer.flatMap(of -> settings.tokens().map(how -> new TokenCheck(how, of, clock)));
    this.home = settings.tenant();
    this.settings = settings;
    this.clock = clock;
  }

  private Gate(Gate other, String tenant) {
    audit = other.audit;
    keys = other.keys;
    ofAddress = other.ofAddress;
    ofCaller = other.ofCaller;
    denials = other.denials;
    issuer = other.issuer;
    tokens = other.tokens;
    home = other.home;
    settings = other.settings.ofTenant(tenant);
    clock = other.clock;
  }

  /** The gate to what is of another tenant of this engine: a key for one does not open it. */
  public Gate ofTenant(String tenant) {
    return new Gate(this, tenant);
  }

  /**
   * Whether callers are asked who they are: always where the settings say so or name an issuer of
   * tokens, else from the first key on.
   *
   * @throws JournalException if that cannot be looked up
   */
  public boolean asks() {
    return settings.always() || settings.tokens().isPresent() || keys.any();
  }

  /** Says whether a request may go on. */
  public Admission admit(Credentials shown, Needs needs) {
    return admit(shown, needs, RateLimit::take);
  }

  /**
   * What keeps a request out before its body is read. Who is kept out is counted as by {@link
   * #admit}; who is not must come there yet, and is counted then.
   */
  public Optional<Admission.Refused> refuseUnread(Credentials shown, Needs needs) {
    return admit(shown, needs, RateLimit::takeIfOut) instanceof Admission.Refused refused
        ? Optional.of(refused)
        : Optional.empty();
  }

  private Admission admit(Credentials shown, Needs needs, Counting counting) {
    try {
      return asks() ? judged(shown, needs, counting) : new Admission.Admitted(Principal.ANYBODY);
    } catch (JournalException unreadable) {
      return Admission.later(
          Admission.Reason.UNAVAILABLE,
          Principal.ANYBODY,
          WAIT,
          "the engine cannot look up at present who may ask; ask again later");
    }
  }

  /** How a request is counted that goes on. */
  private interface Counting {
    Optional<RateLimit.TurnedAway> count(RateLimit limit, String who, AuditEvent.Actor actor);
  }

  private Admission judged(Credentials shown, Needs needs, Counting counting) {
    String address = Addresses.counted(shown.address());
    if (needs.open()) {
      // Apart from who is not known: who tries keys must not keep others from asking where to
      // begin.
      return tooFast(counting, ofAddress, "open " + address, Principal.ANYBODY, address)
          .orElse(new Admission.Admitted(Principal.ANYBODY));
    }
    Admission known = known(shown);
    if (known instanceof Admission.Refused refused) {
      return counted(refused, address);
    }
    Principal caller = ((Admission.Admitted) known).principal();
    Admission allowed = allowed(caller, needs);
    Counting how = allowed instanceof Admission.Admitted ? counting : RateLimit::take;
    return tooFast(how, ofCaller, named(caller), caller, address).orElse(allowed);
  }

  /**
   * Who is known is not held to the limit of its address, however many strangers ask from there:
   * behind a proxy it is everybody's.
   */
  private Admission counted(Admission.Refused refused, String address) {
    Principal caller = refused.principal();
    if (caller.proof() != Principal.Proof.NONE) {
      return tooFast(RateLimit::take, ofCaller, named(caller), caller, address).orElse(refused);
    }
    Optional<Admission> tooFast = tooFast(RateLimit::take, ofAddress, address, caller, address);
    if (tooFast.isEmpty() && refused.reason() == Admission.Reason.NOT_KNOWN) {
      ofAddress.charge(address, FAILURE_COUNTS_FOR - 1);
    }
    return tooFast.orElse(refused);
  }

  private static String named(Principal caller) {
    return caller.proof() + " " + caller.name();
  }

  private Optional<Admission> tooFast(
      Counting counting, RateLimit limit, String who, Principal caller, String address) {
    Optional<RateLimit.TurnedAway> turnedAway = counting.count(limit, who, caller.actor(address));
    turnedAway
        .filter(some -> some.toTell() > 0)
        .ifPresent(some -> record(caller.actor(address), Admission.Reason.TOO_FAST, some.toTell()));
    return turnedAway.map(
        some ->
            Admission.later(
                Admission.Reason.TOO_FAST,
                caller,
                some.retry(),
                "there were too many requests; ask again after the time of Retry-After"));
  }

  /** Each would fill the trail with what nobody was told: their number does, now and then. */
  private void record(AuditEvent.Actor actor, Admission.Reason reason, long times) {
    audit.note(
        new AuditEvent(
            clock.instant(),
            "ask",
            AuditEvent.Outcome.DENIED,
            reason.status(),
            actor,
            reason == Admission.Reason.TOO_FAST ? "too many requests" : "unknown callers",
            "",
            List.of(),
            Map.of("times", String.valueOf(times))));
  }

  /**
   * Puts on record that a request was not let in: by itself or, where strangers could fill the
   * trail, with the number of many.
   */
  public void refused(Admission.Refused refused, String address, Asked asked) {
    refused(refused, address, asked, audit::record);
  }

  /** The same for a door with few threads, of which none is held back. */
  public void refusedAtOnce(Admission.Refused refused, String address, Asked asked) {
    refused(refused, address, asked, audit::note);
  }

  private void refused(
      Admission.Refused refused, String address, Asked asked, Consumer<AuditEvent> trail) {
    if (!isToldByItself(refused, address)) {
      return;
    }
    Map<String, String> details = new TreeMap<>(asked.details());
    details.put("why", refused.sentence());
    trail.accept(
        new AuditEvent(
            clock.instant(),
            asked.what(),
            AuditEvent.Outcome.DENIED,
            refused.reason().status(),
            refused.principal().actor(address),
            asked.subject(),
            asked.requestId(),
            List.of(),
            details));
  }

  private boolean isToldByItself(Admission.Refused refused, String address) {
    if (refused.reason() == Admission.Reason.TOO_FAST) {
      return false;
    }
    if (refused.principal().proof() != Principal.Proof.NONE) {
      return true;
    }
    String counted = Addresses.counted(address);
    Optional<RateLimit.TurnedAway> many = denials.take(counted, Principal.ANYBODY.actor(counted));
    many.filter(some -> some.toTell() > 0)
        .ifPresent(
            some -> record(Principal.ANYBODY.actor(counted), refused.reason(), some.toTell()));
    return many.isEmpty();
  }

  /**
   * Puts the numbers of those that were turned away and did not come back on record.
   *
   * @param all also those that are not ten seconds old
   */
  void tellRest(boolean all) {
    for (RateLimit limit : List.of(ofAddress, ofCaller)) {
      limit
          .untold(all)
          .forEach(some -> record(some.actor(), Admission.Reason.TOO_FAST, some.times()));
    }
    denials
        .untold(all)
        .forEach(some -> record(some.actor(), Admission.Reason.NOT_KNOWN, some.times()));
  }

  /**
   * What keeps a caller from sending a message, as a sentence; empty if nothing does. A message
   * that is kept from being sent is put on record: its answer over HTTP is 200.
   *
   * @param sender of the message, {@code MSH-3.1@MSH-4.1}
   */
  public Optional<String> refuseSending(Principal caller, String address, String sender) {
    if (caller.maySendAs(sender)) {
      return Optional.empty();
    }
    String why = "The key of this caller does not stand for this sender (MSH-3, MSH-4)";
    refused(
        Admission.forbidden(caller, List.of(), why),
        address,
        new Asked("send", OwnScope.HL7.word(), "", Map.of("sender", sender)));
    return Optional.of(why);
  }

  /** Where what is asked and denied is put on record. */
  public AuditStore audit() {
    return audit;
  }

  private static Admission allowed(Principal caller, Needs needs) {
    List<String> missing = caller.scopes().missing(needs).stream().map(Need::scope).toList();
    return missing.isEmpty()
        ? new Admission.Admitted(caller)
        : Admission.forbidden(
            caller,
            missing,
            "this caller's scopes do not allow it; missing is " + String.join(" ", missing));
  }

  /** Where callers get tokens; empty if none are taken, or while that cannot be found out. */
  public Optional<AuthorizationServer> authorizationServer() {
    return issuer.flatMap(IssuerKeys::server);
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
    if (bearer.isEmpty()) {
      return unknown("this way to say who asks is not known here: " + SHOW);
    }
    return tokens.isPresent() && !bearer.get().startsWith(ApiKeys.MARK)
        ? tokens.get().admit(bearer.get(), settings.tenant(), home)
        : ofKey(bearer.get());
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

package org.millrace.guard;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, read when the first token comes and again every ten minutes. A key that is
 * not among them makes them be read again, once in half a minute at most: an issuer changes keys
 * without telling, and whoever makes keys up must not be able to have it asked for each. While the
 * issuer cannot be reached, the keys it had are good for six hours. Thread-safe.
 */
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration LONGEST = Duration.ofHours(6);
  private static final Duration LATELY = Duration.ofMinutes(1);
  private static final Duration BETWEEN = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI issuer;
  private final IssuerDocuments documents;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Optional<Known> known = Optional.empty();
  private volatile Instant tried = Instant.MIN;
  private volatile boolean failing;

  private record Known(IssuerDocuments.Described said, JWKSet keys, Instant readAt) {}

  IssuerKeys(URI issuer, IssuerDocuments documents, Clock clock) {
    this.issuer = issuer;
    this.documents = documents;
    this.clock = clock;
  }

  /**
   * The keys that a token may be signed with.
   *
   * @return empty if it is not known which keys there are
   */
  Optional<List<JWK>> matching(JWKMatcher wanted) {
    readWhatIsOld();
    List<JWK> found = select(wanted);
    if (found.isEmpty() && !isOlder(LONGEST)) {
      readAgain(PATIENCE);
      found = select(wanted);
    }
    return isOlder(LONGEST) ? Optional.empty() : Optional.of(found);
  }

  /**
   * Where callers get tokens; empty while that cannot be read. Anybody may ask that, so nobody
   * waits for it who does not read it.
   */
  Optional<AuthorizationServer> server() {
    if (isOlder(FRESH)) {
      readAgain(Duration.ZERO);
    }
    return known.map(Known::said).map(IssuerDocuments.Described::server);
  }

  /** What the issuer said within the last minute; empty if it cannot be reached. */
  Optional<IssuerDocuments.Described> lately() {
    if (isOlder(LATELY)) {
      readAgain(PATIENCE);
    }
    return isOlder(LATELY) ? Optional.empty() : known.map(Known::said);
  }

  /** What it last said; empty if it never did. */
  Optional<IssuerDocuments.Described> said() {
    return known.map(Known::said);
  }

  /** Whether it could not be reached when it was last tried. */
  boolean failing() {
    return failing;
  }

  /** Nobody waits for it as long as what there was is good yet. */
  private void readWhatIsOld() {
    if (isOlder(LONGEST)) {
      readAgain(PATIENCE);
    } else if (isOlder(FRESH)) {
      readAgain(Duration.ZERO);
    }
  }

  private List<JWK> select(JWKMatcher wanted) {
    return known.map(now -> new JWKSelector(wanted).select(now.keys())).orElse(List.of());
  }

  private boolean isOlder(Duration age) {
    Instant now = clock.instant();
    return known.filter(one -> !now.isAfter(one.readAt().plus(age))).isEmpty();
  }

  /** Whoever comes meanwhile waits for the one that reads, and does not read again. */
  private void readAgain(Duration patience) {
    try {
      if (!reading.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      Instant now = clock.instant();
      if (!tried.equals(Instant.MIN) && now.isBefore(tried.plus(BETWEEN))) {
        return;
      }
      tried = now;
      IssuerDocuments.Described said = documents.described(issuer);
      known = Optional.of(new Known(said, documents.keys(said.server().keys()), now));
      failing = false;
    } catch (IOException unreachable) {
      failing = true;
      LOG.warn("the keys of the issuer of tokens cannot be read: {}", unreachable.getMessage());
    } finally {
      reading.unlock();
    }
  }
}

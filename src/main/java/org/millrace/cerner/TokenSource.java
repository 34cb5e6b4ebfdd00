package org.millrace.cerner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The token in use: asked for once for all callers, kept until shortly before it expires, dropped
 * when Cerner refuses it. Thread-safe.
 *
 * <p>It is fetched on a thread of its own: a caller with little time left gives up alone, and the
 * others still get what was asked for.
 */
final class TokenSource implements AutoCloseable {
  /** How long one attempt may take, discovery included. */
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  private static final Duration FATE_SHARED = Duration.ofSeconds(1);

  private final TokenServer server;
  private final CernerHttp http;
  private final Clock clock;
  private final ExecutorService fetcher =
      Executors.newSingleThreadExecutor(DaemonThreads.named("cerner-token"));
  private final Object lock = new Object();
  private Optional<Token> current = Optional.empty();
  private boolean replacing;

  /** The token that took the place of a refused one, until Cerner has taken it. */
  private Optional<String> unproven = Optional.empty();

  private Optional<CompletableFuture<Fetched>> underWay = Optional.empty();

  /** What the server said when it refused us, for those who asked for a token before that. */
  private Optional<Refusal> refusal = Optional.empty();

  private volatile Consumer<List<String>> granted = scopes -> {};

  private record Refusal(Reply<Token> reply, Instant until) {}

  TokenSource(TokenServer server, CernerHttp http, Clock clock) {
    this.server = server;
    this.http = http;
    this.clock = clock;
  }

  /** Is told what each new token grants, on the thread that fetched it; must be quick. */
  void whenGranted(Consumer<List<String>> listener) {
    granted = listener;
  }

  /** How far our clock is ahead of the authorization server's; empty until it is known. */
  Optional<Duration> clockAhead() {
    return server.clockAhead();
  }

  /**
   * A token that should still be good, within the caller's deadline. The observer of the caller
   * that set the attempt going is told of its exchanges.
   */
  Reply<Token> token(Call call) {
    CompletableFuture<Fetched> attempt;
    boolean ours;
    synchronized (lock) {
      if (current.isPresent() && clock.instant().isBefore(current.get().useUntil())) {
        return Reply.done(current.get());
      }
      if (refusal.filter(said -> clock.instant().isBefore(said.until())).isPresent()) {
        return refusal.get().reply();
      }
      ours = underWay.isEmpty();
      attempt = underWay.orElseGet(this::begin);
    }
    return await(attempt, ours, call);
  }

  /**
   * Cerner answered 401 to this token; another one that came meanwhile stays.
   *
   * @return whether a fresh one may help: not if this one took the place of a refused one itself
   */
  boolean refused(Token token) {
    synchronized (lock) {
      if (unproven.isPresent() && unproven.get().equals(token.value())) {
        // Callers that came together share its fate; whoever comes later tries another one.
        Instant soon = clock.instant().plus(FATE_SHARED);
        current = current.map(held -> held.usedUntil(soon));
        return false;
      }
      if (current.isPresent() && current.get().value().equals(token.value())) {
        current = Optional.empty();
        replacing = true;
      }
      return true;
    }
  }

  /** Cerner took this token. */
  void accepted(Token token) {
    synchronized (lock) {
      unproven = unproven.filter(value -> !value.equals(token.value()));
    }
  }

  private CompletableFuture<Fetched> begin() {
    CompletableFuture<Fetched> attempt = new CompletableFuture<>();
    underWay = Optional.of(attempt);
    try {
      fetcher.execute(() -> run(attempt));
    } catch (RejectedExecutionException e) {
      underWay = Optional.empty();
      attempt.complete(new Fetched(noToken("the client is closed"), List.of()));
    }
    return attempt;
  }

  private void run(CompletableFuture<Fetched> attempt) {
    List<Call.Exchange> seen = new ArrayList<>();
    Deadline deadline = Deadline.in(ATTEMPT);
    try {
      Reply<Token> reply =
          server.fetch(
              request -> {
                Exchanged exchanged = http.exchange(request, deadline);
                seen.add(request.seen(exchanged));
                return exchanged;
              });
      end(reply);
      attempt.complete(new Fetched(reply, List.copyOf(seen)));
      if (reply instanceof Reply.Done<Token> done) {
        granted.accept(done.value().scopes());
      }
    } catch (RuntimeException | Error e) {
      // A bug, or settings no request can be made of; nobody must wait for it for ever.
      Reply<Token> reply = noToken("the request could not be made");
      end(reply);
      attempt.complete(new Fetched(reply, List.copyOf(seen)));
      throw e;
    }
  }

  private void end(Reply<Token> reply) {
    synchronized (lock) {
      underWay = Optional.empty();
      if (reply instanceof Reply.Done<Token> done) {
        current = Optional.of(done.value());
        unproven = replacing ? Optional.of(done.value().value()) : Optional.empty();
        replacing = false;
      }
      // Whoever is on the way here does not know yet that nothing is to be asked for now.
      refusal =
          reply instanceof Reply.Failed<Token> failed && failed.fault().kind() == FaultKind.PERSON
              ? Optional.of(new Refusal(reply, clock.instant().plus(FATE_SHARED)))
              : Optional.empty();
    }
  }

  private static Reply<Token> await(CompletableFuture<Fetched> attempt, boolean ours, Call call) {
    long began = System.nanoTime();
    try {
      Fetched fetched =
          attempt.get(Math.max(1, call.deadline().left().toMillis()), TimeUnit.MILLISECONDS);
      if (ours) {
        fetched.seen().forEach(call::exchanged);
      }
      return fetched.reply();
    } catch (TimeoutException e) {
      if (ours) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        call.exchanged(new Call.Exchange("POST", "token", 0, "", took));
      }
      return noToken("it did not answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return noToken("the wait for it was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an attempt for a token ended in an exception", e);
    }
  }

  private static Reply<Token> noToken(String why) {
    return Reply.failed(
        Faults.beforeAsking(
            FaultCode.NO_TOKEN, "The authorization server gave no token: " + why + "."));
  }

  /** What the last token was granted; empty before there was one. */
  List<String> grantedScopes() {
    synchronized (lock) {
      return current.map(Token::scopes).orElse(List.of());
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      current = Optional.empty();
    }
    fetcher.shutdownNow();
  }

  /** What an attempt came to, and the exchanges it took. */
  private record Fetched(Reply<Token> reply, List<Call.Exchange> seen) {}
}

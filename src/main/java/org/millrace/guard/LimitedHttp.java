package org.millrace.guard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks the servers of an issuer. Follows no redirect, takes a megabyte at most, and waits so long
 * at most for all of an answer. Thread-safe.
 */
final class LimitedHttp {
  /** For all of an answer. */
  static final Duration WITHIN = Duration.ofSeconds(5);

  private static final int MOST = 1024 * 1024;

  private final Duration within;
  private final HttpClient http;

  /**
   * @param within until all of an answer must have been read
   */
  LimitedHttp(Duration within) {
    this.within = within;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(within)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * What was answered.
   *
   * @param type as {@code Content-Type} has it; empty if it is not told
   */
  record Answer(int status, String type, String body) {

    /** Without the body: it may be a token. */
    @Override
    public String toString() {
      return "an answer of " + status;
    }
  }

  /**
   * Asks. The time of a request would end with the headers: an issuer could stall within the body.
   *
   * @throws IOException if nothing is answered in time, or too much; its text says nothing of what
   *     was sent or answered
   */
  Answer ask(HttpRequest.Builder asked) throws IOException {
    HttpRequest request = asked.timeout(within).header("Accept", "application/json").build();
    URI at = request.uri();
    Beginning body = new Beginning();
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArrayConsumer(body));
    try {
      HttpResponse<Void> head = answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(
          head.statusCode(), head.headers().firstValue("Content-Type").orElse(""), body.text(at));
    } catch (TimeoutException stalled) {
      throw new IOException(at + " did not answer within " + within.toMillis() + " ms", stalled);
    } catch (ExecutionException failed) {
      throw new IOException(at + " cannot be read: " + failed.getCause(), failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    } finally {
      answer.cancel(true);
    }
  }

  /** Keeps what is taken at most of a body; the client hands it over piece by piece. */
  private static final class Beginning implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public void accept(Optional<byte[]> piece) {
      piece.ifPresent(
          bytes -> kept.write(bytes, 0, Math.min(bytes.length, MOST + 1 - kept.size())));
    }

    String text(URI at) throws IOException {
      if (kept.size() > MOST) {
        throw new IOException("what is at " + at + " is longer than " + MOST + " bytes");
      }
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}

package org.millrace.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.journal.AlertNotice;

/** Posts notices as JSON; taken is what is answered by a status of 200 to 299. Thread-safe. */
public final class WebhookWay implements NoticeWay {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private final URI url;
  private final NoticeText text;
  private final Duration within;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  public WebhookWay(URI url, NoticeText text) {
    this(url, text, ANSWER_WITHIN);
  }

  /**
   * @param within until all of an answer must have come
   */
  WebhookWay(URI url, NoticeText text, Duration within) {
    this.url = url;
    this.text = text;
    this.within = within;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public void send(AlertNotice notice) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(within)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(text.json(notice).toString()))
            .build();
    int status = status(request);
    if (status < 200 || status > 299) {
      throw new IOException("answered " + status);
    }
  }

  /** The time of a request ends with the headers: a receiver could stall within the body. */
  private int status(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException unreachable) {
      // Texts of exceptions may quote the URL, and that may hold a token of the receiver's.
      Throwable cause = Objects.requireNonNullElse(unreachable.getCause(), unreachable);
      throw new IOException("no answer: " + cause.getClass().getSimpleName(), unreachable);
    } catch (TimeoutException stalled) {
      throw new IOException("no whole answer in time", stalled);
    } finally {
      answer.cancel(true);
    }
  }
}

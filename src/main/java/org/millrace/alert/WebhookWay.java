package org.millrace.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.millrace.journal.AlertNotice;

/** Posts notices as JSON; taken is what is answered by a status of 200 to 299. Thread-safe. */
public final class WebhookWay implements NoticeWay {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private final URI url;
  private final NoticeText text;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  public WebhookWay(URI url, NoticeText text) {
    this.url = url;
    this.text = text;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public void send(AlertNotice notice) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER_WITHIN)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(text.json(notice).toString()))
            .build();
    int status;
    try {
      status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException unreachable) {
      // Texts of exceptions may quote the URL, and that may hold a token of the receiver's.
      throw new IOException("no answer: " + unreachable.getClass().getSimpleName(), unreachable);
    }
    if (status < 200 || status > 299) {
      throw new IOException("answered " + status);
    }
  }
}

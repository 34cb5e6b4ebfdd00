package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mllp.MllpClient;
import org.millrace.mllp.MllpException;

/**
 * Sends what a case receives and takes the replies. A later message may quote an earlier reply as
 * {@code ${reply[1].DSC-1}}.
 */
final class Conversation {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REPLY = Duration.ofSeconds(30);
  private static final Pattern QUOTE = Pattern.compile("\\$\\{([^}]+)}");
  private static final Set<String> COMPARED_HEADERS =
      Set.of("content-type", "location", "etag", "allow", "retry-after");

  private final SampleCase sample;
  private final Target target;
  private final HttpClient http;
  private final RenewedIds ids;
  private final ArrayNode none = SampleCase.JSON.createArrayNode();

  Conversation(SampleCase sample, Target target, HttpClient http) {
    this.sample = sample;
    this.target = target;
    this.http = http;
    this.ids =
        new RenewedIds(
            target.sandboxControl().isEmpty() && !sample.clientOptions().pinControlIds());
  }

  Observed hold() throws IOException, MllpException {
    return sample.isHl7() ? overMllp() : overHttp();
  }

  private Observed overMllp() throws IOException, MllpException {
    byte[] file = Files.readAllBytes(sample.received());
    String lineEnd = sample.clientOptions().lineEnd();
    List<byte[]> messages =
        sample.clientOptions().whole()
            ? List.of(MessageFile.whole(file, lineEnd))
            : MessageFile.messages(file, lineEnd);
    List<byte[]> sent = new ArrayList<>();
    List<byte[]> replies = new ArrayList<>();
    try (MllpClient client =
        MllpClient.connect(
            target.mllpHost(), target.mllpPort(), new MllpClient.Timeouts(CONNECT, REPLY))) {
      for (byte[] message : messages) {
        byte[] filled = fill(message, seen(sent, replies));
        sent.add(filled);
        replies.add(ids.restored(client.exchange(ids.renewed(filled))));
      }
    }
    return seen(sent, replies);
  }

  private Observed seen(List<byte[]> sent, List<byte[]> replies) {
    return new Observed(
        List.copyOf(sent), List.copyOf(replies), none, none, SampleCase.JSON.createObjectNode());
  }

  private static byte[] fill(byte[] message, Observed soFar) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    Matcher quote = QUOTE.matcher(text);
    return quote
        .replaceAll(match -> Matcher.quoteReplacement(soFar.at(match.group(1))))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private Observed overHttp() throws IOException {
    ArrayNode answers = SampleCase.JSON.createArrayNode();
    JsonNode requests =
        ExpectedFiles.asList(SampleCase.JSON.readTree(Files.readAllBytes(sample.received())));
    for (JsonNode request : requests) {
      answers.add(exchange(request, answers));
    }
    return new Observed(List.of(), List.of(), answers, none, SampleCase.JSON.createObjectNode());
  }

  /** A body that is text goes out as it is; any other goes out as JSON. */
  private ObjectNode exchange(JsonNode request, ArrayNode earlier) throws IOException {
    String method = request.path("method").asText("GET");
    Observed soFar =
        new Observed(List.of(), List.of(), earlier, none, SampleCase.JSON.createObjectNode());
    String path =
        QUOTE
            .matcher(request.path("path").asText())
            .replaceAll(match -> Matcher.quoteReplacement(pathOf(soFar.at(match.group(1)))));
    JsonNode body = request.path("body");
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(target.http() + path)).timeout(REPLY);
    request
        .path("headers")
        .properties()
        .forEach(header -> builder.header(header.getKey(), header.getValue().asText()));
    byte[] content =
        body.isTextual()
            ? body.asText().getBytes(StandardCharsets.UTF_8)
            : body.isMissingNode() ? new byte[0] : SampleCase.JSON.writeValueAsBytes(body);
    builder.method(method, HttpRequest.BodyPublishers.ofByteArray(content));
    HttpResponse<byte[]> response = Http.send(http, builder.build());
    return answer(method + " " + request.path("path").asText(), response);
  }

  /** An absolute link of ours, as a later request of the same case follows it. */
  private static String pathOf(String link) {
    if (!link.startsWith("http")) {
      return link;
    }
    URI uri = URI.create(link);
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static ObjectNode answer(String request, HttpResponse<byte[]> response)
      throws IOException {
    ObjectNode answer = SampleCase.JSON.createObjectNode();
    answer.put("request", request);
    answer.put("status", response.statusCode());
    ObjectNode headers = answer.putObject("headers");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (COMPARED_HEADERS.contains(name)) {
                headers.put(name, values.get(0));
              }
            });
    String type = response.headers().firstValue("content-type").orElse("");
    if (type.contains("json") && response.body().length > 0) {
      answer.set("body", SampleCase.JSON.readTree(response.body()));
    } else if (response.body().length > 0) {
      answer.put("body", new String(response.body(), StandardCharsets.UTF_8));
    }
    return answer;
  }
}

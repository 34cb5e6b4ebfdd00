package org.millrace.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What senders were answered, as a history tells. */
final class Acknowledgments {
  private final List<Answer> answers;
  private final Map<String, Long> moments;

  /**
   * A reply.
   *
   * @param at milliseconds since the history began
   * @param waited milliseconds since the message was sent for the first time
   * @param code MSA-1
   */
  private record Answer(long at, long waited, String code) {}

  private Acknowledgments(List<Answer> answers, Map<String, Long> moments) {
    this.answers = answers;
    this.moments = moments;
  }

  static Acknowledgments read(Path history) throws IOException {
    List<Answer> answers = new ArrayList<>();
    Map<String, Long> moments = new HashMap<>();
    Map<String, Long> sent = new HashMap<>();
    for (String line : Files.readAllLines(history, StandardCharsets.UTF_8)) {
      String[] words = line.split(" ");
      long at = Long.parseLong(words[0]);
      switch (words[1]) {
        case "sent" -> sent.putIfAbsent(words[2], at);
        case "acked" -> answers.add(new Answer(at, at - sent.getOrDefault(words[2], at), words[3]));
        default -> moments.put(words[1], at);
      }
    }
    return new Acknowledgments(answers, moments);
  }

  /** Those between two events that happened once. */
  Acknowledgments between(String from, String to) {
    long begins = moment(from);
    long ends = moment(to);
    return new Acknowledgments(
        answers.stream().filter(each -> each.at() >= begins && each.at() <= ends).toList(),
        moments);
  }

  private long moment(String event) {
    Long at = moments.get(event);
    if (at == null) {
      throw new IllegalArgumentException("nothing named " + event + " is in the history");
    }
    return at;
  }

  int count() {
    return answers.size();
  }

  Set<String> codes() {
    Set<String> codes = new TreeSet<>();
    answers.forEach(each -> codes.add(each.code()));
    return codes;
  }

  /** How long the most patient sender waited for its reply. */
  Duration longestWait() {
    return Duration.ofMillis(answers.stream().mapToLong(Answer::waited).max().orElse(0));
  }
}

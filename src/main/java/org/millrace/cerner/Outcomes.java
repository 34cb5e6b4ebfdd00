package org.millrace.cerner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Exchanged.Answer;

/**
 * Cerner's own words, wherever an answer hides them: {@code details.text}, {@code diagnostics} or
 * {@code details.coding} of an OperationOutcome, plain text, the title of an HTML page.
 *
 * <p>What comes out may hold patient data and must not be logged.
 */
final class Outcomes {
  private static final int LONGEST = 2000;
  private static final int LONGEST_PLAIN = 500;
  private static final Pattern TITLE =
      Pattern.compile("<(title|h1)[^>]*>([^<]{1,300})</", Pattern.CASE_INSENSITIVE);
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private Outcomes() {}

  /** Empty if the answer has no words. */
  static String text(Answer answer) {
    Optional<ObjectNode> json = FhirJson.object(answer.body());
    if (json.isPresent()) {
      return isOutcome(json.get()) ? text(json.get()) : plainJson(json.get());
    }
    return plain(answer);
  }

  static boolean isOutcome(JsonNode json) {
    return json.path("resourceType").asText().equals("OperationOutcome");
  }

  static boolean holdsOutcome(Answer answer) {
    return FhirJson.object(answer.body()).filter(Outcomes::isOutcome).isPresent();
  }

  /** The words of all issues of an OperationOutcome, each once; its codes where it has no words. */
  static String text(JsonNode outcome) {
    Set<String> words = new LinkedHashSet<>();
    Set<String> codes = new LinkedHashSet<>();
    for (JsonNode issue : outcome.path("issue")) {
      add(words, issue.path("details").path("text"));
      add(words, issue.path("diagnostics"));
      for (JsonNode coding : issue.path("details").path("coding")) {
        add(words, coding.hasNonNull("display") ? coding.path("display") : coding.path("code"));
      }
      add(codes, issue.path("code"));
    }
    return shortened(String.join("; ", words.isEmpty() ? codes : words), LONGEST);
  }

  /** Whether an issue of this severity and code is among them. */
  static boolean hasIssue(Answer answer, String severity, String code) {
    Optional<ObjectNode> json = FhirJson.object(answer.body());
    if (json.isEmpty()) {
      return false;
    }
    for (JsonNode issue : json.get().path("issue")) {
      if (issue.path("severity").asText().equals(severity)
          && issue.path("code").asText().equals(code)) {
        return true;
      }
    }
    return false;
  }

  private static void add(Set<String> words, JsonNode node) {
    String text = node.asText("").strip();
    if (!text.isEmpty()) {
      words.add(text);
    }
  }

  /** What gateways in front of Cerner answer. */
  private static String plainJson(ObjectNode json) {
    Set<String> words = new LinkedHashSet<>();
    for (String name : new String[] {"error", "error_description", "message", "title", "detail"}) {
      add(words, json.path(name));
    }
    return shortened(String.join("; ", words), LONGEST_PLAIN);
  }

  private static String plain(Answer answer) {
    String body = answer.text();
    String start = body.substring(0, Math.min(body.length(), 20_000)).strip();
    String type = answer.header("Content-Type").toLowerCase(Locale.ROOT);
    if (start.startsWith("<") || type.contains("html")) {
      Matcher title = TITLE.matcher(start);
      return title.find() ? shortened(title.group(2), LONGEST_PLAIN) : "";
    }
    boolean looksBinary = start.indexOf('\uFFFD') >= 0 || start.indexOf('\0') >= 0;
    boolean brokenJson = start.startsWith("{") || start.startsWith("[");
    return looksBinary || brokenJson ? "" : shortened(start, LONGEST_PLAIN);
  }

  private static String shortened(String text, int longest) {
    String line = BLANKS.matcher(text).replaceAll(" ").strip();
    return line.length() <= longest ? line : line.substring(0, longest) + "…";
  }
}

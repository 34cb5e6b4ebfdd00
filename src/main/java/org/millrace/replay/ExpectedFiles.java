package org.millrace.replay;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what was seen as what is expected; the only way expected files come about. */
final class ExpectedFiles {
  /** Ports differ from run to run; in files the engine and Cerner go by these names. */
  private static final String ENGINE = "http://engine";

  private static final String CERNER = "http://cerner";

  private ExpectedFiles() {}

  static void writeReply(SampleCase sample, Observed observed, Target target) throws IOException {
    if (sample.isHl7()) {
      Files.write(sample.reply(), MessageFile.write(observed.replies()));
      return;
    }
    JsonNode answers = neutral(observed.answers(), target);
    json(sample.reply(), answers.size() == 1 ? answers.path(0) : answers);
  }

  static void writeRequests(SampleCase sample, Observed observed, Target target)
      throws IOException {
    json(sample.requests(), neutral(observed.requests(), target));
  }

  private static void json(Path file, JsonNode node) throws IOException {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    String text = SampleCase.JSON.writer(printer).writeValueAsString(node) + "\n";
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file with one answer may leave the list out. */
  static JsonNode asList(JsonNode node) {
    return node instanceof ArrayNode ? node : SampleCase.JSON.createArrayNode().add(node);
  }

  /** The same with addresses of this run replaced by their names. */
  static JsonNode neutral(JsonNode node, Target target) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = SampleCase.JSON.createObjectNode();
      object
          .properties()
          .forEach(entry -> copy.set(entry.getKey(), neutral(entry.getValue(), target)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = SampleCase.JSON.createArrayNode();
      array.forEach(each -> copy.add(neutral(each, target)));
      return copy;
    }
    return node.isTextual() ? TextNode.valueOf(neutral(node.asText(), target)) : node;
  }

  private static String neutral(String text, Target target) {
    String neutral = text;
    for (String address : addresses(target.http())) {
      neutral = neutral.replace(address, ENGINE);
    }
    if (target.sandboxControl().isPresent()) {
      for (String address : addresses(target.sandboxControl().get())) {
        neutral = neutral.replace(address, CERNER);
      }
    }
    return neutral;
  }

  private static List<String> addresses(URI uri) {
    List<String> addresses = new ArrayList<>();
    addresses.add("http://" + uri.getHost() + ":" + uri.getPort());
    addresses.add("http://localhost:" + uri.getPort());
    return addresses;
  }
}

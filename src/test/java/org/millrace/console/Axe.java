package org.millrace.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** axe-core, which checks a page for what keeps people with disabilities out (WCAG 2.2 A, AA). */
final class Axe {
  private static final Set<String> GRAVE = Set.of("serious", "critical");
  private static final String RUN =
      "const done = arguments[arguments.length - 1];"
          + "axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',"
          + " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
          + ".then((result) => done(result.violations), (fault) => done(String(fault)));";

  private final String script;

  Axe() throws IOException {
    try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
      if (file == null) {
        throw new IOException("axe.min.js is not on the class path");
      }
      script = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What is serious or critical on the page that is open: rule, element and what is wrong. */
  List<String> findings(Chromium chromium) throws Exception {
    chromium.run(script);
    JsonNode violations = chromium.runAsync(RUN);
    if (!violations.isArray()) {
      throw new IOException("axe could not be run: " + violations);
    }
    List<String> findings = new ArrayList<>();
    for (JsonNode each : violations) {
      if (GRAVE.contains(each.path("impact").asText())) {
        for (JsonNode node : each.path("nodes")) {
          findings.add(
              each.path("id").asText()
                  + " "
                  + node.path("target")
                  + " "
                  + node.path("failureSummary").asText().replace('\n', ' '));
        }
      }
    }
    return findings;
  }
}

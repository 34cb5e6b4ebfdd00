package org.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.FaultCode;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.ReplyState;
import org.millrace.mapping.CoverageNote;
import org.millrace.rest.RefusalReason;

/** Holds the documents against the code: every published word stands in one, and links lead on. */
final class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  /** Where sources write a published code down: as the first argument of one of these. */
  private static final Pattern CODE =
      Pattern.compile(
          "\\b(?:held|hold|filter|filtered|failed|refused|file|note|Reason\\.of|Note)\\(\\s*"
              + "(?:at,\\s*|message\\.receivedAt\\(\\),\\s*)?\"([a-z]+(?:-[a-z]+)*)\",");

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.UTF_8);
  }

  private static List<Path> files(String folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  @Test
  void everyFaultOfCernerIsInBothOfItsTables() throws Exception {
    String page = read("docs/errors.md");

    for (FaultCode code : FaultCode.values()) {
      String kind = code.kind().name().toLowerCase(Locale.ROOT);
      String who = code.whoActs().name().toLowerCase(Locale.ROOT);
      assertThat(page)
          .as(code.label())
          .containsPattern("\\| `" + code.label() + "` \\|[^|]+\\| " + kind + " \\| " + who + " ");
      int status = RefusalReason.valueOf(code.name()).status();
      assertThat(page)
          .as(code.label())
          .containsPattern(
              // One code may have a row for each of its causes.
              "\\| `" + code.label() + "`( \\([^|]+\\))? \\| AA?E?[^|]+\\| " + status + " \\|");
    }
  }

  @Test
  void everyCodeThatHttpCallersAreToldIsExplainedWithItsStatus() throws Exception {
    String page = read("docs/errors.md");
    List<String> faults = Arrays.stream(FaultCode.values()).map(FaultCode::label).toList();

    assertThat(RefusalReason.values())
        .filteredOn(reason -> !faults.contains(reason.code()))
        .isNotEmpty()
        .allSatisfy(
            reason ->
                assertThat(page).contains("| `" + reason.code() + "` | " + reason.status() + " |"));
  }

  @Test
  void everyReasonThatAMessageCanCarryIsExplained() throws Exception {
    String page = read("docs/errors.md");
    Set<String> codes = new TreeSet<>();
    for (String part : List.of("delivery", "journal", "routing", "mapping")) {
      for (Path source : files("src/main/java/org/millrace/" + part, ".java")) {
        Matcher code = CODE.matcher(Files.readString(source, StandardCharsets.UTF_8));
        while (code.find()) {
          codes.add(code.group(1));
        }
      }
    }
    codes.addAll(wordsOfVerdictTables());
    codes.remove("mapped"); // of resources that no report is made of: never a message's reason

    assertThat(codes)
        .contains("no-such-patient", "outcome-unknown", "query-refused", "ed-damaged")
        .contains("received-again", "control-id-used-again", "cancelled", "preliminary")
        .allSatisfy(code -> assertThat(page).contains("`" + code + "`"));
  }

  private static Set<String> wordsOfVerdictTables() throws IOException {
    Set<String> words = new TreeSet<>();
    for (Path table : files("mappings/tables", "-verdict.csv")) {
      for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
        Matcher row =
            Pattern.compile(",(?:FILE|CORRECT|WITHDRAW|FILTER|HOLD),([a-z-]+),").matcher(line);
        if (row.find()) {
          words.add(row.group(1));
        }
      }
    }
    assertThat(words).isNotEmpty();
    return words;
  }

  @Test
  void everyStateIsExplained() throws Exception {
    String page = read("docs/how-it-works.md");
    List<Enum<?>> states = new ArrayList<>();
    states.addAll(List.of(MessageState.values()));
    states.addAll(List.of(ReplyState.values()));
    states.addAll(List.of(LedgerState.values()));

    assertThat(states)
        .allSatisfy(state -> assertThat(page).contains("\n| " + state.name() + " | "));
  }

  @Test
  void everyKindOfCoverageIsExplained() throws Exception {
    String page = read("docs/mappings.md");

    assertThat(CoverageNote.Kind.values())
        .allSatisfy(kind -> assertThat(page).contains("| `" + kind.name() + "` | "));
  }

  @Test
  void everyKeyAndFunctionThatMappingFilesUseIsExplained() throws Exception {
    String page = read("docs/mappings.md");
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    Set<String> words = new TreeSet<>();
    for (Path file : files("mappings", ".yaml")) {
      gather(yaml.readTree(Files.readAllBytes(file)), words);
    }

    assertThat(words)
        .contains("v2", "fhir", "used-for", "date-time")
        .allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
  }

  /**
   * Keys at every level, but for those that are names of the site's own or of FHIR's, and
   * functions.
   */
  private static void gather(JsonNode node, Set<String> words) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      words.add(member.getKey());
      if (member.getKey().equals("function")) {
        words.add(member.getValue().asText());
      }
      if (!Set.of("set", "keys", "value", "added").contains(member.getKey())) {
        gather(member.getValue(), words);
      }
    }
    if (node.isArray()) {
      node.forEach(each -> gather(each, words));
    }
  }

  @Test
  void everyLinkInTheDocumentsLeadsToAFileAndItsHeading() throws Exception {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
    pages.addAll(files("docs", ".md"));
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages) {
      Matcher link =
          LINK.matcher(
              Files.readString(page, StandardCharsets.UTF_8).replaceAll("`[^`\\n]*`", "``"));
      while (link.find()) {
        if (!link.group(1).matches("[a-z]+:.*")) {
          links++;
          if (!leadsOn(page, link.group(1))) {
            broken.add(page + " -> " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(10);
  }

  private static boolean leadsOn(Path page, String target) throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    if (!Files.exists(file)) {
      return false;
    }
    return hash < 0
        || Files.readAllLines(file, StandardCharsets.UTF_8).stream()
            .filter(line -> line.startsWith("#"))
            .anyMatch(line -> anchor(line).equals(target.substring(hash + 1)));
  }

  /**
   * As repository hosts make them: lower case, blanks as dashes, nothing but letters and digits.
   */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }
}

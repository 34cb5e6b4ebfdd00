package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.JournalPlace;

/** Holds the files under deploy/ against the engine's settings; it starts nothing. */
final class DeployFilesTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> OF_THE_LAUNCHER =
      Set.of("MILLRACE_JAVA_OPTIONS", "MILLRACE_LOG_LEVEL", "MILLRACE_LOG_FORMAT");

  @TempDir private Path folder;

  private static List<JsonNode> documents(Path file) throws IOException {
    try (var all = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return all.readAll();
    }
  }

  private static JsonNode engineOfCompose() throws IOException {
    return documents(DEPLOY.resolve("compose.yaml")).get(0).path("x-engine");
  }

  private static Map<String, String> environmentOfCompose() throws IOException {
    Map<String, String> values = new TreeMap<>();
    engineOfCompose()
        .path("environment")
        .properties()
        .forEach(each -> values.put(each.getKey(), filledIn(each.getValue().asText())));
    return values;
  }

  /** As Compose puts in variables and their defaults. */
  private static String filledIn(String text) {
    return text.replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")
        .replaceAll("\\$\\{\\w+:\\?[^}]*}", "given");
  }

  private static Map<String, String> environmentOfKubernetes() throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (JsonNode document : documents(DEPLOY.resolve("kubernetes/millrace.yaml"))) {
      for (JsonNode each : document.at("/spec/template/spec/containers/0/env")) {
        String name = each.path("name").asText();
        assertThat(values).as("named twice").doesNotContainKey(name);
        values.put(name, each.path("value").asText("given"));
      }
    }
    return values;
  }

  /** As the engine reads them, each file of a secret being there. */
  private Settings read(Map<String, String> environment) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a secret");
    Path key =
        Files.writeString(
            folder.resolve("key"), ContentKeys.written(ContentKeys.fresh("deployed")));
    Map<String, String> values = new TreeMap<>(environment);
    values.replaceAll((name, value) -> name.endsWith("_FILE") ? secret.toString() : value);
    values.replace("MILLRACE_JOURNAL_KEY_FILE", key.toString());
    SettingsReader reader = new SettingsReader(SettingsSource.of(values));
    Settings settings = Settings.read(reader, folder);
    reader.finish();
    Set<String> known = new TreeSet<>(reader.asked());
    known.addAll(OF_THE_LAUNCHER);
    assertThat(known).containsAll(values.keySet());
    return settings;
  }

  @Test
  void theEnginesOfComposeHaveSettingsThatExistAndFit() throws Exception {
    Settings settings = read(environmentOfCompose());

    assertThat(settings.storage().place()).isInstanceOf(JournalPlace.Server.class);
    assertThat(settings.storage().database().orElseThrow().servers()).isEqualTo("database:5432");
    JsonNode services = documents(DEPLOY.resolve("compose.yaml")).get(0).path("services");
    assertThat(services.at("/database/environment/POSTGRES_DB").asText())
        .isEqualTo(settings.storage().database().orElseThrow().database());
    assertThat(services.at("/database/environment/POSTGRES_USER").asText())
        .isEqualTo(settings.storage().database().orElseThrow().user());
  }

  @Test
  void theEnginesOfKubernetesHaveSettingsThatExistAndFit() throws Exception {
    Settings settings = read(environmentOfKubernetes());

    assertThat(settings.storage().database().orElseThrow().servers())
        .isEqualTo("millrace-postgres:5432");
    assertThat(settings.listeners().allowOpen()).isTrue();
  }

  @Test
  void thePortsAreThoseOfTheEngine() throws Exception {
    Settings settings = read(environmentOfCompose());
    List<Integer> own =
        List.of(
            settings.listeners().mllpPort(),
            settings.listeners().httpPort(),
            settings.listeners().managementPort());

    List<Integer> ofKubernetes = new ArrayList<>();
    for (JsonNode document : documents(DEPLOY.resolve("kubernetes/millrace.yaml"))) {
      document
          .at("/spec/template/spec/containers/0/ports")
          .forEach(port -> ofKubernetes.add(port.path("containerPort").asInt()));
    }
    assertThat(ofKubernetes).containsExactlyElementsOf(own);
    String balancer = Files.readString(DEPLOY.resolve("haproxy.cfg"), StandardCharsets.UTF_8);
    assertThat(balancer).contains("check port " + own.get(2) + " ");
    Matcher server = Pattern.compile("server (\\S+) (\\S+):(\\d+) ").matcher(balancer);
    Set<String> servers = new TreeSet<>();
    while (server.find()) {
      servers.add(server.group(2));
      assertThat(own).contains(Integer.valueOf(server.group(3)));
    }
    assertThat(servers).containsExactly("engine-1", "engine-2");
  }

  @Test
  void everyFileCanBeRead() throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        assertThat(documents(file)).as(file.toString()).isNotEmpty().allMatch(JsonNode::isObject);
      }
    }
  }
}

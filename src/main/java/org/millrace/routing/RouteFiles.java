package org.millrace.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.millrace.journal.Feed;

/**
 * The files in {@code routes/}, and what can be told of them before the engine starts: names of
 * steps and endpoints are checked here, since Camel meets a wrong one only when a message comes.
 */
public final class RouteFiles {
  /** The beans a route file can name, and the class whose public methods are their steps. */
  private static final Map<String, Class<?>> STEPS =
      Map.of(
          "hl7", Dispatcher.class,
          "steps", Steps.class,
          "stoppedMessages", StoppedMessages.class);

  /** The faces a route from platform-http can end in. */
  private static final Set<String> FACES =
      Set.of("fhirFace", "actionsFace", "openApiFace", "hl7Face");

  /** The faces of a tenant with a name, which stands behind the dash. */
  private static final String TENANT_FACE = "(fhirFace|actionsFace)-[a-z][a-z0-9-]*";

  private static final Set<String> SCHEMES =
      Set.of("mllp", "platform-http", "feed", "direct", "seda", "bean", "http", "https");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private RouteFiles() {}

  /** The route files of a folder in order of name. */
  public static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList();
    }
  }

  /**
   * What is wrong in the route files of a folder, one line each with the file; empty if nothing is.
   */
  public static List<String> check(Path folder) throws IOException {
    List<String> faults = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return List.of(folder + ": there is no such folder");
    }
    Map<String, String> routeIds = new LinkedHashMap<>();
    read(folder, routeIds, faults);
    if (routeIds.isEmpty() && faults.isEmpty()) {
      faults.add(folder + ": holds no route file (*.camel.yaml)");
    }
    return faults;
  }

  /**
   * The feeds of a folder's route files, without starting anything. What is at fault in them is not
   * told here.
   */
  public static List<Feed> feeds(Path folder) throws IOException {
    return read(folder, new LinkedHashMap<>(), new ArrayList<>()).feeds();
  }

  /** The faces that a folder's route files open, as these name them: {@code fhirFace}. */
  public static Set<String> faces(Path folder) throws IOException {
    Set<String> faces = new TreeSet<>();
    for (Path file : list(folder)) {
      try {
        walk(
            YAML.readTree(Files.readAllBytes(file)),
            (key, value) -> {
              if (key.equals("process")) {
                faces.add(value.path("ref").asText());
              }
            });
      } catch (JsonProcessingException e) {
        // Told by the check of route files, with its place.
        continue;
      }
    }
    return faces;
  }

  private static FeedCheck read(Path folder, Map<String, String> routeIds, List<String> faults)
      throws IOException {
    FeedCheck feeds = new FeedCheck(faults);
    for (Path file : list(folder)) {
      checkFile(file, routeIds, feeds, faults);
    }
    return feeds;
  }

  private static void checkFile(
      Path file, Map<String, String> routeIds, FeedCheck feeds, List<String> faults)
      throws IOException {
    String name = "routes/" + file.getFileName();
    JsonNode yaml;
    try {
      yaml = YAML.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      faults.add(name + ":" + line + ": is no YAML that can be read");
      return;
    }
    if (!yaml.isArray() || yaml.isEmpty()) {
      faults.add(name + ":1: must be a list of routes");
      return;
    }
    for (JsonNode each : yaml) {
      String id = each.path("route").path("id").asText();
      if (id.isEmpty()) {
        faults.add(name + ": a route without an id; its id names it in logs and metrics");
      } else if (routeIds.putIfAbsent(id, name) != null) {
        faults.add(name + ": route id " + id + " is in " + routeIds.get(id) + " already");
      }
      walk(each, (key, value) -> checkStep(name, key, value, feeds, faults));
    }
  }

  private static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
    node.properties()
        .forEach(
            entry -> {
              visitor.accept(entry.getKey(), entry.getValue());
              walk(entry.getValue(), visitor);
            });
    if (node.isArray()) {
      node.forEach(each -> walk(each, visitor));
    }
  }

  private static void checkStep(
      String name, String key, JsonNode value, FeedCheck feeds, List<String> faults) {
    if (key.equals("bean")) {
      checkBean(name, value.path("ref").asText(), value.path("method").asText(), faults);
    } else if (key.equals("process")) {
      String face = value.path("ref").asText();
      if (!FACES.contains(face) && !face.matches(TENANT_FACE)) {
        faults.add(name + ": there is no face " + face + "; there are " + FACES);
      }
    } else if (key.equals("uri") || (key.equals("to") && value.isTextual())) {
      checkUri(name, value.asText(), faults);
    } else if (key.equals("from")) {
      feeds.check(name, value);
    }
  }

  private static void checkBean(String name, String ref, String method, List<String> faults) {
    Class<?> type = STEPS.get(ref);
    if (type == null) {
      faults.add(name + ": there is no step " + ref + "; there are " + STEPS.keySet());
    } else if (Arrays.stream(type.getMethods()).noneMatch(each -> each.getName().equals(method))) {
      faults.add(name + ": step " + ref + " has no method " + method);
    }
  }

  private static void checkUri(String name, String uri, List<String> faults) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? uri : uri.substring(0, colon);
    if (!uri.startsWith("{{") && !SCHEMES.contains(scheme)) {
      faults.add(name + ": " + scheme + ": is no endpoint that routes can use here");
    }
  }
}

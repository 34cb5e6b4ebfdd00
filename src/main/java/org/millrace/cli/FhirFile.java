package org.millrace.cli;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The resources of a file of FHIR JSON: one resource, a Bundle, or an array of either.
 *
 * <p>Source: FHIR R4, Bundle, "Resolving references in Bundles".
 */
final class FhirFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path file;
  private final Map<String, JsonNode> resources = new LinkedHashMap<>();

  private FhirFile(Path file) {
    this.file = file;
  }

  /**
   * The resources by the URL that a Bundle gives them, else by type and id.
   *
   * @throws PlainException if the file cannot be read or holds something else; it says where
   */
  static Map<String, JsonNode> read(Path file) throws PlainException {
    FhirFile reading = new FhirFile(file);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
    JsonNode root = reading.tree(bytes);
    if (root.isArray()) {
      for (int i = 0; i < root.size(); i++) {
        reading.add("", root.get(i), "[" + i + "]");
      }
    } else {
      reading.add("", root, "the file");
    }
    reading.checkTypes(bytes);
    if (reading.resources.isEmpty()) {
      throw new PlainException(
          file + " holds no resource; give it a resource, a Bundle or an array");
    }
    return reading.resources;
  }

  private JsonNode tree(byte[] bytes) throws PlainException {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root.isMissingNode()) {
        throw new PlainException(file + " is empty; give it a resource, a Bundle or an array");
      }
      return root;
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "1" : String.valueOf(e.getLocation().getLineNr());
      throw new PlainException(
          file
              + ":"
              + line
              + ": this is no JSON (a message goes without --reverse); mend the line");
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
  }

  private void add(String fullUrl, JsonNode json, String place) throws PlainException {
    String type = json.path("resourceType").asText();
    if (!(json instanceof ObjectNode) || type.isEmpty()) {
      throw new PlainException(
          file + ": " + place + " has no resourceType; give it a resource, a Bundle or an array");
    }
    if (!type.equals("Bundle")) {
      resources.put(name(fullUrl, type, json.path("id").asText()), json);
      return;
    }
    JsonNode entries = json.path("entry");
    for (int i = 0; i < entries.size(); i++) {
      JsonNode resource = entries.get(i).path("resource");
      // An entry of a transaction may only delete something.
      if (!resource.isMissingNode()) {
        String inside = "entry[" + i + "].resource of " + place;
        add(entries.get(i).path("fullUrl").asText(), resource, inside);
      }
    }
  }

  private String name(String fullUrl, String type, String id) {
    String name = fullUrl.isEmpty() ? type + "/" + id : fullUrl;
    String free = name;
    for (int i = 2; resources.containsKey(free); i++) {
      free = name + " (" + i + ")";
    }
    return free;
  }

  /** A type that R4 does not have is most often one of another version, or mistyped. */
  private void checkTypes(byte[] bytes) throws PlainException {
    Set<String> known = FhirContext.forR4Cached().getResourceTypes();
    try (JsonParser parser = JSON.createParser(bytes)) {
      while (parser.nextToken() != null) {
        boolean type =
            parser.currentToken() == JsonToken.FIELD_NAME
                && parser.currentName().equals("resourceType");
        if (type && parser.nextToken() == JsonToken.VALUE_STRING) {
          String name = parser.getText();
          if (!known.contains(name)) {
            throw new PlainException(
                file
                    + ":"
                    + parser.currentTokenLocation().getLineNr()
                    + ": FHIR R4 has no resource '"
                    + name
                    + "'; mend the resourceType, or leave the resource out");
          }
        }
      }
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
  }
}

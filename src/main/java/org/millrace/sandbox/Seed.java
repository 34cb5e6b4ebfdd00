package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The files the hospital is made of.
 *
 * @param codes this site's code sets and the standard codes they are mapped to
 * @param hospital the resources, written short; see {@link Hospital}
 */
record Seed(JsonNode codes, JsonNode hospital) {
  static Seed load() throws IOException {
    return new Seed(read("codes.yaml"), read("hospital.yaml"));
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream in = Seed.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException("The sandbox's file " + file + " is missing.");
      }
      return new YAMLMapper().readTree(in);
    }
  }
}

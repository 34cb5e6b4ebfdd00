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
 * @param healtheIntent what HealtheIntent knows of the same patients
 */
record Seed(JsonNode codes, JsonNode hospital, JsonNode healtheIntent) {
  static Seed load() throws IOException {
    return new Seed(read("codes.yaml"), read("hospital.yaml"), read("healtheintent.yaml"));
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

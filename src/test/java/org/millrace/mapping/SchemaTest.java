package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.millrace.hl7.Tolerance;

class SchemaTest {
  private static final Map<String, String> KINDS =
      Map.of(
          "datatypes",
          "datatype",
          "segments",
          "segment",
          "messages",
          "message",
          "actions",
          "action",
          "targets",
          "target",
          "calls",
          "calls");

  @TestFactory
  Stream<DynamicTest> everyFileKeepsToItsSchemaAndNamesItForEditors() {
    return KINDS.entrySet().stream().flatMap(kind -> files(kind.getKey(), kind.getValue()));
  }

  private static Stream<DynamicTest> files(String folder, String kind) {
    Path path = Path.of("mappings", folder);
    try (Stream<Path> all = Files.list(path)) {
      List<Path> files = all.toList();
      assertThat(files).isNotEmpty();
      return files.stream()
          .map(file -> DynamicTest.dynamicTest(file.toString(), () -> check(file, kind)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSendersFileKeepsToItsSchema() throws IOException {
    valid(
        "sender",
        "source: the vendor\ncharset: CP1250\ntolerate: [unknown-version]\nrefuse: [line-ends]\n");
  }

  @Test
  void theSchemaOfSendersKnowsEveryDeparture() throws IOException {
    String schema =
        Files.readString(Path.of("mappings/schema/sender.schema.json"), StandardCharsets.UTF_8);
    for (Tolerance each : Tolerance.values()) {
      assertThat(schema).contains("\"" + each.word() + "\"");
      assertThat(Files.readString(Path.of("docs/mappings.md"), StandardCharsets.UTF_8))
          .contains("| `" + each.word() + "` |");
    }
  }

  private static void check(Path file, String kind) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    assertThat(text)
        .startsWith("# yaml-language-server: $schema=../schema/" + kind + ".schema.json\n");
    valid(kind, text);
  }

  private static void valid(String kind, String text) throws IOException {
    Path schemaFile = Path.of("mappings", "schema", kind + ".schema.json");
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(Files.readString(schemaFile, StandardCharsets.UTF_8));
    JsonNode yaml = new YAMLMapper().readTree(text);
    assertThat(schema.validate(yaml)).isEmpty();
  }
}

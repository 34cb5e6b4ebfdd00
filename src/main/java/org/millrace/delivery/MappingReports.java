package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.millrace.hl7.AsRead;
import org.millrace.hl7.Tolerance;
import org.millrace.journal.MappingReport;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappingRun;

/** What the journal keeps of a mapping. */
final class MappingReports {
  private static final JsonFactory JSON = new JsonFactory();

  private MappingReports() {}

  /** How it was read, lineage and coverage, and apart from them the codes, which are values. */
  static MappingReport of(MappingRun run) {
    return new MappingReport(
        written(run),
        run.unknownCodes().stream()
            .map(
                code ->
                    new UnmappedCode(
                        code.table(), code.code(), code.text(), code.path(), code.held()))
            .toList());
  }

  /** Value by value: each message has one, of hundreds of records. */
  private static String written(MappingRun run) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(32 * 1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("lineage");
      for (Lineage each : run.lineage()) {
        write(each, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("coverage");
      for (CoverageNote each : run.coverage()) {
        write(each, json);
      }
      json.writeEndArray();
      if (run.asRead().isPresent()) {
        write(run.asRead().get(), json);
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("a text in memory is not written", impossible);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void write(Lineage way, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("target", way.target());
    json.writeStringField("source", way.source());
    json.writeStringField("rule", way.rule());
    json.writeStringField("through", way.through());
    json.writeEndObject();
  }

  private static void write(CoverageNote note, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", note.kind().name());
    json.writeStringField("path", note.path());
    json.writeStringField("sentence", note.sentence());
    json.writeEndObject();
  }

  private static void write(AsRead read, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("charset");
    json.writeStringField("name", read.charset().charset().name());
    json.writeStringField("words", read.charset().words());
    json.writeEndObject();
    json.writeArrayFieldStart("tolerated");
    for (Tolerance each : read.departures()) {
      json.writeStartObject();
      json.writeStringField("what", each.word());
      json.writeStringField("sentence", each.sentence());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}

package org.millrace.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Writer;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Mapping both ways, lineage and coverage included. Each run reads the message from its bytes: what
 * the reader leaves for later is then paid here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class MappingBenchmark {
  private final byte[] report =
      BenchMessages.report(BenchMessages.Shape.MANY_OBX, BenchMessages.ORDINARY);
  private final byte[] patient = BenchMessages.patient();
  private final List<ObjectNode> resources = List.of(mapped(patient).resources().get(0).json());

  private static MappingRun mapped(byte[] message) {
    return BenchMessages.MAPPER.map(BenchMessages.read(message), BenchMessages.CONTEXT);
  }

  /** ORU to DocumentReference. */
  @Benchmark
  public MappingRun reportToDocument() {
    return mapped(report);
  }

  /** PID to Patient. */
  @Benchmark
  public MappingRun pidToPatient() {
    return mapped(patient);
  }

  /** Patient to PID, as bytes. */
  @Benchmark
  public byte[] patientToPid() {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(9, 1, "ADR").set(9, 2, "A19");
    Mapper.WrittenRun run =
        BenchMessages.MAPPER.write(
            writer, "ADR^A19", "QUERY_RESPONSE", resources, BenchMessages.CONTEXT);
    if (run.lineage().isEmpty()) {
      throw new IllegalStateException("nothing was written");
    }
    return writer.bytes();
  }
}

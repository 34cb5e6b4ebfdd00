package org.millrace.bench;

import java.util.concurrent.TimeUnit;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.MappingRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The same report from 2.4 KB to 5 MB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SizeBenchmark {

  /** Bytes of the message. */
  @Param({"2400", "50000", "500000", "5000000"})
  public int size;

  /** What makes it long. */
  @Param({"MANY_OBX", "ONE_OBX"})
  public String shape;

  private byte[] report = {};

  /** Makes the message. */
  @Setup(Level.Trial)
  public void message() {
    report = BenchMessages.report(BenchMessages.Shape.valueOf(shape), size);
  }

  /** Bytes to a message. */
  @Benchmark
  public V2Message read() throws V2FormatException {
    return V2Message.read(report);
  }

  /** Bytes to DocumentReference. */
  @Benchmark
  public MappingRun reportToDocument() {
    return BenchMessages.MAPPER.map(BenchMessages.read(report), BenchMessages.CONTEXT);
  }
}

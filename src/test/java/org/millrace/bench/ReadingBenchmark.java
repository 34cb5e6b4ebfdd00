package org.millrace.bench;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;
import org.millrace.hl7.V2Writer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Reading and writing an ordinary ORU, and HAPI's parser on the same bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class ReadingBenchmark {
  private final byte[] report =
      BenchMessages.report(BenchMessages.Shape.MANY_OBX, BenchMessages.ORDINARY);
  private final String text = new String(report, StandardCharsets.UTF_8);
  private final PipeParser hapi = hapi();

  /** Without validation, which is how HAPI is fastest. */
  private static PipeParser hapi() {
    DefaultHapiContext context = new DefaultHapiContext();
    context.setValidationContext(ValidationContextFactory.noValidation());
    return context.getPipeParser();
  }

  /** Bytes to a message; fields are split when somebody asks for them. */
  @Benchmark
  public V2Message read() throws V2FormatException {
    return V2Message.read(report);
  }

  /** The same, and the text of every subcomponent of it. */
  @Benchmark
  public void readEveryField(Blackhole used) throws V2FormatException {
    for (V2Segment segment : V2Message.read(report).segments()) {
      for (int field = 1; field <= segment.fieldCount(); field++) {
        for (V2Value repetition : segment.field(field).repetitions()) {
          for (V2Value component : repetition.components()) {
            component.subcomponents().forEach(each -> used.consume(each.whole()));
          }
        }
      }
    }
  }

  /** HAPI's tree of the same message. */
  @Benchmark
  public Message hapiParse() throws HL7Exception {
    return hapi.parse(text);
  }

  /** A message of the same length, each text escaped. */
  @Benchmark
  public byte[] write() {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(3, "LABSYS").set(4, "NORTH").set(9, 1, "ORU").set(9, 2, "R01");
    writer.set(10, "R0013").set(11, "D").set(12, "2.5.1");
    for (int number = 1; number <= 20; number++) {
      writer.segment("OBX").set(1, String.valueOf(number)).set(2, "TX");
      writer.set(3, 1, "11506-3").set(3, 2, "Progress note").set(3, 3, "LN").set(4, "1");
      writer.set(5, "Line of the report, with 5 & 6 mg, seen on the ward.").set(11, "F");
    }
    return writer.bytes();
  }
}

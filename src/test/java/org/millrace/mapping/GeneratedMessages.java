package org.millrace.mapping;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/**
 * Messages made up from the HL7 v2.5.1 dictionary: of the segments that a message file names, each
 * field valued or not by chance, with values of its type. The same seed gives the same message.
 */
final class GeneratedMessages {
  private static final List<String> OBX_TYPES =
      List.of("NM", "SN", "CE", "CWE", "ST", "TX", "FT", "TS", "DT", "TM", "ED");
  private static final Set<String> ENVELOPE = Set.of("MSH");

  private final Random random;
  private final GeneratedValues values;
  private final Map<String, CodeTable> tables = new HashMap<>();
  private final double density;

  /**
   * @param density the share of fields that are valued
   */
  GeneratedMessages(long seed, double density) {
    this.random = new Random(seed);
    this.values = new GeneratedValues(random);
    this.density = density;
  }

  /** A message of a file: its groups in order, each with its segments. */
  V2Message message(String type, MessageMap map) {
    V2Writer writer = new V2Writer(separators(), StandardCharsets.UTF_8);
    header(writer, type);
    for (MessageMap.Group group : map.groups()) {
      group(writer, group);
    }
    try {
      return V2Message.read(writer.bytes());
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  private Separators separators() {
    return Separators.STANDARD;
  }

  private void header(V2Writer writer, String type) {
    String[] parts = type.split("\\^");
    writer.segment("MSH").set(3, "LAB").set(4, "HOSP").set(5, "MILLRACE").set(6, "HOSP");
    writer.set(7, "20261120120000").set(9, 1, parts[0]);
    if (parts.length > 1) {
      writer.set(9, 2, parts[1]);
    }
    writer.set(10, "G1").set(11, "D").set(12, "2.5.1");
  }

  private void group(V2Writer writer, MessageMap.Group group) {
    Set<String> outside = new LinkedHashSet<>();
    Map<String, Set<String>> inside = group.sliced();
    Set<String> repeating = new LinkedHashSet<>();
    outside.add(group.bounds().startsAt());
    for (MessageMap.Entry entry : group.entries()) {
      note(entry.map());
      if (entry.scope().forEach().isEmpty()) {
        outside.add(entry.map().segment());
      }
      if (!entry.map().each().isEmpty()) {
        repeating.add(entry.map().segment());
      }
    }
    for (String segment : outside) {
      boolean starts = segment.equals(group.bounds().startsAt());
      int count = starts ? 1 : random.nextInt(repeating.contains(segment) ? 3 : 2);
      for (int i = 0; i < count; i++) {
        segment(writer, segment);
      }
    }
    if (group.document().isPresent()) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        segment(writer, random.nextInt(4) == 0 ? "NTE" : "OBX");
      }
    }
    inside.forEach(
        (start, segments) -> {
          for (int i = random.nextInt(3); i > 0; i--) {
            segment(writer, start);
            segments.stream()
                .filter(name -> !name.equals(start) && random.nextBoolean())
                .forEach(name -> segment(writer, name));
          }
        });
  }

  private void note(SegmentMap map) {
    for (Rule rule : map.rules()) {
      if (rule.conversion() instanceof TableConversion conversion) {
        rule.ends().v2().forEach(place -> tables.put(place.toString(), conversion.table()));
      }
    }
  }

  private void segment(V2Writer writer, String name) {
    if (ENVELOPE.contains(name)) {
      return;
    }
    writer.segment(name);
    Optional<Segment> model = GeneratedValues.segment(name);
    int fields = model.map(Segment::numFields).orElse(5);
    String obxType = OBX_TYPES.get(random.nextInt(OBX_TYPES.size()));
    for (int field = 1; field <= fields; field++) {
      if (name.equals("OBX") && field == 2) {
        writer.set(2, obxType);
      } else if (field == 1 || random.nextDouble() < density) {
        field(writer, name, field, model, obxType);
      }
    }
  }

  private void field(
      V2Writer writer, String name, int field, Optional<Segment> model, String obxType) {
    boolean repeats = model.map(segment -> repeats(segment, field)).orElse(true);
    int repetitions = repeats && random.nextInt(3) == 0 ? 2 : 1;
    for (int repetition = 1; repetition <= repetitions; repetition++) {
      if (random.nextInt(25) == 0) {
        writer.set(field, repetition, 1, 1, "\"\"");
      } else {
        Optional<Type> type = model.flatMap(segment -> type(segment, field, obxType));
        CodeTable table = tables.get(name + "-" + field);
        value(writer, new int[] {field, repetition, 0, 0}, type, Optional.ofNullable(table));
      }
    }
  }

  private static boolean repeats(Segment segment, int field) {
    try {
      return segment.getMaxCardinality(field) != 1;
    } catch (HL7Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Type> type(Segment segment, int field, String obxType) {
    try {
      Type type = segment.getField(field, 0);
      return type instanceof Varies ? GeneratedValues.type(obxType) : Optional.of(type);
    } catch (HL7Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a value of a type at a place: field, repetition, component, subcomponent. */
  private void value(V2Writer writer, int[] at, Optional<Type> type, Optional<CodeTable> table) {
    if (type.isPresent() && type.get() instanceof Composite composite) {
      int level = at[2] == 0 ? 2 : 3;
      if (at[3] > 0) {
        return;
      }
      Type[] parts = composite.getComponents();
      for (int part = 1; part <= parts.length; part++) {
        boolean first = part == 1;
        if (first || random.nextDouble() < density) {
          int[] below = at.clone();
          below[level] = part;
          boolean code = first && table.isPresent() && level == 2;
          value(writer, below, Optional.of(parts[part - 1]), code ? table : Optional.empty());
        }
      }
      return;
    }
    String text = values.primitive(type.map(Type::getName).orElse("ST"), table);
    writer.set(at[0], at[1], Math.max(1, at[2]), Math.max(1, at[3]), text);
  }

  /** A message file's segments, for a failure's text. */
  static List<String> shape(V2Message message) {
    List<String> shape = new ArrayList<>();
    message.segments().forEach(segment -> shape.add(segment.raw()));
    return shape;
  }
}

package org.millrace.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Primitive;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.model.v251.message.ACK;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import ca.uhn.hl7v2.validation.PrimitiveTypeRule;
import ca.uhn.hl7v2.validation.ValidationContext;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Segments and data types of HL7 v2.5.1 as HAPI knows them, with the rules of its default
 * validation; each is asked of HAPI once. Thread-safe.
 */
final class StrictShapes {
  private static final String VERSION = "2.5.1";

  /** Field, component, subcomponent: nothing in a message is deeper. */
  private static final int DEEPEST = 3;

  private final DefaultModelClassFactory models = new DefaultModelClassFactory();
  private final ValidationContext validation = ValidationContextFactory.defaultValidation();
  private final Map<String, List<Shape>> segments = new ConcurrentHashMap<>();
  private final Map<String, Optional<Shape>> types = new ConcurrentHashMap<>();

  /**
   * A field, component or subcomponent.
   *
   * @param varies another field says of what type it is
   * @param parts of a composite, in order; empty for a primitive
   * @param rules of a primitive
   */
  record Shape(
      String type,
      boolean required,
      boolean varies,
      List<Shape> parts,
      List<PrimitiveTypeRule> rules) {}

  /** The fields of a segment in order; empty if HL7 v2.5.1 has no such segment. */
  List<Shape> fields(String segment) {
    return segments.computeIfAbsent(segment, this::readSegment);
  }

  /** A data type that a field may say of another, as OBX-2 does; empty if there is none. */
  Optional<Shape> type(String name) {
    return types.computeIfAbsent(name, this::readType);
  }

  private List<Shape> readSegment(String name) {
    try {
      Class<? extends Segment> model = models.getSegmentClass(name, VERSION);
      if (model == null || !model.getPackageName().endsWith("v251.segment")) {
        return List.of();
      }
      Segment segment =
          model
              .getConstructor(Group.class, ModelClassFactory.class)
              .newInstance(new ACK(models), models);
      List<Shape> fields = new ArrayList<>();
      for (int number = 1; number <= segment.numFields(); number++) {
        fields.add(shape(segment.getField(number, 0), segment.isRequired(number), 1));
      }
      return List.copyOf(fields);
    } catch (HL7Exception | ReflectiveOperationException unknown) {
      return List.of();
    }
  }

  private Optional<Shape> readType(String name) {
    try {
      Class<? extends Type> model = models.getTypeClass(name, VERSION);
      return model == null
          ? Optional.empty()
          : Optional.of(
              shape(model.getConstructor(Message.class).newInstance(new ACK(models)), false, 1));
    } catch (HL7Exception | ReflectiveOperationException unknown) {
      return Optional.empty();
    }
  }

  private Shape shape(Type type, boolean required, int depth) {
    if (type instanceof Varies) {
      return new Shape("Varies", required, true, List.of(), List.of());
    }
    if (type instanceof Composite composite && composite.getComponents().length > 0) {
      if (depth == DEEPEST) {
        return shape(composite.getComponents()[0], required, depth);
      }
      List<Shape> parts = new ArrayList<>();
      for (Type each : composite.getComponents()) {
        parts.add(shape(each, false, depth + 1));
      }
      return new Shape(type.getName(), required, false, List.copyOf(parts), List.of());
    }
    List<PrimitiveTypeRule> rules =
        type instanceof Primitive primitive
            ? List.copyOf(validation.getPrimitiveRules(VERSION, type.getName(), primitive))
            : List.of();
    return new Shape(type.getName(), required, false, List.of(), rules);
  }
}

package org.millrace.mapping;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * HL7 v2.5.1 as HAPI knows it: fields, their types and whether they repeat. Used at load only.
 * Segments whose name starts with Z are the sender's own and are not in any dictionary.
 */
final class V2Dictionary {
  private static final String VERSION = "2.5.1";

  /** Of CWE and CNE since version 2.7. Source: HL7 v2.7 ch. 2A (CWE). */
  private static final int LAST_OF_CWE = 22;

  private final DefaultModelClassFactory models = new DefaultModelClassFactory();
  private final Map<String, Optional<Segment>> segments = new HashMap<>();

  /** Found, or not and why. */
  sealed interface Answer permits Found, NotFound {}

  /** Why there is no such place. */
  record NotFound(String sentence) implements Answer {}

  /** What stands at a place. {@code type} is empty in a Z segment, where anything may stand. */
  record Found(String type, boolean repeats, boolean coded) implements Answer {}

  boolean hasSegment(String name) {
    return name.startsWith("Z") || segment(name).isPresent();
  }

  boolean hasType(String name) {
    return type(name).isPresent();
  }

  /**
   * What stands at a place, or a sentence that says why there is no such place.
   *
   * @return never null
   */
  Answer find(V2Place place) {
    if (!place.inSegment()) {
      Optional<Type> type = type(place.owner());
      return type.isEmpty()
          ? new NotFound("HL7 v2.5.1 has no data type " + place.owner() + ".")
          : below(type.get(), place, false);
    }
    if (place.owner().startsWith("Z")) {
      return new Found("", true, false);
    }
    Optional<Segment> segment = segment(place.owner());
    if (segment.isEmpty()) {
      return new NotFound("HL7 v2.5.1 has no segment " + place.owner() + ".");
    }
    if (place.field() > segment.get().numFields()) {
      return new NotFound(place.owner() + " ends at field " + segment.get().numFields() + ".");
    }
    try {
      boolean repeats = segment.get().getMaxCardinality(place.field()) != 1;
      return below(segment.get().getField(place.field(), 0), place, repeats);
    } catch (HL7Exception e) {
      return new NotFound(place + " cannot be looked up in HL7 v2.5.1.");
    }
  }

  private static Answer below(Type type, V2Place place, boolean repeats) {
    Type at = type;
    for (int number : new int[] {place.component(), place.subcomponent()}) {
      if (number == 0) {
        break;
      }
      if (!(at instanceof Composite composite)) {
        if (number == 1 || at instanceof ca.uhn.hl7v2.model.Varies) {
          continue;
        }
        return new NotFound(place + " goes below " + at.getName() + ", which has no parts.");
      }
      if (isLaterComponent(composite, number)) {
        return new Found("ST", repeats && place.repetition() == 0, false);
      }
      if (number > composite.getComponents().length) {
        return new NotFound(
            at.getName() + " ends at component " + composite.getComponents().length + ".");
      }
      at = composite.getComponents()[number - 1];
    }
    String name = at instanceof ca.uhn.hl7v2.model.Varies ? "" : at.getName();
    boolean coded = name.equals("CE") || name.equals("CWE") || name.equals("CNE");
    return new Found(name, repeats && place.repetition() == 0, coded);
  }

  /** Senders of version 2.7 and later write a third coding into CWE and CNE. */
  private static boolean isLaterComponent(Composite composite, int number) {
    boolean coded = composite.getName().equals("CWE") || composite.getName().equals("CNE");
    return coded && number > composite.getComponents().length && number <= LAST_OF_CWE;
  }

  Optional<Segment> segment(String name) {
    return segments.computeIfAbsent(name, this::newSegment);
  }

  private Optional<Segment> newSegment(String name) {
    try {
      Class<? extends Segment> model = models.getSegmentClass(name, VERSION);
      if (model == null || !model.getPackageName().endsWith("v251.segment")) {
        return Optional.empty();
      }
      return Optional.of(
          model
              .getConstructor(
                  ca.uhn.hl7v2.model.Group.class, ca.uhn.hl7v2.parser.ModelClassFactory.class)
              .newInstance(new ca.uhn.hl7v2.model.v251.message.ACK(models), models));
    } catch (HL7Exception
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      return Optional.empty();
    }
  }

  Optional<Type> type(String name) {
    try {
      Class<? extends Type> model = models.getTypeClass(name, VERSION);
      if (model == null) {
        return Optional.empty();
      }
      return Optional.of(
          model
              .getConstructor(ca.uhn.hl7v2.model.Message.class)
              .newInstance(new ca.uhn.hl7v2.model.v251.message.ACK(models)));
    } catch (HL7Exception
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      return Optional.empty();
    }
  }
}

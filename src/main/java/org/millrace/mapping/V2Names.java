package org.millrace.mapping;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mapping.Conformance.Field;

/**
 * How HL7 v2.5.1 names its fields and components, by HAPI's dictionary. Used for pages only. Not
 * thread-safe.
 */
public final class V2Names {
  /** HAPI keeps the names of components in the names of its getters: getXpn1_FamilyName. */
  private static final Pattern GETTER = Pattern.compile("get[A-Z][a-z0-9]*?(\\d+)_(\\w+)");

  private final V2Dictionary dictionary = new V2Dictionary();

  /** The fields of a segment; none if HL7 does not know it. */
  public List<Field> fields(String name) {
    Optional<Segment> found = dictionary.segment(name);
    List<Field> fields = new ArrayList<>();
    if (found.isEmpty()) {
      return fields;
    }
    Segment segment = found.get();
    for (int number = 1; number <= segment.numFields(); number++) {
      try {
        fields.add(
            new Field(
                number,
                segment.getNames()[number - 1],
                typeName(segment.getField(number, 0)),
                segment.getMaxCardinality(number) != 1));
      } catch (HL7Exception e) {
        fields.add(new Field(number, segment.getNames()[number - 1], "", false));
      }
    }
    return fields;
  }

  /** The components of a data type; none if HL7 does not know it, or it has none. */
  public List<Field> components(String name) {
    Optional<Type> found = dictionary.type(name);
    List<Field> components = new ArrayList<>();
    if (found.isPresent() && found.get() instanceof Composite composite) {
      for (int number = 1; number <= composite.getComponents().length; number++) {
        Type component = composite.getComponents()[number - 1];
        components.add(
            new Field(number, componentName(composite, number), typeName(component), false));
      }
    }
    return components;
  }

  private static String typeName(Type type) {
    return type instanceof Varies ? "" : type.getName();
  }

  private static String componentName(Composite composite, int number) {
    for (Method method : composite.getClass().getMethods()) {
      Matcher getter = GETTER.matcher(method.getName());
      if (getter.matches()
          && method.getParameterCount() == 0
          && Integer.parseInt(getter.group(1)) == number) {
        return getter.group(2).replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ");
      }
    }
    return "";
  }
}

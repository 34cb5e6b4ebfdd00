package org.millrace.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Field;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Value;
import org.millrace.mapping.Namespaces;

/**
 * Reads QRD-8 (XCN, repeats): .1 number, .2 family, .3 given, .9 assigning authority (HD), .13 type
 * of the number. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 5 (QRD-8); what the number means is left to the sites there.
 */
final class WhoReader {
  private static final int NUMBER = 1;
  private static final int FAMILY = 2;
  private static final int GIVEN = 3;
  private static final int AUTHORITY = 9;
  private static final int TYPE = 13;

  /**
   * Types (table 0203) of a number that names a patient. Anything else beside the MRN system is a
   * visit, an account or a document, and the same digits there may be another person's MRN.
   */
  private static final Set<String> PATIENT_TYPES = Set.of("", "MR", "MRN", "PI", "PT");

  private final Namespaces namespaces;
  private final String mrnSystem;

  WhoReader(Namespaces namespaces, String mrnSystem) {
    this.namespaces = namespaces;
    this.mrnSystem = mrnSystem;
  }

  /** Every repetition that holds anything; at least one, or the fault. */
  Finding<List<Asked>> read(V2Field who) {
    List<Asked> asked = new ArrayList<>();
    int repetition = 0;
    for (V2Value value : who.repetitions()) {
      repetition++;
      if (isBlank(value)) {
        continue;
      }
      Finding<Asked> one = readOne(value, repetition);
      if (one instanceof Finding.Refused<Asked> refused) {
        return Finding.refused(refused.fault());
      }
      asked.add(((Finding.Found<Asked>) one).value());
    }
    if (asked.isEmpty()) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("QRD", 1, 8),
              ErrorCode.REQUIRED_FIELD_MISSING,
              "QRD-8 names nobody: give a number in QRD-8.1 or a name in QRD-8.2 and QRD-8.3"));
    }
    return Finding.found(List.copyOf(asked));
  }

  private Finding<Asked> readOne(V2Value value, int repetition) {
    String number = number(value);
    String family = plain(value, FAMILY);
    String given = plain(value, GIVEN);
    if (!number.isEmpty()) {
      return readNumber(value, repetition, number, family);
    }
    Asked.ByName name = new Asked.ByName(repetition, start(family), start(given));
    if (!name.family().isEmpty() || !name.given().isEmpty()) {
      return Finding.found(name);
    }
    return Finding.refused(
        V2Fault.at(
            new V2Location("QRD", 1, 8, repetition, 0, 0),
            ErrorCode.REQUIRED_FIELD_MISSING,
            "This repetition of QRD-8 holds neither a number (.1) nor a name (.2, .3)"));
  }

  private Finding<Asked> readNumber(V2Value value, int repetition, String number, String family) {
    V2Value authority = value.component(AUTHORITY);
    String namespace = part(authority, 1);
    String universalId = part(authority, 2);
    if (namespace.equals("FHIR") && universalId.isEmpty()) {
      return Finding.found(new Asked.ById(repetition, family, number));
    }
    Optional<String> system = system(namespace, universalId, part(authority, 3));
    if (system.isEmpty()) {
      return Finding.refused(
          V2Fault.at(
              V2Location.component("QRD", 1, 8, repetition, AUTHORITY),
              ErrorCode.UNKNOWN_KEY,
              "The assigning authority in QRD-8.9 is not known here"));
    }
    if (system.get().equals(mrnSystem) && !PATIENT_TYPES.contains(plain(value, TYPE))) {
      return Finding.refused(
          V2Fault.at(
              V2Location.component("QRD", 1, 8, repetition, TYPE),
              ErrorCode.UNKNOWN_KEY,
              "Numbers of the type in QRD-8.13 are not known as patient numbers here"));
    }
    return Finding.found(new Asked.ByNumber(repetition, family, number, system.get()));
  }

  /**
   * The system of an authority that is ours or in the registry. Any OID can be written as a URI;
   * that alone does not make it known, and searching it would answer "not found" for a misspelt
   * authority.
   */
  private Optional<String> system(String namespace, String universalId, String type) {
    if (namespace.isEmpty() && universalId.isEmpty()) {
      return Optional.of(mrnSystem);
    }
    return namespaces
        .uri(namespace, universalId, type)
        .filter(uri -> uri.equals(mrnSystem) || namespaces.namespaceId(uri).isPresent());
  }

  /**
   * A star at the end, as other query interfaces want it, is left out: names are compared from the
   * start anyway, and searched as a letter it would find nobody. A star alone asks for everybody,
   * and so for nobody in particular.
   */
  private static String start(String name) {
    return name.endsWith("*") ? name.substring(0, name.length() - 1).strip() : name;
  }

  private static boolean isBlank(V2Value value) {
    return value.isNull() || value.components().stream().allMatch(WhoReader::holdsNothing);
  }

  private static boolean holdsNothing(V2Value component) {
    return component.isNull() || component.whole().isBlank();
  }

  /** All of QRD-8.1: cut at a stray subcomponent delimiter it could be somebody else's number. */
  private static String number(V2Value repetition) {
    V2Value number = repetition.component(NUMBER);
    return number.isNull() ? "" : number.whole().strip();
  }

  /** A component's text without surrounding blanks; the HL7 null asks for nothing. */
  private static String plain(V2Value repetition, int component) {
    return part(repetition.component(component), 1);
  }

  private static String part(V2Value component, int subcomponent) {
    V2Value part = component.subcomponent(subcomponent);
    return part.isNull() ? "" : part.text().strip();
  }
}

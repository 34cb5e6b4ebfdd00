package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The closed list of functions that a rule may name; rule files hold no code of their own. */
final class Functions {
  private static final Set<String> NAMES =
      Set.of(
          "base64",
          "base64-checked",
          "coding-system",
          "date",
          "date-time",
          "date-time-full",
          "display-name",
          "document-name",
          "document-title",
          "document-type",
          "document-type-code",
          "entity-namespace",
          "error-location",
          "location-chain",
          "location-parts",
          "minutes",
          "minutes-between",
          "name-text",
          "namespace",
          "person-namespace",
          "range-high",
          "range-low",
          "range-text",
          "reference-id",
          "telephone",
          "text-lines",
          "time",
          "time-after",
          "unit",
          "universal-id");

  private static final Set<String> HOLDING = Set.of("document-type", "document-type-code");

  private Functions() {}

  static String names() {
    return String.join(", ", new TreeSet<>(NAMES));
  }

  /** Whether a function can have a message wait for the row of an unknown code. */
  static boolean canHold(String name) {
    return HOLDING.contains(name);
  }

  /**
   * A function by its name.
   *
   * @param to the resource type a reference names
   * @param held whether a message waits for the row of a code that the table does not know; only
   *     for functions that {@link #canHold}
   */
  static Optional<Conversion> named(
      String name, String to, Optional<CodeTable> table, boolean held) {
    return switch (name) {
      case "base64" -> Optional.of(new Base64Text());
      case "base64-checked" -> Optional.of(new Base64Checked());
      case "coding-system" -> Optional.of(new CodingSystem());
      case "date" -> Optional.of(new TimeFunctions.Day());
      case "date-time" -> Optional.of(new TimeFunctions.DateTime(false));
      case "date-time-full" -> Optional.of(new TimeFunctions.DateTime(true));
      case "display-name" -> Optional.of(new DisplayName(2));
      case "document-name" -> table.map(DocumentFunctions.DocumentName::new);
      case "document-title" -> table.map(DocumentFunctions.DocumentTitle::new);
      case "document-type" ->
          table.map(codes -> new DocumentFunctions.DocumentType(codes, true, held));
      case "document-type-code" ->
          table.map(codes -> new DocumentFunctions.DocumentType(codes, false, held));
      case "entity-namespace" -> Optional.of(new NamespaceFunctions.Namespace(2));
      case "error-location" -> Optional.of(new ErrorLocation());
      case "person-namespace" -> Optional.of(new NamespaceFunctions.Namespace(9));
      case "location-chain" -> table.map(LocationChain::new);
      case "minutes" -> table.map(DurationFunctions.Minutes::new);
      case "minutes-between" -> Optional.of(new DurationFunctions.MinutesBetween());
      case "location-parts" -> Optional.of(new LocationParts());
      case "name-text" -> Optional.of(new DisplayName(1));
      case "namespace" -> Optional.of(new NamespaceFunctions.Namespace(1));
      case "range-high" -> Optional.of(new QuantityFunctions.RangeEnd(2));
      case "range-low" -> Optional.of(new QuantityFunctions.RangeEnd(1));
      case "range-text" -> Optional.of(new QuantityFunctions.RangeText());
      case "reference-id" -> Optional.of(new ReferenceId(to));
      case "telephone" -> Optional.of(new Telephone());
      case "text-lines" -> Optional.of(new TextFunctions.Lines());
      case "time" -> Optional.of(new TextFunctions.TimeOfDay());
      case "time-after" -> table.map(DurationFunctions.TimeAfter::new);
      case "unit" -> table.map(QuantityFunctions.Unit::new);
      case "universal-id" -> Optional.of(new NamespaceFunctions.UniversalId());
      default -> Optional.empty();
    };
  }

  /** A trip whose notes nobody reads: for values that the rules themselves fix. */
  static Conversion.Trip silent(String rule) {
    MappingContext context = new MappingContext(ZoneOffset.UTC, "", Map.of());
    return new Conversion.Trip(new Run(RuleSet.EMPTY, context, Map.of()), rule);
  }

  static Made unreadable(V2Node from, Conversion.Trip trip, String what) {
    trip.note(
        CoverageNote.Kind.UNREADABLE, from.path(), "This is no " + what + "; it is left out.");
    return Made.nothing();
  }

  static Made text(String text, V2Node from, Conversion.Trip trip, String through) {
    return Made.value(TextNode.valueOf(text), from.path(), trip.rule(), through);
  }

  /** UTF-8 text as base64, on the way to an attachment. */
  private record Base64Text() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      byte[] bytes = from.text().getBytes(StandardCharsets.UTF_8);
      return text(Base64.getEncoder().encodeToString(bytes), from, trip, "base64");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      try {
        byte[] bytes = Base64.getDecoder().decode(from.text());
        String text = new String(bytes, StandardCharsets.UTF_8);
        return to.write(text, from.path(), trip.rule(), "base64");
      } catch (IllegalArgumentException e) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no base64; it is left out.");
        return false;
      }
    }
  }

  /** Base64 that somebody else made; what is none gives nothing. */
  private record Base64Checked() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      try {
        boolean empty = Base64.getDecoder().decode(from.text()).length == 0;
        return empty ? Made.nothing() : text(from.text(), from, trip, "base64-checked");
      } catch (IllegalArgumentException e) {
        return unreadable(from, trip, "base64");
      }
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      return to.write(from.text(), from.path(), trip.rule(), "");
    }
  }

  /** CE.3 by HL7 table 0396 to a coding system's URI. */
  private record CodingSystem() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String uri = trip.run().rules().codingSystem(from.text(), trip, from);
      return uri.isEmpty() ? Made.nothing() : text(uri, from, trip, "coding-system");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      if (from.text().isEmpty()) {
        return false;
      }
      String name = trip.run().rules().codingSystemName(from.text());
      return to.write(name, from.path(), trip.rule(), "coding-system");
    }
  }

  /**
   * "Family, Given Middle" in one text, and the components of a name.
   *
   * @param first the component of the family name, which the given names follow: 2 in XCN, 1 in XPN
   */
  private record DisplayName(int first) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String family = from.child(first).child(1).text().strip();
      String given = (from.child(first + 1).text() + " " + from.child(first + 2).text()).strip();
      String name = family.isEmpty() || given.isEmpty() ? family + given : family + ", " + given;
      boolean second = from.child(first + 1).isEmpty() && !from.child(first + 2).isEmpty();
      boolean split = from.child(first + 1).peek().strip().indexOf(' ') > 0;
      if (split) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "A given name of several words; the further ones come back in the next place.");
        if (!from.child(first + 2).isEmpty()) {
          trip.note(
              CoverageNote.Kind.LOSSY,
              from.child(first + 2).path(),
              "It comes back behind the further words of the given name.");
        }
      }
      if ((family.isEmpty() && !given.isEmpty()) || second) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "A name without its first part; the others come back one place before.");
      }
      return name.isEmpty() ? Made.nothing() : text(name, from, trip, "display-name");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      String name = from.text().strip();
      int comma = name.indexOf(',');
      String family = comma < 0 ? name : name.substring(0, comma).strip();
      String given = comma < 0 ? "" : name.substring(comma + 1).strip();
      int blank = given.indexOf(' ');
      String called = blank < 0 ? given : given.substring(0, blank);
      String further = blank < 0 ? "" : given.substring(blank + 1).strip();
      String rule = trip.rule();
      boolean wrote = to.child(first).child(1).write(family, from.path(), rule, "display-name");
      to.child(first + 1).write(called, from.path(), rule, "display-name");
      to.child(first + 2).write(further, from.path(), rule, "display-name");
      return wrote;
    }
  }

  /**
   * A telephone number; ten digits alone are written as {@code (816)501-0580}, the form that XTN.1
   * has had since it was a TN. Source: HL7 v2.5.1 ch. 2A (XTN.1, TN).
   */
  private record Telephone() implements Conversion {
    private static final Pattern TEN_DIGITS = Pattern.compile("([2-9]\\d{2})(\\d{3})(\\d{4})");

    @Override
    public Made toFhir(V2Node from, Trip trip) {
      Made made = new CopyConversion("string").toFhir(from, trip);
      if (!made.isNothing() && TEN_DIGITS.matcher(from.text()).matches()) {
        trip.note(CoverageNote.Kind.LOSSY, from.path(), "Ten digits come back as (ddd)ddd-dddd.");
      }
      return made;
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      Matcher digits = TEN_DIGITS.matcher(from.text());
      String number = digits.matches() ? digits.replaceFirst("($1)$2-$3") : from.text();
      return to.write(number, from.path(), trip.rule(), "telephone");
    }
  }

  /** {@code 12} and {@code Organization/12}. */
  private record ReferenceId(String type) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String id = from.text();
      if (!id.matches("[A-Za-z0-9\\-.]{1,64}")) {
        return unreadable(from, trip, "FHIR id");
      }
      return text(type + "/" + id, from, trip, "reference-id");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      if (!from.text().startsWith(type + "/")) {
        return false;
      }
      from.markRead(trip.run());
      String id = from.text().substring(type.length() + 1);
      return to.write(id, from.path(), trip.rule(), "reference-id");
    }
  }
}

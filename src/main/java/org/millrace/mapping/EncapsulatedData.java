package org.millrace.mapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.hl7.V2Value;

/**
 * One ED repetition, decoded: what is labelled, and what the data turned out to be.
 *
 * <p>Senders leave the encoding out, name a wrong one, or put the components one place off. Where
 * the data itself leaves no doubt it is read as what it is and the repair is told; where it does
 * not, it is damaged. Source: HL7 v2.5.1 ch. 2A (ED), table 0299.
 *
 * @param bytes the data; UTF-8 if {@code characters}; empty if damaged
 * @param characters true if the data came as characters of the message, not as encoded bytes
 * @param declared what type and subtype say
 * @param repairs sentences on what was taken otherwise than labelled
 * @param damage why there is no data, as a sentence; empty if there is
 */
record EncapsulatedData(
    byte[] bytes,
    boolean characters,
    EncapsulatedType declared,
    List<String> repairs,
    String damage) {

  private static final String NO_DATA = "it holds no data";
  private static final int ENCODING = 4;
  private static final Set<String> BASE64 = Set.of("base64", "base-64", "base 64", "b64");
  private static final Set<String> HEX = Set.of("hex", "hexadecimal");
  private static final Set<String> CHARACTERS = Set.of("a", "ascii", "text", "7bit", "8bit");

  /** How the files that come without an encoding begin in Base64 and hexadecimal. */
  private static final List<String> BASE64_STARTS =
      List.of(
          "JVBERi", "e1xydG", "PD94bW", "PGh0bW", "PEhUTU", "PCFET0", "PCFkb2", "77u/", "/9j/",
          "iVBORw", "R0lGOD", "SUkqA", "TU0AK", "UEsDB");

  private static final String HEX_PDF = "25504446";

  /** Below this a word of the text could be taken for Base64. */
  private static final int SHORTEST_BARE_BASE64 = 16;

  /** Characters that type and subtype are written with; anything else is no code. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9+./-]{1,40}");

  /** Type and subtype as the sender wrote them, for a sentence; empty if they are no codes. */
  static String labelOf(V2Value value) {
    return Stream.of(label(value, 2), label(value, 3))
        .filter(word -> CODE.matcher(word).matches())
        .collect(Collectors.joining("/"));
  }

  /**
   * Whether a value that is not typed ED holds encapsulated data all the same: its fourth component
   * names a binary encoding and data follows, or it is a bare file in Base64. As text it would fill
   * a note with letters nobody can read.
   */
  static boolean isIn(V2Value value) {
    if (value.length() > 100 && isBasePdf(value)) {
      return true;
    }
    if (value.components().size() <= ENCODING) {
      return false;
    }
    String encoding = word(value, ENCODING);
    return (BASE64.contains(encoding) || HEX.contains(encoding))
        && !value.component(ENCODING + 1).isEmpty();
  }

  private static boolean isBasePdf(V2Value value) {
    String start = value.rawView().subSequence(0, 100).toString();
    return start.startsWith("JVBERi") && start.indexOf(' ') < 0;
  }

  /** Reads one repetition of OBX-5. */
  static EncapsulatedData of(V2Value value) {
    List<String> repairs = new ArrayList<>();
    boolean bare = value.components().size() == 1;
    int encodingAt = bare ? ENCODING : encodingAt(value);
    if (encodingAt != ENCODING) {
      repairs.add("the components do not stand where ED has them; read by the encoding's place");
    }
    EncapsulatedType declared =
        bare
            ? EncapsulatedType.UNSAID
            : EncapsulatedType.declared(
                encodingAt > 2 ? label(value, encodingAt - 2) : "", label(value, encodingAt - 1));
    Optional<byte[]> direct = bare ? Optional.empty() : direct(value, encodingAt);
    if (direct.isPresent()) {
      return new EncapsulatedData(direct.get(), false, declared, repairs, "");
    }
    String data = bare ? value.whole() : allFrom(value, encodingAt + 1);
    if (data.isBlank() || value.isNull()) {
      return damaged(declared, NO_DATA);
    }
    return decode(data, bare ? "" : word(value, encodingAt), declared, repairs);
  }

  /** The usual case, Base64 without escapes, decoded where it stands: no copy of the text. */
  private static Optional<byte[]> direct(V2Value value, int encodingAt) {
    if (value.components().size() != encodingAt + 1 || !BASE64.contains(word(value, encodingAt))) {
      return Optional.empty();
    }
    return EncapsulatedBase64.base64(value.component(encodingAt + 1).rawView())
        .filter(bytes -> bytes.length > 0);
  }

  private static EncapsulatedData decode(
      String data, String encoding, EncapsulatedType declared, List<String> repairs) {
    boolean base64 = BASE64.contains(encoding);
    if (base64 || HEX.contains(encoding)) {
      Optional<byte[]> bytes =
          base64 ? EncapsulatedBase64.base64(data) : EncapsulatedBase64.hex(data);
      String name = base64 ? "Base64" : "hexadecimal";
      if (bytes.isPresent()) {
        return new EncapsulatedData(bytes.get(), false, declared, repairs, "");
      }
      if (!isPlainDocument(data)) {
        return damaged(declared, "it is labelled " + name + " and cannot be decoded as such");
      }
      repairs.add("it is labelled " + name + " and was sent unencoded; taken as it is");
      return characters(data, declared, repairs);
    }
    boolean labelled = CHARACTERS.contains(encoding);
    Optional<byte[]> hidden = hiddenBytes(data, labelled);
    if (hidden.isPresent()) {
      repairs.add(
          labelled
              ? "it is labelled as unencoded and is encoded; decoded"
              : "no encoding that is known is named; decoded as what it is");
      return new EncapsulatedData(hidden.get(), false, declared, repairs, "");
    }
    if (!labelled) {
      repairs.add("no encoding that is known is named; taken as unencoded");
    }
    return characters(data, declared, repairs);
  }

  private static EncapsulatedData characters(
      String data, EncapsulatedType declared, List<String> repairs) {
    byte[] bytes = ReportText.linesEndedByLf(data).getBytes(StandardCharsets.UTF_8);
    return new EncapsulatedData(bytes, true, declared, repairs, "");
  }

  /** The data of an OBX-5 with nothing in it. */
  static EncapsulatedData none() {
    return damaged(EncapsulatedType.UNSAID, NO_DATA);
  }

  private static EncapsulatedData damaged(EncapsulatedType declared, String damage) {
    return new EncapsulatedData(new byte[0], false, declared, List.of(), damage);
  }

  /** A text format that shows itself in its first characters. */
  private static boolean isPlainDocument(String data) {
    String start = data.substring(0, Math.min(data.length(), 200)).stripLeading();
    return start.startsWith("<") || start.startsWith("{\\rtf");
  }

  /** Data that is encoded although nothing says so; empty if it may well be characters. */
  private static Optional<byte[]> hiddenBytes(String data, boolean labelledAsCharacters) {
    String start = data.substring(0, Math.min(data.length(), 100)).stripLeading();
    if (start.startsWith(HEX_PDF)) {
      return EncapsulatedBase64.hex(data);
    }
    if (BASE64_STARTS.stream().anyMatch(start::startsWith)) {
      return EncapsulatedBase64.base64(data)
          .filter(bytes -> EncapsulatedType.shownBy(bytes) != EncapsulatedType.UNSAID);
    }
    if (labelledAsCharacters || data.length() < SHORTEST_BARE_BASE64 || data.indexOf(' ') >= 0) {
      return Optional.empty();
    }
    return EncapsulatedBase64.base64(data)
        .filter(EncapsulatedType::looksLikeText)
        .filter(EncapsulatedText::isUtf8);
  }

  /**
   * Where the encoding stands: component 4, unless that names none and another names a binary one.
   */
  private static int encodingAt(V2Value value) {
    String usual = word(value, ENCODING);
    if (BASE64.contains(usual) || HEX.contains(usual) || CHARACTERS.contains(usual)) {
      return ENCODING;
    }
    int last = Math.min(value.components().size() - 1, ENCODING + 2);
    for (int i = 1; i <= last; i++) {
      String word = word(value, i);
      if (BASE64.contains(word) || HEX.contains(word)) {
        return i;
      }
    }
    return ENCODING;
  }

  /** A component that may be a label: a long one is data in the wrong place. */
  private static String label(V2Value value, int component) {
    V2Value label = value.component(component);
    return label.length() > 100 ? "" : label.text();
  }

  private static String word(V2Value value, int component) {
    return label(value, component).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Everything from a component on: unencoded XML often holds a raw {@code &} or {@code ^}, and
   * nothing follows the data in ED.
   */
  private static String allFrom(V2Value value, int component) {
    List<V2Value> components = value.components();
    if (components.size() < component) {
      return "";
    }
    if (components.size() == component) {
      return components.get(component - 1).whole();
    }
    String separator = String.valueOf(value.rawView().charAt(components.get(0).length()));
    String all =
        components.subList(component - 1, components.size()).stream()
            .map(V2Value::whole)
            .collect(Collectors.joining(separator));
    return all.endsWith(separator) && !components.get(component - 1).isEmpty()
        ? withoutEnd(all, separator)
        : all;
  }

  /** Empty components after the data are a habit of some writers, not part of it. */
  private static String withoutEnd(String text, String separator) {
    int end = text.length();
    while (end > 0 && text.startsWith(separator, end - 1)) {
      end--;
    }
    return text.substring(0, end);
  }

  /** The declared type and whether it is damaged: the data is a patient's. */
  @Override
  public String toString() {
    return declared + (damage.isEmpty() ? "" : " damaged");
  }
}

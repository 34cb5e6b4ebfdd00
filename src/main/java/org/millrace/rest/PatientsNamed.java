package org.millrace.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millrace.cerner.Parameter;

/**
 * Finds the FHIR ids of the patients that a request or an answer is about, without reading it as a
 * resource: every answer is looked through. Stateless.
 */
final class PatientsNamed {
  private static final byte[] REFERENCE = ascii("Patient/");
  private static final List<byte[]> OF_PATIENT =
      List.of(ascii("\"patientResourceId\""), ascii("\"patientId\""));
  private static final byte[] OF_RESOURCE = ascii("\"resourceId\"");

  /** Beyond so much of an answer nothing more is looked for. */
  private static final int LONGEST = 4 * 1024 * 1024;

  /** More than anybody keeps. */
  private static final int MOST = 1000;

  /** No reference is longer. */
  private static final int LONGEST_VALUE = 2000;

  /** Texts and numbers are as long as whoever answers takes them. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private PatientsNamed() {}

  /** In its path, its parameters, those of a form among them, and its fields. */
  static Set<String> inRequest(RestRequest request) {
    Set<String> found = new LinkedHashSet<>();
    List<String> path = request.path();
    boolean ofPatient = path.size() > 1 && path.get(0).equals("Patient");
    if (ofPatient && FhirId.isId(path.get(1)) && !path.get(1).startsWith("_")) {
      found.add(path.get(1));
    }
    boolean atPatients = !path.isEmpty() && path.get(0).equals("Patient");
    SearchForm.parameters(request).stream()
        .flatMap(parameter -> inParameter(parameter, atPatients))
        .limit(MOST)
        .forEach(found::add);
    // The resource of get-patient, patch-patient and the like.
    boolean ofAction = path.size() == 1 && path.get(0).endsWith("-patient");
    inBody(request.body(), ofAction, found);
    return found;
  }

  /** What may stand behind a name ({@code patient:Patient}), and several ids in one value. */
  private static Stream<String> inParameter(Parameter parameter, boolean atPatients) {
    String name = parameter.name().split(":", 2)[0];
    boolean names =
        name.equals("patient") || name.equals("subject") || (name.equals("_id") && atPatients);
    return names
        ? Arrays.stream(parameter.value().split(","))
            .map(each -> FhirId.ofReference("Patient", each))
            .filter(FhirId::isId)
        : Stream.empty();
  }

  /** JSON is read as such: a name or an id can be written with escapes, and over several lines. */
  private static void inBody(byte[] body, boolean resourceIds, Set<String> found) {
    try (JsonParser json = JSON.createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && json.getTextLength() <= LONGEST_VALUE) {
          inMember(String.valueOf(json.currentName()), json.getText(), resourceIds, found);
        }
        if (found.size() >= MOST) {
          return;
        }
      }
    } catch (IOException notJson) {
      // Whoever answers says so; what was found up to there was asked for.
      found.addAll(inText(body, resourceIds));
    }
  }

  private static void inMember(String name, String text, boolean resourceIds, Set<String> found) {
    boolean isId =
        name.equals("patientResourceId")
            || name.equals("patientId")
            || (resourceIds && name.equals("resourceId"));
    if (isId && FhirId.isId(text)) {
      found.add(text);
    }
    found.addAll(inText(text.getBytes(StandardCharsets.UTF_8), false));
  }

  /**
   * In its body and its Location.
   *
   * @param ofPatients whether the ids of what it answers are those of patients
   */
  static Set<String> inAnswer(RestAnswer answer, boolean ofPatients) {
    Set<String> found = new LinkedHashSet<>(inText(answer.body(), ofPatients));
    Optional.ofNullable(answer.headers().get("Location"))
        .ifPresent(at -> found.addAll(inText(ascii(at), false)));
    return found;
  }

  private static Set<String> inText(byte[] text, boolean resourceIds) {
    Set<String> found = new LinkedHashSet<>();
    int end = Math.min(text.length, LONGEST);
    List<byte[]> names = new ArrayList<>(OF_PATIENT);
    if (resourceIds) {
      names.add(OF_RESOURCE);
    }
    for (int at = 0; at < end && found.size() < MOST; at++) {
      if (text[at] == 'P' && begins(text, at, REFERENCE) && (at == 0 || !isLetter(text[at - 1]))) {
        add(text, at + REFERENCE.length, found);
      } else if (text[at] == '"') {
        int from = at;
        for (byte[] name : names) {
          if (begins(text, from, name)) {
            add(text, valueAfter(text, from + name.length), found);
          }
        }
      }
    }
    return found;
  }

  /** Where the text of a JSON member begins; the end if it is no text. */
  private static int valueAfter(byte[] text, int name) {
    int at = name;
    while (at < text.length && (text[at] == ' ' || text[at] == ':')) {
      at++;
    }
    return at < text.length && text[at] == '"' ? at + 1 : text.length;
  }

  private static void add(byte[] text, int from, Set<String> found) {
    int to = from;
    while (to < text.length && to - from <= 64 && isOfId(text[to])) {
      to++;
    }
    if (to > from && to - from <= 64) {
      found.add(new String(text, from, to - from, StandardCharsets.US_ASCII));
    }
  }

  private static boolean begins(byte[] text, int at, byte[] word) {
    return at + word.length <= text.length
        && Arrays.equals(text, at, at + word.length, word, 0, word.length);
  }

  private static boolean isLetter(byte character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
  }

  private static boolean isOfId(byte character) {
    return isLetter(character)
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '.';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

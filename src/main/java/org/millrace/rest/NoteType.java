package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings the media type of a note to the one spelling that Cerner takes: lower case, no blanks, no
 * quotes, and the charset said. Stateless. Source: RFC 9110 §8.3.1 (spellings that mean the same);
 * Cerner Millennium R4, DocumentReference, Create (the spelling).
 *
 * <p>Notes reach us as JSON and leave as UTF-8, so utf-8 is what an unsaid charset is. Another
 * charset, and a type that Cerner does not take, are left as they are, for the rule file to refuse.
 */
final class NoteType {
  private static final String FIELD = "contentType";
  private static final String UTF_8 = ";charset=utf-8";
  private static final Pattern IS_TEXT = Pattern.compile("text/[^;]+|application/([^;]+\\+)?xml");

  private NoteType() {}

  /** Rewrites the field {@code contentType} where there is one and it is text. */
  static void settle(ObjectNode fields) {
    JsonNode given = fields.path(FIELD);
    if (given.isTextual()) {
      fields.put(FIELD, spelling(given.asText()));
    }
  }

  /** {@code Text/HTML; Charset="UTF-8"} and {@code text/html} are text/html;charset=utf-8. */
  static String spelling(String given) {
    String plain =
        Arrays.stream(given.split(";"))
            .map(part -> part.strip().replace("\"", "").toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(";"));
    return IS_TEXT.matcher(plain).matches() ? plain + UTF_8 : plain;
  }
}

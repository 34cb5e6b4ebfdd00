package org.millrace.rest;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millrace.cerner.Parameter;

/**
 * Decodes what stands in a URL, once and strictly: a percent sign that begins no byte, and bytes
 * that are no UTF-8, are faults and never passed on half decoded. Stateless. Source: RFC 3986 §2.1.
 */
final class UrlText {
  private UrlText() {}

  /**
   * The segments of a raw path, decoded. Empty where one cannot be decoded, is a dot segment, or
   * decodes to what would split it again (slash, backslash, a control character).
   */
  static Optional<List<String>> segments(String rawPath) {
    List<String> segments = new ArrayList<>();
    String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (path.isEmpty()) {
      return Optional.of(segments);
    }
    for (String raw : path.split("/", -1)) {
      Optional<String> segment = decoded(raw, false).filter(UrlText::isOneSegment);
      if (segment.isEmpty()) {
        return Optional.empty();
      }
      segments.add(segment.get());
    }
    return Optional.of(segments);
  }

  private static boolean isOneSegment(String segment) {
    return !segment.isEmpty()
        && !segment.equals(".")
        && !segment.equals("..")
        && segment.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 0x7f);
  }

  /** The pairs of a raw query or form in order; empty where one cannot be decoded. */
  static Optional<List<Parameter>> parameters(String raw) {
    List<Parameter> parameters = new ArrayList<>();
    int next;
    // Step by step: who sends nothing but & must not be given an object for each.
    for (int from = 0; from < raw.length(); from = next) {
      int end = raw.indexOf('&', from);
      next = end < 0 ? raw.length() : end + 1;
      String pair = raw.substring(from, end < 0 ? raw.length() : end);
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      Optional<String> name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
      Optional<String> value =
          equals < 0 ? Optional.of("") : decoded(pair.substring(equals + 1), true);
      if (name.isEmpty() || value.isEmpty()) {
        return Optional.empty();
      }
      parameters.add(new Parameter(name.get(), value.get()));
    }
    return Optional.of(parameters);
  }

  /** Pairs as a form or query writes them. */
  static String form(List<Parameter> parameters) {
    return parameters.stream()
        .map(one -> encoded(one.name()) + "=" + encoded(one.value()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Optional<String> decoded(String raw, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    byte[] encoded = raw.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
        int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(plusIsSpace && encoded[i] == '+' ? ' ' : encoded[i]);
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}

package org.millrace.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The parameters of one {@code feed:} endpoint as text, taken out by name and type; every fault is
 * gathered on the way, so that all of them are told at once. Not thread-safe.
 */
public final class FeedParameters {
  /** A value with one of these is known only once the engine starts. */
  private static final String PLACEHOLDER = "{{";

  private final Map<String, String> written;
  private final TreeSet<String> asked = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * @param written by name; {@code ackWithin} is the same as {@code ack-within}, since Camel makes
   *     the first of the second when it reads a route file
   */
  public FeedParameters(Map<String, String> written) {
    this.written = new TreeMap<>();
    written.forEach((name, value) -> this.written.put(dashed(name), value));
  }

  private static String dashed(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** A parameter without a value counts as not given. */
  Optional<String> text(String name) {
    asked.add(name);
    return Optional.ofNullable(written.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty() && !text.contains(PLACEHOLDER));
  }

  /** Whether it is given, be it by a placeholder. */
  boolean given(String name) {
    return !written.getOrDefault(name, "").isBlank();
  }

  Duration duration(String name, Duration byDefault, Duration least, Duration most) {
    return read(name, byDefault, text -> WrittenDuration.read(text, least, most));
  }

  boolean flag(String name, boolean byDefault) {
    return read(
        name,
        byDefault,
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false");
          }
          return text.equals("true");
        });
  }

  /** A choice whose words are an enum's names in lower case with dashes. */
  <E extends Enum<E>> E choice(String name, E byDefault) {
    List<E> all = Arrays.asList(byDefault.getDeclaringClass().getEnumConstants());
    return read(
        name,
        byDefault,
        text ->
            all.stream()
                .filter(each -> word(each).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "must be one of "
                                + String.join(
                                    ", ", all.stream().map(FeedParameters::word).toList()))));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A value of any type.
   *
   * @param parser throws IllegalArgumentException with the end of the sentence that begins with the
   *     parameter's name
   */
  <T> T read(String name, T byDefault, Function<String, T> parser) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    try {
      return parser.apply(text.get());
    } catch (IllegalArgumentException wrong) {
      fault(name, String.valueOf(wrong.getMessage()));
      return byDefault;
    }
  }

  void fault(String name, String sentence) {
    faults.add(name + " " + sentence);
  }

  /**
   * What is wrong, one sentence each; names that nobody asked for are typing errors, and are told
   * with the nearest name there is.
   */
  public List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    for (String name : written.keySet()) {
      if (!asked.contains(name)) {
        all.add(
            name
                + " is no parameter of a feed; "
                + nearest(name)
                    .map(near -> "is " + near + " meant?")
                    .orElse("there are " + String.join(", ", asked)));
      }
    }
    return all;
  }

  private Optional<String> nearest(String name) {
    return asked.stream()
        .filter(each -> distance(name, each) <= Math.max(2, each.length() / 3))
        .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)));
  }

  /** How many letters must be put in, left out or changed. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}

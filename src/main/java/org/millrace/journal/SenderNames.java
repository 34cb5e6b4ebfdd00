package org.millrace.journal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Senders, as a route file names those whose messages a feed takes: {@code MSH-3@MSH-4}, a star for
 * any of either. Immutable.
 *
 * @param names none for whatever sender no other feed names
 */
public record SenderNames(List<String> names) {
  /** Whatever sender no other feed names. */
  public static final SenderNames ANY = new SenderNames(List.of());

  private static final String STAR = "*";
  private static final Pattern NAME = Pattern.compile("[^@,*]*|\\*");

  public SenderNames {
    names = List.copyOf(names);
  }

  /**
   * @param text names with commas between
   * @throws IllegalArgumentException if one is none, with the end of the sentence that says so
   */
  static SenderNames read(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    for (String name : names) {
      String[] parts = name.split("@", -1);
      boolean good =
          parts.length == 2
              && NAME.matcher(parts[0]).matches()
              && NAME.matcher(parts[1]).matches()
              && !name.equals("@")
              && !name.equals("*@*");
      if (!good) {
        throw new IllegalArgumentException(
            "must be senders as MSH-3@MSH-4 with commas between, a star for any of either");
      }
    }
    return new SenderNames(names);
  }

  /** As a route file writes it. */
  String written() {
    return String.join(", ", names);
  }

  /** Whether it names a sender. */
  public boolean name(String sender) {
    return names.stream().anyMatch(name -> meet(name, sender));
  }

  /**
   * A sender, or a kind of senders, that both would take; empty if messages are told apart. Where
   * one names nobody, it takes what the other leaves.
   */
  public Optional<String> shared(SenderNames other) {
    if (names.isEmpty() && other.names.isEmpty()) {
      return Optional.of("any sender");
    }
    return names.stream()
        .filter(name -> other.names.stream().anyMatch(theirs -> meet(name, theirs)))
        .findFirst();
  }

  private static boolean meet(String one, String other) {
    int first = one.indexOf('@');
    int second = other.indexOf('@');
    return second >= 0
        && meetPart(one.substring(0, first), other.substring(0, second))
        && meetPart(one.substring(first + 1), other.substring(second + 1));
  }

  private static boolean meetPart(String one, String other) {
    return one.equals(STAR) || other.equals(STAR) || one.equals(other);
  }
}

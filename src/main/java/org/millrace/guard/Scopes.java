package org.millrace.guard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may do: scopes of SMART for systems, v1 ({@code system/Patient.read}) and v2
 * ({@code system/Patient.rs}), and those of {@link OwnScope}. What no scope allows is forbidden.
 * Immutable. Source: SMART App Launch 2.2, scopes for access to clinical data.
 */
public final class Scopes {
  /** Allow nothing. */
  public static final Scopes NONE = new Scopes(List.of(), List.of());

  private static final Pattern FORM =
      Pattern.compile("system/(\\*|[A-Z][A-Za-z]{1,40})\\.(read|write|\\*|c?r?u?d?s?)");
  private static final Set<Interaction> READ = EnumSet.of(Interaction.READ, Interaction.SEARCH);
  private static final Set<Interaction> WRITE =
      EnumSet.of(Interaction.CREATE, Interaction.UPDATE, Interaction.DELETE);

  private final List<String> words;
  private final List<Grant> grants;

  /** What one scope allows; without interactions one of our own. */
  private record Grant(String subject, Set<Interaction> interactions) {
    boolean allows(Need need) {
      return need.interaction()
          .map(
              one ->
                  interactions.contains(one)
                      && (subject.equals(Need.EVERY_TYPE) || subject.equals(need.subject())))
          .orElseGet(() -> interactions.isEmpty() && subject.equals(need.subject()));
    }
  }

  private Scopes(List<String> words, List<Grant> grants) {
    this.words = List.copyOf(words);
    this.grants = List.copyOf(grants);
  }

  /**
   * Reads scopes that somebody writes down for a caller.
   *
   * @param text one blank or more between them
   * @throws IllegalArgumentException with a sentence about the first that is none, or if there is
   *     none at all
   */
  public static Scopes read(String text) {
    List<String> words = words(text);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("no scope is named, so that nothing would be allowed");
    }
    List<Grant> grants = new ArrayList<>();
    for (String word : words) {
      Grant grant = grant(word);
      if (grant == null) {
        throw new IllegalArgumentException(
            "'" + word + "' is no scope that is known here: " + whatThereIs(word));
      }
      grants.add(grant);
    }
    return new Scopes(words, grants);
  }

  private static String whatThereIs(String word) {
    return word.contains("?")
        ? "a scope with a condition cannot be kept to, since Cerner answers for whole types"
        : "write system/Patient.rs, system/Patient.read, system/*.rs, "
            + OwnScope.HL7.word()
            + " or "
            + OwnScope.MANAGEMENT.word();
  }

  /** Those that were granted before or elsewhere; what is not known here allows nothing. */
  public static Scopes granted(Collection<String> granted) {
    List<String> words = new ArrayList<>();
    List<Grant> grants = new ArrayList<>();
    for (String word : granted) {
      Grant grant = grant(word);
      if (grant != null) {
        words.add(word);
        grants.add(grant);
      }
    }
    return new Scopes(words, grants);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private static @Nullable Grant grant(String word) {
    for (OwnScope own : OwnScope.values()) {
      if (own.word().equals(word)) {
        return new Grant(word, Set.of());
      }
    }
    Matcher matcher = FORM.matcher(word);
    if (!matcher.matches() || matcher.group(2).isEmpty()) {
      return null;
    }
    return new Grant(matcher.group(1), interactions(matcher.group(2)));
  }

  private static Set<Interaction> interactions(String letters) {
    return switch (letters) {
      case "read" -> READ;
      case "write" -> WRITE;
      case "*" -> EnumSet.allOf(Interaction.class);
      default -> {
        Set<Interaction> named = EnumSet.noneOf(Interaction.class);
        for (Interaction each : Interaction.values()) {
          if (letters.indexOf(each.letter()) >= 0) {
            named.add(each);
          }
        }
        yield named;
      }
    };
  }

  /** Whether this is allowed. */
  public boolean allows(Need need) {
    return grants.stream().anyMatch(grant -> grant.allows(need));
  }

  /** Those of these needs that are not allowed. */
  public List<Need> missing(Needs needs) {
    return needs.all().stream().filter(need -> !allows(need)).toList();
  }

  /** As they were written; of those that were granted the ones that are known here. */
  public List<String> words() {
    return words;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scopes scopes && words.equals(scopes.words);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}

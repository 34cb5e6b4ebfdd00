package org.millrace.cerner;

import java.util.Locale;

/**
 * One kind of thing that can be done with one type of resource, and the scopes that permit it.
 * Source: SMART App Launch 1 and 2, scopes.
 */
public record Permission(String type, Interaction interaction) implements Comparable<Permission> {

  /** In the order in which SMART v2 wants its letters. */
  public enum Interaction {
    CREATE,
    READ,
    UPDATE,
    SEARCH;

    /** The letter of SMART v2. */
    char letter() {
      return name().toLowerCase(Locale.ROOT).charAt(0);
    }

    boolean writes() {
      return this == CREATE || this == UPDATE;
    }
  }

  /** Whether a scope of either kind gives it: {@code system/Patient.read}, {@code .rs}. */
  public boolean isGivenBy(String scope) {
    String right = rightFor(scope);
    return switch (right) {
      case "*" -> true;
      case "read" -> !interaction.writes();
      case "write" -> interaction.writes();
      default -> right.matches("c?r?u?d?s?") && right.indexOf(interaction.letter()) >= 0;
    };
  }

  /** What stands behind the dot; empty where the scope is of another type or of no system. */
  private String rightFor(String scope) {
    String constrained = scope.replaceFirst("\\?.*$", "");
    for (String of : new String[] {type, "*"}) {
      String start = "system/" + of + ".";
      if (constrained.startsWith(start)) {
        return constrained.substring(start.length());
      }
    }
    return "";
  }

  /** The scope that would give it, of the kind that these are. */
  public String scope(boolean v2) {
    String right = interaction.writes() ? "write" : "read";
    return "system/" + type + "." + (v2 ? String.valueOf(interaction.letter()) : right);
  }

  @Override
  public int compareTo(Permission other) {
    int types = type.compareTo(other.type);
    return types == 0 ? interaction.compareTo(other.interaction) : types;
  }
}

package org.millrace.guard;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What an account of the console is for; decides what it may do. */
public enum Role {
  VIEWER(Right.LOOK),
  OPERATOR(Right.LOOK, Right.SHOW, Right.OPERATE),
  ANALYST(Right.LOOK, Right.SHOW, Right.ANALYSE),
  ADMIN(Right.values());

  private final EnumSet<Right> rights = EnumSet.noneOf(Right.class);

  Role(Right... rights) {
    this.rights.addAll(Arrays.asList(rights));
  }

  public Set<Right> rights() {
    return EnumSet.copyOf(rights);
  }

  /** As it is written in a command. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its word or its name on record; empty for what is none. */
  public static Optional<Role> read(String word) {
    return Arrays.stream(values())
        .filter(each -> each.name().equals(word.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}

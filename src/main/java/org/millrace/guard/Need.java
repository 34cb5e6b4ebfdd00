package org.millrace.guard;

import java.util.Optional;

/**
 * One thing that a request needs to be allowed.
 *
 * @param subject a type of resource ({@link #EVERY_TYPE} for all of them), or the word of an {@link
 *     OwnScope}
 * @param interaction what is done with the type; empty for a scope of our own
 */
public record Need(String subject, Optional<Interaction> interaction) {
  /** Stands for what only a scope over all types allows. */
  public static final String EVERY_TYPE = "*";

  /** An interaction with a type of resource. */
  public static Need of(String type, Interaction interaction) {
    return new Need(type, Optional.of(interaction));
  }

  /** A scope of our own. */
  public static Need of(OwnScope scope) {
    return new Need(scope.word(), Optional.empty());
  }

  /** The least scope that allows it: {@code system/Patient.r}. */
  public String scope() {
    return interaction.map(one -> "system/" + subject + "." + one.letter()).orElse(subject);
  }
}

package org.millrace.mapping;

import java.util.Locale;

/** Says what a target refuses or ignores, in an analyst's words and without values. */
final class TargetSentences {
  private final String title;
  private final String subject;
  private final TargetProfile.Interaction interaction;

  TargetSentences(TargetProfile target, TargetProfile.Key key) {
    this.title = target.title();
    this.subject = words(key.resource());
    this.interaction = key.interaction();
  }

  /** {@code AllergyIntolerance} as {@code allergy intolerance}. */
  private static String words(String resource) {
    return resource.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private String whole() {
    return (interaction == TargetProfile.Interaction.CREATE ? "a new " : "an existing ") + subject;
  }

  /**
   * One sentence, and the reason where there is one.
   *
   * @param v2 the field it came from; empty if it came from none
   */
  String of(TargetCheck.Found found, String v2) {
    String place = v2.isEmpty() ? found.said() : v2;
    String which = v2.isEmpty() ? "" : " (" + found.said() + ")";
    String takes = found.takes().isEmpty() ? "" : ": " + found.takes();
    String sentence =
        switch (found.kind()) {
          case THERE ->
              (found.refused() ? title + " cannot store " : title + " ignores ")
                  + place
                  + " on "
                  + whole()
                  + which
                  + takes;
          case SHORTENED -> title + " shortens " + place + " on " + whole() + which + takes;
          case MISSING -> title + " stores no " + subject + " without " + found.said() + takes;
        };
    return joined(sentence + ".", found.outcome().why());
  }

  /** The resource cannot be stored at all. */
  String never(String why) {
    return joined(
        title
            + (interaction == TargetProfile.Interaction.CREATE ? " stores no " : " changes no ")
            + subject
            + ".",
        why);
  }

  /** What is told to a caller beside the place, which stands before it. */
  String beside(TargetCheck.Found found) {
    String takes = found.takes().isEmpty() ? "" : "; " + found.takes();
    String sentence =
        switch (found.kind()) {
          case THERE ->
              (found.refused() ? "cannot be stored by " : "is ignored by ")
                  + title
                  + " on "
                  + whole()
                  + takes;
          case SHORTENED -> "is shortened for " + title + takes;
          case MISSING ->
              found.isOnePlace()
                  ? "is required by " + title + takes
                  : "must hold " + found.said() + " for " + title + takes;
        };
    return joined(sentence + ".", found.outcome().why());
  }

  private static String joined(String sentence, String why) {
    return why.isEmpty() ? sentence : sentence + " " + why;
  }
}

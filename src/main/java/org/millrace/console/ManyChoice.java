package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millrace.delivery.ManyRequests;
import org.millrace.journal.OperatorVerb;

/**
 * Which messages of a list are chosen, and what for.
 *
 * @param numbers in order of arrival
 * @param faults why nothing can be done with them, a sentence each
 */
record ManyChoice(OperatorVerb verb, List<Long> numbers, List<String> faults) {

  /** What can be asked of many, as it can at the command line; the rest is decided one by one. */
  static final List<OperatorVerb> VERBS = List.of(OperatorVerb.RETRY, OperatorVerb.DISCARD);

  static ManyChoice read(Params params) {
    List<String> faults = new ArrayList<>();
    Optional<OperatorVerb> verb =
        VERBS.stream().filter(each -> each.word().equals(params.text("verb"))).findFirst();
    if (verb.isEmpty()) {
      faults.add("Say what is to be done with them: " + words() + ".");
    }
    List<Long> numbers = numbers(params);
    if (numbers.isEmpty()) {
      faults.add("No message is chosen: tick some in the list first.");
    }
    ManyRequests.tooMany(numbers.size(), ManyRequests.MOST, "the limit is").ifPresent(faults::add);
    return new ManyChoice(verb.orElse(OperatorVerb.RETRY), numbers, List.copyOf(faults));
  }

  private static String words() {
    return VERBS.stream().map(OperatorVerb::word).collect(Collectors.joining(" or "));
  }

  /** The numbers that boxes were ticked for, in order of arrival; what is no number is none. */
  static List<Long> numbers(Params params) {
    TreeSet<Long> numbers = new TreeSet<>();
    params.all("number").stream()
        .filter(each -> each.matches("[0-9]{1,18}"))
        .forEach(each -> numbers.add(Long.parseLong(each)));
    return List.copyOf(numbers);
  }

  /**
   * The same at the command line.
   *
   * @param production it must be named there, too
   */
  static String command(OperatorVerb verb, List<Long> numbers, boolean production) {
    return "./millrace messages "
        + verb.word()
        + " "
        + numbers.stream().map(String::valueOf).collect(Collectors.joining(" "))
        + " --why WHY"
        + (production ? " --production TARGET" : "");
  }
}

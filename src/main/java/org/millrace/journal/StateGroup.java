package org.millrace.journal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * States that few messages of a long journal are in, and that have an index of their own: the
 * planner takes it only where a statement has its very words.
 */
enum StateGroup {
  WAITING(EnumSet.of(MessageState.QUEUED, MessageState.SENDING, MessageState.RETRYING)),
  STOPPED(EnumSet.of(MessageState.HELD, MessageState.REFUSED)),
  PUT_ASIDE(EnumSet.of(MessageState.FILTERED, MessageState.DISCARDED));

  private final Set<MessageState> states;

  StateGroup(Set<MessageState> states) {
    this.states = states;
  }

  /** The one that all of these are of; empty if there is none, or no state. */
  static Optional<StateGroup> of(Set<MessageState> states) {
    return Arrays.stream(values())
        .filter(group -> !states.isEmpty() && group.states.containsAll(states))
        .findFirst();
  }

  /** A filter for each group that it asks for; itself if one is enough, or an index no help. */
  static List<MessageFilter> apart(MessageFilter filter) {
    Set<MessageState> left = EnumSet.noneOf(MessageState.class);
    left.addAll(filter.states());
    for (StateGroup group : values()) {
      left.removeAll(group.states);
    }
    if (!left.isEmpty() || filter.states().isEmpty() || of(filter.states()).isPresent()) {
      return List.of(filter);
    }
    return Arrays.stream(values())
        .map(group -> group.among(filter.states()))
        .filter(states -> !states.isEmpty())
        .map(filter::in)
        .toList();
  }

  private Set<MessageState> among(Set<MessageState> asked) {
    Set<MessageState> both = EnumSet.copyOf(states);
    both.retainAll(asked);
    return both;
  }

  /** As the index has them. */
  String words() {
    List<String> names =
        Arrays.stream(MessageState.values())
            .filter(states::contains)
            .map(state -> "'" + state.name() + "'")
            .toList();
    return "state IN (" + String.join(", ", names) + ")";
  }
}

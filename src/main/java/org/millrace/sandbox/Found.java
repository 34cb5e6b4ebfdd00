package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a search found.
 *
 * @param matches all of it, in order
 * @param pageSize how many go on a page; 0: everything on one
 * @param kept the parameters that next links repeat
 * @param included what is given along with a match
 */
record Found(
    List<ObjectNode> matches,
    int pageSize,
    Set<String> kept,
    Function<ObjectNode, List<ObjectNode>> included) {

  Found(List<ObjectNode> matches, int pageSize, Set<String> kept) {
    this(matches, pageSize, kept, match -> List.of());
  }

  static Found onOnePage(List<ObjectNode> matches) {
    return new Found(matches, 0, Set.of());
  }

  /** The same with more given along with each match. */
  Found including(Function<ObjectNode, List<ObjectNode>> more) {
    return new Found(matches, pageSize, kept, more);
  }
}

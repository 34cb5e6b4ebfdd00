package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * What a search found.
 *
 * @param matches all of it, in order
 * @param pageSize how many go on a page; 0: everything on one
 * @param kept the parameters that next links repeat
 */
record Found(List<ObjectNode> matches, int pageSize, Set<String> kept) {
  static Found onOnePage(List<ObjectNode> matches) {
    return new Found(matches, 0, Set.of());
  }
}

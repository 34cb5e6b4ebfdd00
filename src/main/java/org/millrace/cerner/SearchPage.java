package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One page of a search.
 *
 * @param matches the resources with search.mode match, in order; outcome entries are left out and
 *     reported in {@code warnings}
 * @param included the resources with search.mode include, in order
 * @param next the link to the next page, as Cerner wrote it, already checked to be of our origin;
 *     empty on the last page
 * @param warnings Cerner's words of outcome entries (results it could not express)
 */
public record SearchPage(
    List<ObjectNode> matches,
    List<ObjectNode> included,
    Optional<String> next,
    List<String> warnings) {

  /** A page to which nothing was added. */
  public SearchPage(List<ObjectNode> matches, Optional<String> next, List<String> warnings) {
    this(matches, List.of(), next, warnings);
  }
}

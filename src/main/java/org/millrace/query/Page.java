package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What one reply gives.
 *
 * @param patients those on this page; empty if nobody matches
 * @param total how many patients match in all
 * @param left how many come after this page
 * @param pointer leads to the next page; empty on the last
 * @param remarks sentences for people, without patient data
 */
record Page(
    List<Shown> patients, int total, int left, Optional<String> pointer, List<String> remarks) {

  /** A patient with the visits to show; without any, PV1 says that there is none. */
  record Shown(Match match, List<ObjectNode> visits) {
    @Override
    public String toString() {
      return "Shown";
    }
  }
}

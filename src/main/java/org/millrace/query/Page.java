package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.V2Fault;

/**
 * What one reply gives.
 *
 * @param patients those on this page; empty if nobody matches
 * @param total how many patients match in all
 * @param left how many come after this page
 * @param pointer leads to the next page; empty on the last
 * @param remarks sentences for people, without patient data
 * @param warnings what is lacking though the query is answered
 */
record Page(
    List<Shown> patients,
    int total,
    int left,
    Optional<String> pointer,
    List<String> remarks,
    List<V2Fault> warnings) {

  /**
   * A patient with the visits to show; without any, PV1 says that there is none.
   *
   * @param allergies AllergyIntolerance resources
   * @param lack why allergies may be missing: a fault's published name, or words of ours
   * @param contradicted how many records that no allergy is known were left out
   */
  record Shown(
      Match match,
      List<ObjectNode> visits,
      List<ObjectNode> allergies,
      Optional<String> lack,
      int contradicted) {

    /** Without allergies. */
    Shown(Match match, List<ObjectNode> visits) {
      this(match, visits, List.of(), Optional.empty(), 0);
    }

    Shown with(List<ObjectNode> known, int leftOut, Optional<String> lacking) {
      return new Shown(match, visits, known, lacking, leftOut);
    }

    @Override
    public String toString() {
      return "Shown";
    }
  }
}

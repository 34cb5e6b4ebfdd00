package org.millrace.replay;

import java.time.Duration;
import java.util.List;

/**
 * What became of a case.
 *
 * @param sent in short, for a table: {@code QRY^A19}, {@code POST /actions/get-patient}
 * @param asked what Cerner was asked, in short: {@code GET Patient, GET Encounter}
 * @param cameBack in short: {@code ADR^A19 AA}, {@code 201}
 * @param differences empty if it passed
 */
public record CaseResult(
    SampleCase sample,
    String sent,
    String asked,
    String cameBack,
    Duration took,
    List<Difference> differences) {

  public boolean passed() {
    return differences.isEmpty();
  }
}

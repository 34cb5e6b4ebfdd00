package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that can never matter are told when the files are read. */
class UnreachableTest {
  private MappingFolder folder;

  @BeforeEach
  void copyTheMappings(@TempDir Path path) throws IOException {
    folder = new MappingFolder(path);
    folder.copyOurs();
  }

  /** PD1 of the repository with other rules; the first stands in line 5. */
  private void pd1(String... rules) throws IOException {
    folder.segment("PD1.yaml", "PD1", "Patient", rules);
  }

  /** Tables and data types that no rule names any more are no matter of these tests. */
  private List<String> warnings() throws RuleFaultsException {
    return Mappings.load(folder.path()).warnings().stream()
        .map(RuleFault::toString)
        .filter(warning -> !warning.matches(".*: No rule names this (data type|table)\\b.*"))
        .toList();
  }

  @Test
  void aSegmentFileThatNoMessageNamesIsTold() throws Exception {
    folder.write(
        "segments/ROL-CareTeam.yaml",
        "segment: ROL",
        "resource: CareTeam",
        "source: a test",
        "rules:",
        "  - { v2: ROL-1, used-for: a test }");
    assertThat(warnings())
        .containsExactly(
            "segments/ROL-CareTeam.yaml:1: No message file names this segment and resource.");
  }

  @Test
  void aRuleBehindAFixedOneForTheSamePlaceIsTold() throws Exception {
    pd1(
        "  - { fhir: gender, fixed: unknown, direction: v2-to-fhir }",
        "  - { v2: PD1-2, fhir: gender, when: \"PD1-3 is empty\", direction: v2-to-fhir, default:"
            + " male }",
        "  - { v2: PD1-7, fixed: U, direction: fhir-to-v2 }",
        "  - { v2: PD1-7, fhir: gender, direction: fhir-to-v2, when: \"active is empty\" }",
        "  - { v2: PD1-9, fhir: gender, direction: fhir-to-v2 }",
        "  - { fhir: gender, used-for: a test }");
    assertThat(warnings())
        .containsExactly(
            "segments/PD1.yaml:6: segments/PD1.yaml:5 always fills gender; this rule comes too"
                + " late.",
            "segments/PD1.yaml:8: segments/PD1.yaml:7 always fills PD1-7; this rule comes too"
                + " late.");
  }

  @Test
  void aFixedRuleUnderAConditionOrForAPlaceThatRepeatsLeavesRoomForOthers() throws Exception {
    pd1(
        "  - { fhir: gender, fixed: unknown, direction: v2-to-fhir, when: \"PD1-3 is empty\" }",
        "  - { v2: PD1-2, fhir: gender, direction: v2-to-fhir, when: \"PD1-3 is not empty\" }",
        "  - { fhir: name.text, fixed: nobody, direction: v2-to-fhir }",
        "  - { v2: PD1-7, fhir: name.text, direction: v2-to-fhir }",
        "  - { v2: PD1-3, fixed: A, direction: fhir-to-v2 }",
        "  - { v2: PD1-3, fhir: generalPractitioner, as: XON-Reference, direction: fhir-to-v2 }");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aDefaultBesideAFixedValueIsTold() throws Exception {
    pd1("  - { fhir: gender, fixed: unknown, default: male, direction: v2-to-fhir }");
    assertThat(warnings())
        .containsExactly("segments/PD1.yaml:5: The rule is fixed, so its default is never put in.");
  }

  @Test
  void aConditionThatNeverHoldsIsTold() throws Exception {
    String never = "The condition never holds: it says two things of ";
    pd1(
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 = 'a' and PD1-7 = 'b'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 is empty and PD1-7 starts-with 'b'\" }",
        "  - { v2: PD1-5, used-for: a, when: [\"PD1-7 in ('a', 'b')\", \"PD1-7 not in ('a', 'b',"
            + " 'c')\"] }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 is empty and not (PD1-7 is empty or PD1-9 ="
            + " 'c')\" }",
        "  - { fhir: active, used-for: a, when: \"gender = 'male' and gender != 'male'\" }",
        "  - { fhir: active, used-for: a, when: \"gender in ('male', 'other') and gender in"
            + " ('female')\" }");
    assertThat(warnings())
        .containsExactly(
            "segments/PD1.yaml:5: " + never + "PD1-7.",
            "segments/PD1.yaml:6: " + never + "PD1-7.",
            "segments/PD1.yaml:7: " + never + "PD1-7.",
            "segments/PD1.yaml:8: " + never + "PD1-7.",
            "segments/PD1.yaml:9: " + never + "gender.",
            "segments/PD1.yaml:10: " + never + "gender.");
  }

  @Test
  void aConditionThatCouldHoldIsNotTold() throws Exception {
    pd1(
        "  - { v2: PD1-5, used-for: a, when: \"PD1-3.1 = 'a' and PD1-3.1 = 'b'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 = 'a' or PD1-7 = 'b'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 in ('a', 'b') and PD1-7 != 'a'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 starts-with 'a' and PD1-7 ends-with 'b'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"PD1-7 is not empty and PD1-7 != 'a'\" }",
        "  - { v2: PD1-5, used-for: a, when: \"not (PD1-7 = 'a' and PD1-7 = 'b')\" }",
        "  - { fhir: active, used-for: a, when: \"name.use = 'usual' and name.use = 'official'\""
            + " }");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aSendersFileThatChangesNothingIsTold() throws Exception {
    pd1("  - { v2: PD1-7, used-for: \"a test\" }", "  - { v2: PD1-9, loss: Gone. }");
    folder.write(
        "senders/A@B/segments/PD1.yaml",
        "extends: segments/PD1.yaml",
        "source: a test",
        "rules:",
        "  - v2: PD1-7",
        "    used-for: a test");
    assertThat(warnings())
        .containsExactly("senders/A@B/segments/PD1.yaml:1: This file changes nothing.");
    folder.write(
        "senders/A@B/segments/PD1.yaml",
        "extends: segments/PD1.yaml",
        "source: a test",
        "rules:",
        "  - { v2: PD1-7, used-for: another test }");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aSendersRuleTakesThePlaceOfOneForAnotherPlace() throws Exception {
    pd1("  - { v2: [PD1-7, PD1-9], fhir: gender, direction: v2-to-fhir }");
    String sender = "senders/LAB@HOSP/segments/PD1.yaml";
    folder.write(
        sender,
        "extends: segments/PD1.yaml",
        "source: a test",
        "rules:",
        "  - { v2: PD1-10, fhir: gender, direction: v2-to-fhir, instead-of: [PD1-7, PD1-9] }");
    MappingRun run =
        new Mapper(Mappings.load(folder.path()))
            .map(Maps.message("ADR^A19^ADR_A19", "PID|1", "PD1|||||||female|||male"), Maps.CONTEXT);
    assertThat(Maps.resource(run, "Patient").path("gender").asText()).isEqualTo("male");

    folder.write(
        sender,
        "extends: segments/PD1.yaml",
        "source: a test",
        "rules:",
        "  - { v2: PD1-10, fhir: gender, direction: v2-to-fhir, instead-of: PD1-7 }");
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder.path()));
    assertThat(faults.faults().stream().map(RuleFault::toString))
        .contains(sender + ":4: No rule of the file of all is for this place.");
  }

  @Test
  void insteadOfIsForSendersOnly() throws Exception {
    pd1("  - { v2: PD1-7, used-for: a test, instead-of: PD1-9 }");
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder.path()));
    assertThat(faults.faults().stream().map(RuleFault::toString))
        .containsExactly(
            "segments/PD1.yaml:5: Only a sender's or a tenant's file says 'instead-of'; mend the rule"
                + " itself.");
  }
}

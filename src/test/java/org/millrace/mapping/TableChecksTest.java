package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableChecksTest {
  private static final String THO = "http://terminology.hl7.org/CodeSystem/";
  private static final String GENDER = "http://hl7.org/fhir/administrative-gender";

  @TempDir Path folder;

  /** A table; its rows begin at line 3. */
  private void table(String file, String... rows) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(
        path,
        "# source: a test\n"
            + "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred,v2_system\n"
            + String.join("\n", rows)
            + "\n");
  }

  private List<String> faults() {
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder));
    return faults.faults().stream().map(RuleFault::toString).toList();
  }

  private List<String> warnings() {
    return Maps.load(folder).warnings().stream()
        .map(RuleFault::toString)
        .filter(warning -> !warning.contains("No rule names this table"))
        .toList();
  }

  @Test
  void aCodeThatItsSystemDoesNotHaveIsAFault() throws IOException {
    table(
        "tables/HL70001.csv",
        "F,Female,femal," + GENDER + ",,,,",
        "M,Male,Male," + GENDER + ",,,,",
        "O,Other,other," + GENDER + ",,,,");
    table(
        "tables/HL70002.csv",
        "M,Married,MM," + THO + "v3-MaritalStatus,,,,",
        "O,Other,OTH," + THO + "v3-NullFlavor,,,,",
        "S,Single,never-married," + THO + "v2-0002,,,,",
        "W,Widowed,W,http://hl7.org/fhir/ValueSet/marital-status,,,,");
    assertThat(faults())
        .containsExactly(
            "tables/HL70001.csv:3: The system " + GENDER + " has no code 'femal'.",
            "tables/HL70001.csv:4: The system "
                + GENDER
                + " has no code 'Male'; it is written 'male'.",
            "tables/HL70002.csv:3: The system " + THO + "v3-MaritalStatus has no code 'MM'.",
            "tables/HL70002.csv:5: The system " + THO + "v2-0002 has no code 'never-married'.",
            "tables/HL70002.csv:6: http://hl7.org/fhir/ValueSet/marital-status is a value set; name"
                + " the code system that 'W' is of.");
  }

  @Test
  void aMistypedCodeOfLoincOrSnomedIsFoundByItsCheckDigit() throws IOException {
    table(
        "tables/notes.csv",
        "PN,Progress note,11506-3,http://loinc.org,,,,",
        "PM,Progress note,11560-3,http://loinc.org,,,,",
        "HP,History,34117-3,http://loinc.org,,,,",
        "CA,Cardiology,LP29708-2,http://loinc.org,,,,",
        "XX,Something,progress,http://loinc.org,,,,",
        "FU,Follow-up,185389009,http://snomed.info/sct,,,,",
        "FV,Follow-up,185398009,http://snomed.info/sct,,,,",
        "EM,Emergency,373110013,http://snomed.info/sct,,,,",
        "LA,Left arm,\"368208006:272741003=7771000\",http://snomed.info/sct,,,,");
    assertThat(faults())
        .containsExactly(
            "tables/notes.csv:4: '11560-3' is no LOINC code: look at its digits again.",
            "tables/notes.csv:5: '34117-3' is no LOINC code: look at its digits again.",
            "tables/notes.csv:7: 'progress' is no LOINC code: look at its digits again.",
            "tables/notes.csv:9: '185398009' is no SNOMED CT code: look at its digits again.",
            "tables/notes.csv:10: '373110013' is no SNOMED CT code: look at its digits again.");
  }

  @Test
  void codesOfSystemsThatR4DoesNotListGoUnchecked() throws IOException {
    table(
        "tables/others.csv",
        "1,Tenant,99999,*/codeSet/4,,,,",
        "2,Race,1002-5,urn:oid:2.16.840.1.113883.6.238,,,,",
        "3,Unit,{made up},http://unitsofmeasure.org,,,,",
        "4,Diagnosis,J45.9,http://hl7.org/fhir/sid/icd-10,,,,",
        "5,One of examples,99999," + THO + "service-type,,,,",
        "6,Table without codes,BCBS," + THO + "v2-0086,,,,",
        "7,No longer used,HIV," + THO + "v3-Confidentiality,,,,");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aSystemOfHl7ThatR4DoesNotHaveIsAWarning() throws IOException {
    table("tables/others.csv", "M,Married,M," + THO + "v3-MaritalStatsu,,,,");
    assertThat(warnings())
        .containsExactly(
            "tables/others.csv:3: FHIR R4 has no code system "
                + THO
                + "v3-MaritalStatsu; its codes go unchecked.");
  }

  @Test
  void aV2CodeThatATableOfHl7DoesNotHaveIsAFault() throws IOException {
    table("tables/HL70085-Other.csv", "F,Final,,,,,,", "Q,Queried,,,,,,", "Q,Other table,,,,,,L");
    Files.writeString(
        folder.resolve("tables/HL70123-verdict.csv"),
        "# source: a test\n"
            + "v2_code,v2_text,decision,word,doc_status,severity,reason,remedy\n"
            + "Q,Queried,FILE,final,final,2,,\n");
    assertThat(faults())
        .containsExactly(
            "tables/HL70085-Other.csv:4: HL7 table 0085 has no code 'Q'; a code that one sender"
                + " or tenant made up belongs in its folder under senders/ or tenants/.",
            "tables/HL70123-verdict.csv:3: HL7 table 0123 has no code 'Q'; a code that one sender"
                + " or tenant made up belongs in its folder under senders/ or tenants/.");
  }

  @Test
  void aSitesOwnCodesOfTablesThatOnlySuggestSomeAreTaken() throws IOException {
    table("tables/HL70002.csv", "K,Separated by court,L," + THO + "v3-MaritalStatus,,,,");
    table("tables/HL70291.csv", "pdf,PDF,application/pdf,urn:ietf:bcp:13,,,,");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aSendersTableIsCheckedOnItsFhirSideOnly() throws IOException {
    table("tables/HL70085.csv", "F,Final,final,http://hl7.org/fhir/observation-status,,,,");
    Path own = folder.resolve("senders/LAB@HOSP/tables/HL70085.csv");
    table(
        "senders/LAB@HOSP/tables/HL70085.csv",
        "Q,Queried,unknown,http://hl7.org/fhir/observation-status,,,,");
    assertThat(warnings()).isEmpty();
    Files.writeString(own, Files.readString(own).replace("unknown", "queried"));
    assertThat(faults())
        .containsExactly(
            "senders/LAB@HOSP/tables/HL70085.csv:3: The system"
                + " http://hl7.org/fhir/observation-status has no code 'queried'.");
  }

  @Test
  void aRowThatNoMessageReachesIsAWarning() throws IOException {
    table(
        "tables/notes.csv",
        "PN,Any progress note,11506-3,http://loinc.org,,,,",
        "PN,Progress note of the lab,34117-2,http://loinc.org,,v2-to-fhir,,LAB",
        "PR,Note of the lab,28570-0,http://loinc.org,,,,LAB",
        "PR,Any other,11504-8,http://loinc.org,,,,",
        ",,18842-5,http://loinc.org,,v2-to-fhir,,",
        ",Found by its name,18761-7,http://loinc.org,,v2-to-fhir,,");
    assertThat(warnings())
        .containsExactly(
            "tables/notes.csv:4: This row is never read on the way to FHIR: line 3 takes every"
                + " 'PN'; put that one below.",
            "tables/notes.csv:7: This row is never read: it has no v2 code.");
  }

  @Test
  void aRowThatNoResourceReachesIsAWarning() throws IOException {
    table(
        "tables/HL70001.csv",
        "O,Other,other," + GENDER + ",,,yes,",
        "A,Ambiguous,other," + GENDER + ",,,,",
        "N,Not applicable,other," + GENDER + ",,fhir-to-v2,,",
        "U,Unknown,,,,fhir-to-v2,,");
    assertThat(warnings())
        .containsExactly(
            "tables/HL70001.csv:5: This row is never read: 'other' becomes 'O', which is"
                + " preferred.",
            "tables/HL70001.csv:6: This row is never read: it has no FHIR code.");
  }

  @Test
  void aPreferenceThatDecidesNothingIsAWarning() throws IOException {
    table(
        "tables/HL70001.csv",
        "F,Female,female," + GENDER + ",,,yes,",
        "M,Male,male," + GENDER + ",,v2-to-fhir,yes,",
        "O,Other,other," + GENDER + ",,fhir-to-v2,yes,",
        "A,Ambiguous,other," + GENDER + ",,,,");
    assertThat(warnings())
        .containsExactly(
            "tables/HL70001.csv:3: No other row gives 'female'; leave preferred empty.",
            "tables/HL70001.csv:4: This row is preferred for a way back that it does not have;"
                + " leave preferred empty.");
  }

  @Test
  void aSendersRowMayBePreferredOverOneOfTheTableItExtends() throws IOException {
    table("tables/HL70001.csv", "O,Other,other," + GENDER + ",,,,");
    Path own = folder.resolve("senders/LAB@HOSP/tables/HL70001.csv");
    table("senders/LAB@HOSP/tables/HL70001.csv", "X,Indeterminate,other," + GENDER + ",,,yes,");
    Files.writeString(own, "# extends: HL70001\n" + Files.readString(own));
    assertThat(warnings()).isEmpty();
  }
}

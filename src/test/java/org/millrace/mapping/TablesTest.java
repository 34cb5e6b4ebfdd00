package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables that ship say. */
class TablesTest {
  private static final Mappings MAPPINGS = Maps.MAPPER.mappings();

  /** Codes of later versions, and a name that senders use beside HL7's own. */
  private static final Map<String, Set<String>> OTHERS =
      Map.of("HL70078", Set.of("CAR", "E", "EX", "EXP", "NCL", "UNE"), "HL70396", Set.of("CPT"));

  /** RFC 2046 is its source, whose names are not listed. */
  private static final String SUBTYPES = "HL70291";

  private static String forward(String table, String v2Code) {
    return MAPPINGS.table(table).forward(v2Code).map(CodeTable.Row::fhirCode).orElse("no row");
  }

  private static String back(String table, String fhirCode) {
    return MAPPINGS.table(table).reverse(fhirCode).map(CodeTable.Row::v2Code).orElse("no row");
  }

  @ParameterizedTest
  @CsvSource({
    "HL70001, other, O",
    "HL70002, L, E",
    "HL70002, T, P",
    "HL70002, P, O",
    "HL70004, ACUTE, I",
    "HL70004, NONAC, I",
    "HL70004, OBSENC, O",
    "HL70004, SS, O",
    "HL70004, HH, O",
    "HL70004, FLD, O",
    "HL70004, VR, O",
    "HL70006, 1007, ATH",
    "HL70006, 1009, BAP",
    "HL70006, 1020, HIN",
    "HL70006, 1026, JEW",
    "HL70006, 1027, MOM",
    "HL70006, 1028, LUT",
    "HL70006, 1069, EPI",
    "HL70006, 1071, QUA",
    "HL70006, 1077, PRO",
    "HL70006, 1079, REC",
    "HL70008, ok, AA",
    "HL70008, fatal-error, AE",
    "HL70008, transient-error, AR",
    "HL70008-IssueSeverity, error, AE",
    "HL70008-IssueSeverity, warning, AA",
    "HL70063-SubscriberRelationship, self, SEL",
    "HL70063-SubscriberRelationship, child, CHD",
    "HL70063-SubscriberRelationship, parent, PAR",
    "HL70063-SubscriberRelationship, other, OTH",
    "HL70085, final, F",
    "HL70085, amended, C",
    "HL70085, corrected, C",
    "HL70085, preliminary, P",
    "HL70085, registered, I",
    "HL70085, cancelled, X",
    "HL70085, entered-in-error, D",
    "HL70123, final, F",
    "HL70123, corrected, C",
    "HL70123, amended, C",
    "HL70123, appended, C",
    "HL70123, partial, A",
    "HL70123, preliminary, P",
    "HL70123, registered, I",
    "HL70123, cancelled, X",
    "HL70127-AllergyCategory, medication, DA",
    "HL70127-AllergyCategory, food, FA",
    "HL70127-AllergyCategory, environment, EA",
    "HL70127-AllergyCategory, biologic, AA",
    "HL70127-AllergyType, allergy, no row",
    "HL70128-Criticality, high, SV",
    "HL70128-Criticality, low, MI",
    "HL70128-Severity, moderate, MO",
    "HL70177, HIV, HIV",
    "HL70190, home, H",
    "HL70190, work, B",
    "HL70190-AddressType, postal, M",
    "HL70200, official, L",
    "HL70200, anonymous, S",
    "HL70201, home, PRN",
    "HL70202, phone, PH",
    "HL70202, email, Internet",
    "HL70206, PATCH, U",
    "HL70206, PUT, U",
    "HL70208, not-found, NF",
    "HL70208, timeout, AR",
    "HL70217, UR, 2",
    "HL70271, final, LA",
    "HL70271, preliminary, IP",
    "HL70273, superseded, OB",
    "HL70278, proposed, Pending",
    "HL70278, arrived, Started",
    "HL70278, checked-in, Started",
    "HL70278-ParticipationStatus, accepted, Booked",
    "HL70278-ParticipationStatus, declined, Cancelled",
    "HL70291, application/pdf, pdf",
    "HL70291, text/xml, XML",
    "HL70291, image/jpeg, JPEG",
    "HL70834, application/pdf, application",
    "HL70834, image/tiff, image",
    "HL70191, image/tiff, IM",
    "HL70003-EncounterStatus, in-progress, A01",
    "HL70003-EncounterStatus, arrived, A04",
    "HL70003-EncounterStatus, finished, A03",
    "HL70003-AppointmentStatus, booked, S12",
    "HL70003-AppointmentStatus, cancelled, S15",
    "HL70357, not-supported, 200",
    "HL70357, business-rule, 207",
    "HL70396, http://www.ama-assn.org/go/cpt, C4",
    "HL70516, fatal, E",
    "duration-units, min, min",
    "quantity-comparator, >=, >="
  })
  void aFhirCodeComesBackAsThePreferredV2Code(String table, String fhirCode, String v2Code) {
    assertThat(back(table, fhirCode)).isEqualTo(v2Code);
  }

  @ParameterizedTest
  @CsvSource({
    "HL70003-EncounterStatus, A04, in-progress",
    "HL70003-EncounterStatus, A08, ''",
    "HL70006, HIN, 1020",
    "HL70006, JEW, 1026",
    "HL70006, BUD, ''",
    "HL70009, A0, ''",
    "HL70009, A2, wheel",
    "HL70009, B6, B6",
    "HL70052, A, AD",
    "HL70052, W, ''",
    "HL70063-SubscriberRelationship, SPO, spouse",
    "HL70078, HH, HH",
    "HL70078, AC, ''",
    "HL70085, R, preliminary",
    "HL70085, S, preliminary",
    "HL70085, I, registered",
    "HL70085, U, final",
    "HL70085, W, entered-in-error",
    "HL70085, A, amended",
    "HL70085, N, ''",
    "HL70123, A, partial",
    "HL70123, R, partial",
    "HL70123, S, registered",
    "HL70123, Y, ''",
    "HL70127-AllergyCategory, LA, environment",
    "HL70127-AllergyCategory, MC, ''",
    "HL70127-AllergyType, MA, allergy",
    "HL70127-AllergyType, MC, ''",
    "HL70128-Criticality, MO, ''",
    "HL70128-Severity, U, ''",
    "HL70177, AID, HIV",
    "HL70177, ETH, ETHUD",
    "HL70177, UWM, UWM",
    "HL70189, U, ''",
    "HL70270, PN, 28570-0",
    "HL70271, AU, final",
    "HL70271, PA, preliminary",
    "HL70273, CA, entered-in-error",
    "HL70276, FOLLOWUP, 185389009",
    "HL70276, WALKIN, ''",
    "HL70278, Started, checked-in",
    "HL70278, Blocked, ''",
    "HL70291, PDF, application/pdf",
    "HL70291, text/rtf, text/rtf",
    "HL70357, 101, required",
    "HL70443, AT, ATND",
    "HL70443, PI, ''",
    "duration-units, HR, h",
    "quantity-comparator, <>, ''"
  })
  void aV2CodeBecomesWhatTheGuideSaysOrWhatMendsIt(String table, String v2Code, String fhirCode) {
    assertThat(forward(table, v2Code)).isEqualTo(fhirCode);
  }

  @Test
  void commonLawComesBackFromEitherSystem() {
    CodeTable table = MAPPINGS.table("HL70002");
    for (String system : List.of("v2-0002", "v3-MaritalStatus")) {
      assertThat(table.reverse("C", "http://terminology.hl7.org/CodeSystem/" + system))
          .map(CodeTable.Row::v2Code)
          .contains("C");
    }
    assertThat(table.forward("C").map(CodeTable.Row::fhirSystem))
        .contains("http://terminology.hl7.org/CodeSystem/v2-0002");
  }

  @Test
  void theV2CodesOfTheTablesThatHl7PublishedAreHl7s() throws IOException {
    CodeSystems systems = CodeSystems.ofR4();
    List<String> unknown = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("mappings/tables"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".csv", "");
        if (!name.matches("HL7\\d{4}.*") || name.endsWith("-verdict") || name.equals(SUBTYPES)) {
          continue;
        }
        CodeTable table = MAPPINGS.table(name);
        String system = CodeSystems.V2 + table.v2Name().substring("HL7".length());
        table.entries().stream()
            .map(entry -> entry.row().v2Code())
            .filter(code -> systems.fault(system, code).isPresent())
            .filter(code -> !OTHERS.getOrDefault(name, Set.of()).contains(code))
            .forEach(code -> unknown.add(name + " " + code));
      }
    }
    assertThat(unknown).isEmpty();
  }
}

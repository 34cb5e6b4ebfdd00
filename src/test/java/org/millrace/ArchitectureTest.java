package org.millrace;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The house's rooms and who may enter which, as rules that say why. */
@AnalyzeClasses(packages = "org.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** What each part may use besides itself; the parts are listed from the ground up. */
  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    may("hl7");
    may("trace");
    may("mllp", "hl7");
    may("mapping", "hl7", "trace");
    may("cerner", "trace");
    may("healtheintent", "cerner");
    may("journal", "hl7");
    may("intake", "hl7", "journal", "trace");
    may("query", "hl7", "mapping", "cerner", "journal");
    may("delivery", "hl7", "mapping", "cerner", "journal", "trace");
    may("guard", "journal");
    may("alert", "journal", "trace");
    may("replay", "hl7", "mllp", "mapping");
    may("preview");
    may("console", "delivery", "guard", "alert", "replay", "preview");
    may("rest", "healtheintent", "intake", "query", "delivery", "guard");
    may("routing", "intake", "query", "delivery", "rest");
    may("sandbox");
    may("app", "mllp", "alert", "console", "healtheintent", "routing", "replay", "sandbox");
    may("cli", "app");
  }

  /** A part may use these, and what these may use. */
  private static void may(String part, String... used) {
    Set<String> all = new TreeSet<>();
    for (String each : used) {
      all.add(each);
      all.addAll(MAY_USE.getOrDefault(each, Set.of()));
    }
    MAY_USE.put(part, all);
  }

  @Test
  void eachPartUsesOnlyThePartsBelowIt() {
    JavaClasses classes = mainClasses();
    for (Map.Entry<String, Set<String>> part : MAY_USE.entrySet()) {
      String[] allowed =
          java.util.stream.Stream.concat(
                  java.util.stream.Stream.of(part.getKey()), part.getValue().stream())
              .map(name -> "org.millrace." + name)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("org.millrace." + part.getKey())
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.millrace..")
                  .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
          .because("parts form layers; " + part.getKey() + " knows only " + part.getValue())
          .check(classes);
    }
  }

  @Test
  void everyPackageIsARowOfTheTable() {
    assertThat(
            mainClasses().stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("org.millrace"))
                .map(name -> name.replaceFirst("org\\.millrace\\.([a-z0-9]+).*", "$1"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
  }

  @Test
  void everyPackageSaysWhatItIs() {
    JavaClasses classes = mainClasses();
    List<String> described =
        classes.stream()
            .filter(each -> each.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .toList();
    assertThat(described)
        .containsAll(MAY_USE.keySet().stream().map(p -> "org.millrace." + p).toList());
  }

  private static JavaClasses mainClasses() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption((Location location) -> !location.contains("/test-classes/"))
        .importPackages("org.millrace");
  }

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("org.millrace.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a part that is used by what it uses cannot be read alone");

  @ArchTest
  static final ArchRule camelStaysAtTheEdge =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.millrace.mllp",
              "org.millrace.healtheintent",
              "org.millrace.rest",
              "org.millrace.routing",
              "org.millrace.app")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..")
          .because("mapping, delivery and the wire formats must outlive the router");

  @ArchTest
  static final ArchRule noFhirClient =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ca.uhn.fhir.rest.client..")
          .because("what is asked of Cerner goes through the actions of one package");

  @ArchTest
  static final ArchRule metricsAreOfOneList =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.millrace.trace")
          .should()
          .callMethodWhere(
              target(owner(resideInAPackage("io.micrometer.core.instrument")))
                  .and(target(nameMatching("builder|counter|gauge|timer|summary|more|register"))))
          .because("docs/reference/metrics.md is made of that list, and must tell each of them");

  @ArchTest
  static final ArchRule httpOutOnlyInCerner =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.millrace.cerner", "org.millrace.healtheintent")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.hc..")
          .because(
              "tokens, deadlines and limits are kept in one place towards Cerner, and in one"
                  + " towards HealtheIntent");

  @ArchTest
  static final ArchRule sqlOnlyInStores =
      noClasses()
          .that(
              DescribedPredicate.not(
                  nameMatching("org\\.millrace\\.journal\\.[A-Za-z]*(Store|Database)(\\$.*)?")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..")
          .because(
              "whoever looks for a statement finds it in a store, and what is peculiar to a"
                  + " database in its class");

  @ArchTest
  static final ArchRule sandboxIsUsedByCliAndAppOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.millrace.sandbox", "org.millrace.cli", "org.millrace.app")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.millrace.sandbox")
          .because("the engine must not know the imitation it is tested against");

  @ArchTest
  static final ArchRule nobodyReadsTheSystemClock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(java.time.LocalDate.class, "now")
          .orShould()
          .callMethod(java.time.LocalDateTime.class, "now")
          .orShould()
          .callMethod(java.time.OffsetDateTime.class, "now")
          .orShould()
          .callMethod(java.time.ZonedDateTime.class, "now")
          .orShould()
          .callMethod(ZoneId.class, "systemDefault")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone")
          .because("time and zone are passed in, so that a test can set them");

  @ArchTest
  static final ArchRule onlyAppReadsMilliseconds =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.millrace.app")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .because("time is passed in as a Clock");

  @ArchTest
  static final ArchRule textNeverTakesTheMachinesCharset =
      noClasses()
          .should()
          .callConstructor(String.class, byte[].class)
          .orShould()
          .callConstructor(String.class, byte[].class, int.class, int.class)
          .orShould()
          .callMethod(String.class, "getBytes")
          .because(
              "bytes become text by a charset that somebody chose, never by the machine's; "
                  + "it is "
                  + Charset.defaultCharset()
                  + " here and something else elsewhere");

  @ArchTest
  static final ArchRule lettersNeverFollowTheMachinesLocale =
      noClasses()
          .should()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .because("in Turkish the lower case of I is not i");

  @ArchTest
  static final ArchRule onlyPipesAreParsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "ca\\.uhn\\.hl7v2\\.parser\\.(GenericParser|XMLParser|DefaultXMLParser)")
          .because("a parser that guesses XML reads files and sockets for whoever sends it");

  @ArchTest
  static final ArchRule nothingIsDeserialized =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .because("objects from the wire have taken over every engine that read them");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Service")
          .because("if only such a name fits, it is two classes");

  @ArchTest
  static final ArchRule settingsAreReadInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.millrace.app", "org.millrace.cli")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .because("every setting is checked at start and documented");

  @Test
  void theRulesSeeTheClasses() {
    assertThat(mainClasses().size()).isGreaterThan(150);
  }
}

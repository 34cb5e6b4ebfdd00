package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.delivery.FilingTarget;
import org.millrace.delivery.ManyTargets;
import picocli.CommandLine;

/** What must be typed before something is asked of many messages. */
final class ProductionOptionTest {
  private static final FilingTarget CHART = new FilingTarget("", "fhir.cerner.example", true);
  private static final FilingTarget NORTH = new FilingTarget("north", "north.example", true);
  private static final FilingTarget TEST = new FilingTarget("test", "127.0.0.1:8081", false);

  private final List<String> questions = new ArrayList<>();

  private static ManyTargets at(FilingTarget... targets) {
    return new ManyTargets(Map.of("oru-r01", 2), List.of(targets));
  }

  /** As it was typed with these arguments, where a terminal answers so. */
  private ProductionOption typed(Optional<String> answer, String... arguments) {
    ProductionOption option =
        new ProductionOption(
            question -> {
              questions.add(question);
              return answer;
            });
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("production", mixin(option)))
        .parseArgs(arguments);
    return option;
  }

  private static CommandLine.Model.CommandSpec mixin(ProductionOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }

  @Test
  void whatIsNoProductionNeedsNoWordAndNothingIsAsked() {
    assertThatCode(() -> typed(Optional.empty()).confirm(at(TEST))).doesNotThrowAnyException();
    assertThatCode(() -> typed(Optional.empty()).confirm(at())).doesNotThrowAnyException();
    assertThat(questions).isEmpty();
    assertThat(ProductionOption.neededFor(at(TEST))).isEmpty();
  }

  @Test
  void theNameInTheOptionIsEnough() {
    String name = "fhir.cerner.example";
    assertThatCode(() -> typed(Optional.empty(), "--production", name).confirm(at(CHART, TEST)))
        .doesNotThrowAnyException();
    assertThat(questions).isEmpty();
    assertThat(ProductionOption.neededFor(at(CHART, TEST)))
        .isEqualTo(" --production fhir.cerner.example");
  }

  @Test
  void anotherNameIsRefusedAndNotAskedForAgain() {
    for (String wrong : List.of("yes", "FHIR.cerner.example", "north")) {
      assertThatThrownBy(
              () ->
                  typed(Optional.of("fhir.cerner.example"), "--production", wrong)
                      .confirm(at(CHART)))
          .isInstanceOf(PlainException.class)
          .hasMessage(
              "nothing was done. Cerner at fhir.cerner.example: production. Say that it is meant"
                  + " by --production fhir.cerner.example");
    }
    assertThat(questions).isEmpty();
  }

  @Test
  void whoSitsAtATerminalIsAsked() {
    assertThatCode(() -> typed(Optional.of("north")).confirm(at(NORTH))).doesNotThrowAnyException();
    assertThat(questions)
        .containsExactly(
            "Cerner at north.example, tenant north: production. Type north to say that it is"
                + " meant: ");
    assertThatThrownBy(() -> typed(Optional.of("yes")).confirm(at(NORTH)))
        .isInstanceOf(PlainException.class)
        .hasMessageStartingWith("nothing was done. ");
  }

  @Test
  void severalAreNamedTogether() {
    assertThat(ProductionOption.neededFor(at(CHART, NORTH)))
        .isEqualTo(" --production 'fhir.cerner.example north'");
    assertThatCode(
            () ->
                typed(Optional.empty(), "--production", "fhir.cerner.example north")
                    .confirm(at(CHART, NORTH)))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> typed(Optional.empty(), "--production", "north").confirm(at(CHART, NORTH)))
        .isInstanceOf(PlainException.class);
  }
}

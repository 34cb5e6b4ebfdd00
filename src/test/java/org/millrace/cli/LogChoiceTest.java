package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogChoiceTest {
  @Test
  void theLogDoesAsTheEnvironmentSays() {
    LogChoice choice =
        LogChoice.of(Map.of("MILLRACE_LOG_LEVEL", "DEBUG", "MILLRACE_LOG_FORMAT", "json"));

    assertThat(choice.faults()).isEmpty();
    assertThat(choice.properties())
        .isEqualTo(Map.of("millrace.log.level", "DEBUG", "millrace.log.format", "json"));
  }

  @Test
  void whatIsNotSetOrEmptyIsLeftToTheDefault() {
    assertThat(LogChoice.of(Map.of("MILLRACE_LOG_FORMAT", "", "MILLRACE_LOG_LEVEL", "")))
        .isEqualTo(LogChoice.of(Map.of()))
        .isEqualTo(new LogChoice(Map.of(), List.of()));
  }

  @Test
  void whatTheLogDoesNotKnowIsAFault() {
    assertThat(
            LogChoice.of(Map.of("MILLRACE_LOG_LEVEL", "LOUD", "MILLRACE_LOG_FORMAT", "xml"))
                .faults())
        .containsExactly(
            "MILLRACE_LOG_LEVEL is none of ERROR, WARN, INFO, DEBUG, TRACE",
            "MILLRACE_LOG_FORMAT is none of text, json");
  }
}

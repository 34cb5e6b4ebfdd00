package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers as an address has them. */
final class NumberRangesTest {

  @Test
  void numbersAreReadAsTheyWereWritten() {
    for (List<Long> numbers :
        List.of(List.of(1L), List.of(1L, 2L), List.of(3L, 4L, 5L, 9L, 11L, 12L), List.of(0L, 1L))) {
      assertThat(NumberRanges.read(NumberRanges.text(numbers), 100)).contains(numbers);
    }
    assertThat(NumberRanges.text(List.of(12L, 3L, 4L, 5L))).isEqualTo("3-5,12");
    assertThat(NumberRanges.text(List.of())).isEmpty();
  }

  @Test
  void whatIsWrittenOtherwiseOrNamesTooManyIsNotRead() {
    for (String text :
        List.of("", "x", "1-", "5-3", "1,,2", "-1", "1-101", "1-60,100-150", "1 2")) {
      assertThat(NumberRanges.read(text, 100)).as(text).isEmpty();
    }
    assertThat(NumberRanges.read("1-100", 100)).isPresent();
  }
}

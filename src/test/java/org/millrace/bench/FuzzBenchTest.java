package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./millrace bench fuzz} does, with 10,000 mutants. */
class FuzzBenchTest {
  private static final int MUTANTS = 10_000;

  @TempDir Path folder;

  @Test
  void eachMutantIsAnsweredSoonAndNothingIsLeftBehind() throws Exception {
    FuzzBench.Result result = FuzzBench.run(folder, 20_261_126L, MUTANTS);

    assertThat(result.wrong()).isEmpty();
    assertThat(result.answered() + result.silent()).isEqualTo(MUTANTS);
    assertThat(result.silent()).isLessThan(MUTANTS / 1_000);
    // The aim is 500 ms; the machine that runs the tests may stand still for a moment.
    assertThat(result.longestMillis()).isLessThan(5_000);
    assertThat(result.leftNothing()).as("%s, then %s", result.before(), result.after()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "MSH|^~\\&|A|B|C|D|2026||ORU^R01|C1|D|2.5.1||||ER|, true",
    "MSH!^~\\&!A!B!C!D!2026!!ORU^R01!C1!D!2.5.1!!!NE!, true",
    "MSH|^~\\&|A|B|C|D|2026||ORU^R01|C1|D|2.5.1|||AL|AL, false",
    "MSH|^~\\&|NE|ER, false",
    "BHS|^~\\&|A|B|C|D|2026||ORU^R01|C1|D|2.5.1||||ER|, false",
    "MSH, false"
  })
  void aHeaderThatWantsNoAnswerIsKnown(String header, boolean silent) {
    byte[] mutant = (header + "\rPID|1||ER\r").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(Mutants.asksForSilence(mutant)).isEqualTo(silent);
  }

  @Test
  void aMutantIsTheSameWheneverItIsMade() throws Exception {
    Mutants once = new Mutants(Path.of("samples"), 7);
    Mutants again = new Mutants(Path.of("samples"), 7);
    for (int i = 0; i < 200; i++) {
      assertThat(once.of(i)).isEqualTo(again.of(i));
    }
  }
}

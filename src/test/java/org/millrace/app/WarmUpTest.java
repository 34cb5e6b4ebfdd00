package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mapping.Verdict;

class WarmUpTest {

  private static WarmUp warmUp() throws RuleFaultsException {
    Mapper mapper = new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner");
    return new WarmUp(mapper, Map.of("document-type", "11506-3"), ZoneOffset.UTC);
  }

  @Test
  void theMappingFilesTakeTheInventedMessagesRoundByRound() throws RuleFaultsException {
    AtomicInteger answered = new AtomicInteger();

    int rounds = warmUp().run(answered::incrementAndGet);

    assertThat(rounds).isPositive().isEqualTo(answered.get());
  }

  @Test
  void theInventedResultBecomesANoteThatWouldBeFiled() throws Exception {
    assertThat(warmUp().result().orElseThrow().resources())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
              assertThat(each.json().path("resourceType").asText()).isEqualTo("DocumentReference");
            });
  }

  @Test
  void whatFailsEndsTheWarmUpAndNotTheStart() throws RuleFaultsException {
    int rounds =
        warmUp()
            .run(
                () -> {
                  throw new IllegalStateException("a mapping file of the site");
                });

    assertThat(rounds).isZero();
  }
}

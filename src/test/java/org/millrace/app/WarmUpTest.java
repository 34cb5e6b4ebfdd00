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

package org.millrace.app;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps invented messages before the first real one comes, so that its sender does not wait for what
 * the JVM loads and compiles on the way. Asks nobody, writes nothing and counts nothing.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** After so many the rest is the compiler's, which needs thousands. */
  private static final int MOST_ROUNDS = 30;

  /** A start is not to be felt; the first round is finished in any case. */
  private static final Duration LONGEST = Duration.ofMillis(300);

  private static final String RESULT =
      """
      MSH|^~\\&|REHEARSAL|HERE|MILLRACE|HERE|20200101000000||ORU^R01^ORU_R01|1|P|2.5.1
      PID|1||0^^^&1.2.3&ISO^MR||Nobody^At^All||20000101|U
      PV1|1|O|||||||||||||||||0^^^&1.2.4&ISO^VN
      OBR|1|0|0|11506-3^Progress note^LN|||20200101000000|||||||||||||||20200101000000|||F
      OBX|1|TX|11506-3^Progress note^LN||Nothing.||||||F
      """
          .replace('\n', '\r');

  private final Mapper mapper;
  private final Map<String, String> given;
  private final ZoneId zone;

  /**
   * @param given values that mapping files name as {@code given}
   */
  WarmUp(Mapper mapper, Map<String, String> given, ZoneId zone) {
    this.mapper = mapper;
    this.given = new HashMap<>(given);
    this.given.putAll(MappingContext.LOOKED_UP);
    this.zone = zone;
  }

  /**
   * Runs for a moment on the calling thread.
   *
   * @param query answers an invented query each time; nothing of it is measured yet
   * @return how many rounds it did
   */
  int run(Runnable query) {
    long began = System.nanoTime();
    int rounds = 0;
    try {
      do {
        query.run();
        result();
        rounds++;
      } while (rounds < MOST_ROUNDS && System.nanoTime() - began < LONGEST.toNanos());
    } catch (V2FormatException | RuntimeException e) {
      // A site's own mapping files may not like the message. Real ones are told of in their
      // journey.
      LOG.warn("the warm-up stopped: {}", e.getClass().getName());
    }
    return rounds;
  }

  /** What the invented result becomes; empty where no file maps results. */
  Optional<MappingRun> result() throws V2FormatException {
    V2Message result = V2Message.read(RESULT.getBytes(StandardCharsets.US_ASCII));
    return mapper.mappings().messageTypes().contains(result.header().type())
        ? Optional.of(mapper.map(result, new MappingContext(zone, result.header().sender(), given)))
        : Optional.empty();
  }
}

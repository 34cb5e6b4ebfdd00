package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.millrace.replay.CaseResult;
import org.millrace.replay.Difference;
import org.millrace.replay.SampleCase;
import org.slf4j.LoggerFactory;

/**
 * Replays every case under {@code samples/}, and looks for its patients in whatever was logged
 * meanwhile.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SamplesTest {
  /** How sample patients are marked: family name and record number. */
  private static final Pattern MARK = Pattern.compile("ZZTEST|\\b9900\\d{3}\\b|900-\\d\\d-\\d{4}");

  private static final Path SAMPLES = Path.of("samples");
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final AtomicLong LINES = new AtomicLong();
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final Canary CANARY = new Canary();
  private static Level before = Level.WARN;
  private static CaseEngines engines;

  @BeforeAll
  static void listenAtTheLowestLevel() throws Exception {
    before = ROOT.getLevel();
    ROOT.setLevel(Level.TRACE);
    CANARY.start();
    ROOT.addAppender(CANARY);
    ROOT.iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender != CANARY) {
                appender.addFilter(new WarningsOnly());
              }
            });
    engines = new CaseEngines(Path.of("").toAbsolutePath());
  }

  @AfterAll
  static void stop() throws Exception {
    engines.close();
    ROOT.detachAppender(CANARY);
    ROOT.setLevel(before);
    ROOT.iteratorForAppenders().forEachRemaining(appender -> appender.clearAllFilters());
  }

  @TestFactory
  @Order(1)
  Stream<DynamicTest> everyCaseGoesAsExpected() throws Exception {
    List<SampleCase> cases = SampleCase.discover(SAMPLES);
    assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
    return cases.stream()
        .map(
            each -> DynamicTest.dynamicTest(each.name() + ": " + each.title(), () -> replay(each)));
  }

  private static void replay(SampleCase sample) throws Exception {
    CaseResult result = engines.run(sample, false);
    assertThat(result.differences()).map(Difference::toString).isEmpty();
  }

  @Test
  @Order(2)
  void noPatientOfAnyCaseIsInALogLine() {
    assertThat(LINES).as("lines logged while the cases ran").hasValueGreaterThan(100);
    assertThat(LEAKS).isEmpty();
  }

  /** Sees every event, formatted with its stack trace. */
  private static final class Canary extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      LINES.incrementAndGet();
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      String line = event.getLoggerName() + " " + event.getFormattedMessage() + " " + trace;
      if (MARK.matcher(line).find() && LEAKS.size() < 20) {
        LEAKS.add(line.length() > 300 ? line.substring(0, 300) : line);
      }
    }
  }

  /** Keeps the console quiet while everything is looked at. */
  private static final class WarningsOnly extends ch.qos.logback.core.filter.Filter<ILoggingEvent> {
    @Override
    public ch.qos.logback.core.spi.FilterReply decide(ILoggingEvent event) {
      return event.getLevel().isGreaterOrEqual(Level.WARN)
          ? ch.qos.logback.core.spi.FilterReply.NEUTRAL
          : ch.qos.logback.core.spi.FilterReply.DENY;
    }
  }
}

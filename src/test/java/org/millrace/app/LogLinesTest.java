package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** The log as it is configured, in both formats. */
class LogLinesTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String HOSTILE =
      "A1\r\n2026-01-01T00:00:00.000Z ERROR forged\t\u001b[31m\u0000\u007f\u0085\u009b2J\u2028\u2029 "
          + "{\"level\":\"ERROR\"} \\ \u00fc \ud83d\ude00";

  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter fields = new LogbackMDCAdapter();

  @AfterEach
  void stop() {
    context.stop();
  }

  private OutputStreamAppender<ILoggingEvent> configured(String format) throws JoranException {
    context.setMDCAdapter(fields);
    context.putProperty("millrace.log.format", format);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(getClass().getResource("/logback.xml"));
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    context
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .iteratorForAppenders()
        .forEachRemaining(appenders::add);
    assertThat(appenders).extracting(Appender::getName).containsExactly(format);
    return (OutputStreamAppender<ILoggingEvent>) appenders.get(0);
  }

  private String line(String format) throws JoranException {
    OutputStreamAppender<ILoggingEvent> appender = configured(format);
    LoggingEvent event =
        new LoggingEvent(
            "test",
            context.getLogger("org.millrace.intake.Intake"),
            Level.WARN,
            "message {} came",
            new IllegalStateException("ZZTEST secret"),
            new Object[] {HOSTILE});
    event.setInstant(Instant.parse("2026-11-20T16:15:00.123Z"));
    return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void whatIsLoggedIsOneLineWithoutControlCharacters(String format) throws Exception {
    String line = line(format);

    assertThat(line).endsWith("\n").contains("forged", "\u00fc \ud83d\ude00");
    String within = line.substring(0, line.length() - 1);
    assertThat(within).doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void whatAnExceptionSaysIsNotLogged(String format) throws Exception {
    assertThat(line(format)).doesNotContain("ZZTEST", "IllegalStateException");
  }

  @Test
  void textBeginsWithTimeInUtcAndLevel() throws Exception {
    assertThat(line("text")).startsWith("2026-11-20T16:15:00.123Z WARN  ");
  }

  @Test
  void aLineOfJsonIsAnObjectThatHoldsWhatWasLogged() throws Exception {
    fields.put("message", "417");

    JsonNode event = JSON.readTree(line("json"));

    assertThat(Instant.ofEpochMilli(event.path("timestamp").asLong()))
        .isEqualTo(Instant.parse("2026-11-20T16:15:00.123Z"));
    assertThat(event.path("level").asText()).isEqualTo("WARN");
    assertThat(event.path("loggerName").asText()).isEqualTo("org.millrace.intake.Intake");
    assertThat(event.path("formattedMessage").asText()).isEqualTo("message " + HOSTILE + " came");
    assertThat(event.path("mdc").path("message").asText()).isEqualTo("417");
    List<String> members = new ArrayList<>();
    event.fieldNames().forEachRemaining(members::add);
    assertThat(members)
        .containsExactly(
            "timestamp", "level", "threadName", "loggerName", "mdc", "formattedMessage");
  }
}

package org.millrace.app;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The log as JSON, an object a line. JSON lets characters stand as they are that end a line or
 * steer a terminal elsewhere (DEL, U+0080 to U+009F, U+2028, U+2029); here they are escapes, too.
 */
public final class JsonLines extends JsonEncoder {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}&&[^\n]]");

  @Override
  public byte[] encode(ILoggingEvent event) {
    // The line feed at its end is the only character below a blank that JSON leaves in it.
    return CONTROL
        .matcher(new String(super.encode(event), StandardCharsets.UTF_8))
        .replaceAll(found -> String.format(Locale.ROOT, "\\\\u%04X", (int) found.group().charAt(0)))
        .getBytes(StandardCharsets.UTF_8);
  }
}

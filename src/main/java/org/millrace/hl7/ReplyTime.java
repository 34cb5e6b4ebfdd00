package org.millrace.hl7;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The time as replies tell it in MSH-7, to the second and with its offset. What is written once is
 * kept for the rest of its second: thousands of replies share it. Thread-safe.
 */
final class ReplyTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ", Locale.ROOT);

  private final Clock clock;
  private final ZoneId zone;

  /** Read and replaced without a lock: threads that see different ones each write the same. */
  private @Nullable Written last;

  private record Written(long second, String text) {}

  ReplyTime(Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  String now() {
    Instant now = clock.instant();
    Written known = last;
    if (known == null || known.second() != now.getEpochSecond()) {
      String text = FORMAT.format(OffsetDateTime.ofInstant(now, zone));
      known = new Written(now.getEpochSecond(), text);
      last = known;
    }
    return known.text();
  }
}

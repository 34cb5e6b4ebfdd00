package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures that were drawn for a page, until its browser fetches them, a moment later: each is
 * given away once. Thread-safe.
 */
final class RecentPictures {
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST = 4;

  private record Kept(byte[] png, Instant until) {}

  private final Map<String, Kept> pictures = new LinkedHashMap<>();
  private final Clock clock;

  RecentPictures(Clock clock) {
    this.clock = clock;
  }

  synchronized void keep(String key, byte[] png) {
    forget();
    Iterator<Kept> oldest = pictures.values().iterator();
    while (pictures.size() >= MOST) {
      oldest.next();
      oldest.remove();
    }
    pictures.put(key, new Kept(png, clock.instant().plus(KEPT)));
  }

  synchronized Optional<byte[]> take(String key) {
    forget();
    return Optional.ofNullable(pictures.remove(key)).map(Kept::png);
  }

  private void forget() {
    Instant now = clock.instant();
    pictures.values().removeIf(each -> !now.isBefore(each.until()));
  }
}

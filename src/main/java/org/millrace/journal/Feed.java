package org.millrace.journal;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for all messages that come in by one route.
 *
 * @param name as in its route file, for example {@code results}
 * @param messageTypes what it takes: {@code ORU^R01}
 * @param zone of times that carry no offset
 * @param charset decides instead of MSH-18, when present
 */
public record Feed(String name, Set<String> messageTypes, ZoneId zone, Optional<Charset> charset) {
  public Feed {
    messageTypes = Set.copyOf(messageTypes);
  }
}

package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.alert.AlertKind;
import org.millrace.journal.Alert;
import org.millrace.journal.MessageState;

/**
 * Where what an alert is about can be seen.
 *
 * @param words what is seen there
 * @param command that shows the same
 */
record AlertSight(String words, String href, String command) {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT);

  /** How far back an alert of refused messages looks. */
  private static final Duration SHARE_OF = Duration.ofHours(1);

  /**
   * Of what has ended only that which can be told from other messages by its time.
   *
   * @param zone the site's
   */
  static Optional<AlertSight> of(Alert alert, ZoneId zone) {
    Optional<AlertKind> kind = AlertKind.of(alert.kind());
    if (kind.isEmpty() || (alert.ended().isPresent() && kind.get() != AlertKind.REFUSED_SHARE)) {
      return Optional.empty();
    }
    String feed = alert.subject();
    return switch (kind.get()) {
      case QUEUE_AGE ->
          messages(
              "Messages that wait",
              feed,
              Set.of(MessageState.QUEUED, MessageState.SENDING, MessageState.RETRYING),
              zone);
      case HELD -> messages("Held messages", feed, Set.of(MessageState.HELD), zone);
      case OUTCOME_UNKNOWN ->
          of("Messages without a known outcome", query(feed, Set.of(), "outcome-unknown"), zone);
      case REFUSED_SHARE -> refused(alert, zone);
      case SILENCE -> messages("Its last messages", feed, Set.of(), zone);
      case CERNER_PAUSED ->
          Optional.of(new AlertSight("The way to Cerner", "/health", "./millrace doctor"));
      case CERTIFICATE, DISK, RECORDS_LOST -> Optional.empty();
    };
  }

  private static Optional<AlertSight> messages(
      String words, String feed, Set<MessageState> states, ZoneId zone) {
    return of(words, query(feed, states, ""), zone);
  }

  private static Optional<AlertSight> refused(Alert alert, ZoneId zone) {
    MessageQuery query =
        new MessageQuery(
            Set.of(MessageState.REFUSED),
            alert.subject(),
            "",
            "",
            local(alert.started().minus(SHARE_OF), zone),
            // The minute in which it ended belongs to it.
            alert.ended().map(at -> local(at.plus(1, ChronoUnit.MINUTES), zone)).orElse(""),
            "",
            0,
            0,
            List.of());
    return of("Refused messages of that time", query, zone);
  }

  private static String local(Instant at, ZoneId zone) {
    return WRITTEN.format(at.atZone(zone));
  }

  private static MessageQuery query(String feed, Set<MessageState> states, String reason) {
    return new MessageQuery(states, feed, reason, "", "", "", "", 0, 0, List.of());
  }

  private static Optional<AlertSight> of(String words, MessageQuery query, ZoneId zone) {
    return Optional.of(new AlertSight(words, query.link().text(), query.command(zone, "")));
  }
}

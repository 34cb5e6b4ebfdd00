package org.millrace.console;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;

/** Who asked, saw and changed what: the newest entries, without what is of a patient. */
final class AuditPage {
  private static final int MOST = 200;

  private final ConsoleSources sources;
  private final Layout layout;

  AuditPage(ConsoleSources sources, Layout layout) {
    this.sources = sources;
    this.layout = layout;
  }

  /** An entry. */
  record Row(
      Moment at,
      Mark mark,
      String who,
      String proof,
      String address,
      String what,
      String subject,
      String status,
      String place) {}

  /** The page. */
  record Model(
      List<Row> rows,
      String who,
      String what,
      List<FilterChoices.Choice> outcomes,
      MessageQuery times,
      boolean narrowed,
      boolean more) {
    boolean hasRows() {
      return !rows.isEmpty();
    }
  }

  Answer show(Request request) {
    Params query = request.query();
    MessageQuery times = MessageQuery.read(query);
    Optional<AuditEvent.Outcome> outcome =
        Arrays.stream(AuditEvent.Outcome.values())
            .filter(each -> each.name().equals(query.text("outcome")))
            .findFirst();
    Optional<Instant> since = times.filter(sources.zone()).since();
    Optional<Instant> until = times.filter(sources.zone()).until();
    AuditFilter filter =
        new AuditFilter(
            query.text("who"), query.text("what"), outcome, Optional.empty(), since, until, 0);
    List<AuditEntry> entries =
        times.faults().isEmpty()
            ? sources.journal().auditTrail().list(filter, MOST + 1, false)
            : List.of();
    Model model =
        new Model(
            entries.stream().limit(MOST).map(this::row).toList(),
            query.text("who"),
            query.text("what"),
            Arrays.stream(AuditEvent.Outcome.values())
                .map(
                    each ->
                        new FilterChoices.Choice(
                            each.name(), word(each), Optional.of(each).equals(outcome)))
                .toList(),
            times,
            !query.values().isEmpty(),
            entries.size() > MOST);
    return layout.page(
        request,
        times.faults().isEmpty() ? 200 : 400,
        Head.of("Audit", "Audit").with(command(filter)),
        "audit",
        model);
  }

  private static String command(AuditFilter filter) {
    StringBuilder command = new StringBuilder("./millrace audit list");
    option(command, "--who", filter.who());
    option(command, "--what", filter.what());
    option(command, "--outcome", filter.outcome().map(Enum::name).orElse(""));
    option(command, "--since", filter.since().map(Instant::toString).orElse(""));
    option(command, "--until", filter.until().map(Instant::toString).orElse(""));
    return command.toString();
  }

  private static void option(StringBuilder command, String name, String value) {
    if (!value.isEmpty()) {
      command.append(' ').append(name).append(' ').append(ShellWord.of(value));
    }
  }

  private static String word(AuditEvent.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private Row row(AuditEntry entry) {
    AuditEvent event = entry.event();
    return new Row(
        sources.moment(event.at()),
        new Mark(
            word(event.outcome()),
            switch (event.outcome()) {
              case DONE -> Mark.Tone.GOOD;
              case DENIED -> Mark.Tone.HELD;
              case FAILED -> Mark.Tone.BAD;
            }),
        event.actor().name(),
        event.actor().proof(),
        event.actor().address(),
        event.what(),
        event.subject(),
        event.status() == 0 ? "" : String.valueOf(event.status()),
        entry.chain() + ":" + entry.seq());
  }
}

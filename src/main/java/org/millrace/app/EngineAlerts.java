package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.alert.AlertSettings;
import org.millrace.alert.AlertWatch;
import org.millrace.alert.EngineFacts;
import org.millrace.alert.EngineLook;
import org.millrace.alert.FeedLook;
import org.millrace.alert.Habits;
import org.millrace.alert.MailWay;
import org.millrace.alert.NoticeText;
import org.millrace.alert.NoticeWay;
import org.millrace.alert.WebhookWay;
import org.millrace.journal.JournalDatabase;
import org.millrace.mllp.Tls;

/** Tells the alerts how the engine is, and by which ways they are told. Thread-safe. */
final class EngineAlerts {
  private final Settings settings;
  private final JournalDatabase journal;
  private final Map<String, Health.Upstream> upstreams;
  private final Optional<Tls> tls;
  private final Clock clock;

  /**
   * @param upstreams by tenant, the one without a name under the empty text
   */
  EngineAlerts(
      Settings settings,
      JournalDatabase journal,
      Map<String, Health.Upstream> upstreams,
      Optional<Tls> tls,
      Clock clock) {
    this.settings = settings;
    this.journal = journal;
    this.upstreams = new TreeMap<>(upstreams);
    this.tls = tls;
    this.clock = clock;
  }

  /** Looks and tells until what is returned is closed. */
  AlertWatch open(MeterRegistry metrics) {
    AlertSettings how = settings.alerts();
    Habits habits = new Habits(journal, settings.hl7().zone());
    return new AlertWatch(
            journal.alerts(),
            List.of(
                new FeedLook(journal, how.feeds(), habits, clock),
                new EngineLook(this::facts, how.engine(), clock)),
            ways(how),
            how.quiet(),
            clock)
        .measuredBy(metrics)
        .start();
  }

  private List<NoticeWay> ways(AlertSettings how) {
    NoticeText text = new NoticeText(how.runBook());
    List<NoticeWay> ways = new ArrayList<>();
    settings.webhook().ifPresent(url -> ways.add(new WebhookWay(url, text)));
    how.mail().ifPresent(account -> ways.add(new MailWay(account, text, clock)));
    return ways;
  }

  private EngineFacts facts() {
    List<EngineFacts.Standstill> standstills = new ArrayList<>();
    upstreams.forEach(
        (tenant, upstream) ->
            upstream
                .cerner()
                .state()
                .pauses()
                .forEach(
                    pause ->
                        standstills.add(
                            new EngineFacts.Standstill(
                                tenant,
                                pause.what(),
                                pause.fault().code().label() + ": " + pause.fault().sentence(),
                                pause.since()))));
    return new EngineFacts(
        tls.map(Tls::expires),
        settings.storage().database().isPresent() ? Optional.empty() : Optional.of(freeBytes()),
        standstills,
        Map.of("journal", journal.lostRecords(), "audit", journal.audit().lost()));
  }

  private long freeBytes() {
    try {
      return Files.getFileStore(settings.storage().data()).getUsableSpace();
    } catch (IOException e) {
      // As good as full: a journal that cannot be reached cannot be written either.
      return 0;
    }
  }
}

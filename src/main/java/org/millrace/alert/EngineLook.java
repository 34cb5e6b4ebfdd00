package org.millrace.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.millrace.journal.Symptom;

/** What is the matter with the engine itself and its way to Cerner. For one thread. */
public final class EngineLook implements Supplier<List<Symptom>> {
  private static final long MEGABYTE = 1024 * 1024;

  private final Supplier<EngineFacts> facts;
  private final AlertSettings.OfEngine limits;
  private final Clock clock;
  private final Map<String, Long> lostBefore = new TreeMap<>();

  public EngineLook(Supplier<EngineFacts> facts, AlertSettings.OfEngine limits, Clock clock) {
    this.facts = facts;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<Symptom> get() {
    EngineFacts now = facts.get();
    List<Symptom> symptoms = new ArrayList<>();
    now.certificateExpires().ifPresent(expires -> certificate(expires, symptoms));
    now.freeBytes().ifPresent(free -> disk(free, symptoms));
    now.standstills().forEach(each -> standstill(each, symptoms));
    now.lost().forEach((what, count) -> lost(what, count, symptoms));
    return symptoms;
  }

  private void certificate(Instant expires, List<Symptom> symptoms) {
    Duration left = Duration.between(clock.instant(), expires);
    if (left.compareTo(Duration.ofDays(limits.certificateDays())) < 0
        && limits.certificateDays() > 0) {
      String sentence =
          left.isNegative()
              ? "our certificate has expired on " + expires
              : "our certificate is valid for less than "
                  + (left.toDays() + 1)
                  + " days, until "
                  + expires;
      symptoms.add(AlertKind.CERTIFICATE.symptom("", sentence));
    }
  }

  private void disk(long free, List<Symptom> symptoms) {
    if (free < limits.diskMegabytes() * MEGABYTE) {
      symptoms.add(
          AlertKind.DISK.symptom(
              "",
              "the disk of the journal has "
                  + free / MEGABYTE
                  + " MB left, less than "
                  + limits.diskMegabytes()));
    }
  }

  private void standstill(EngineFacts.Standstill each, List<Symptom> symptoms) {
    boolean tooLong =
        !each.since().isAfter(clock.instant().minus(limits.cernerPaused()))
            && !limits.cernerPaused().isZero();
    if (tooLong) {
      String subject = each.tenant().isEmpty() ? each.what() : each.tenant() + ": " + each.what();
      symptoms.add(
          AlertKind.CERNER_PAUSED.symptom(
              subject, "not asked of Cerner since " + each.since() + ": " + each.fault()));
    }
  }

  /** Only while it grows: what was lost cannot be found again, and stays on the counter. */
  private void lost(String what, long count, List<Symptom> symptoms) {
    long before = lostBefore.getOrDefault(what, 0L);
    lostBefore.put(what, count);
    if (count > before) {
      symptoms.add(
          AlertKind.RECORDS_LOST.symptom(
              what, "could not be written: " + count + " since the start of this engine"));
    }
  }
}

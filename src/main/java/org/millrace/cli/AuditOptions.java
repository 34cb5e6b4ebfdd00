package org.millrace.cli;

import java.util.Optional;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which entries of the audit trail a command is about; without any of these options, all. */
final class AuditOptions {
  @Option(names = "--who", paramLabel = "NAME", description = "Only of this caller or user.")
  private Optional<String> who = Optional.empty();

  @Option(
      names = "--what",
      paramLabel = "WORD",
      description = "Only of this kind: read, search, create, update, send, view, retry …")
  private Optional<String> what = Optional.empty();

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Only with this outcome: ${COMPLETION-CANDIDATES}.")
  private Optional<AuditEvent.Outcome> outcome = Optional.empty();

  @Option(
      names = "--patient",
      paramLabel = "ID",
      description = "Only about the patient with this FHIR id.")
  private Optional<String> patient = Optional.empty();

  @Mixin private TimeOptions times = new TimeOptions();

  /**
   * @throws PlainException if a time is none
   */
  AuditFilter filter() throws PlainException {
    return new AuditFilter(
        who.orElse(""), what.orElse(""), outcome, patient, times.since(), times.until(), 0);
  }
}

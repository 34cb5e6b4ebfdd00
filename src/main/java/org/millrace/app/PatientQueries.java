package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.millrace.cerner.Reply;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.healtheintent.PatientKey;
import org.millrace.hl7.Replies;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.Mapper;
import org.millrace.query.AllergySource;
import org.millrace.query.PatientQuery;

/** Makes the patient queries of an engine, one for each tenant, warmed up. */
final class PatientQueries {
  private final Settings settings;
  private final JournalDatabase journal;
  private final Mapper mapper;
  private final Replies replies;
  private final Clock clock;

  PatientQueries(
      Settings settings, JournalDatabase journal, Mapper mapper, Replies replies, Clock clock) {
    this.settings = settings;
    this.journal = journal;
    this.mapper = mapper;
    this.replies = replies;
    this.clock = clock;
  }

  /** By tenant; whoever asks for them closes them. */
  Map<String, PatientQuery> of(
      Connections connections,
      Optional<HealtheIntent> intent,
      CoverageMetrics coverage,
      MeterRegistry metrics) {
    Map<String, PatientQuery> queries =
        connections.each(
            (tenant, actions) ->
                new PatientQuery(
                    new PatientQuery.Tenant(
                        tenant, actions, settings.query(connections.account(tenant))),
                    journal.continuations(),
                    mapper.ofTenant(tenant),
                    replies,
                    clock,
                    new UnguessableIds()));
    // The id of a Patient resource is the person id at Millennium, under its tenant only.
    PatientQuery unnamed = Objects.requireNonNull(queries.get(""));
    intent.ifPresent(open -> unnamed.withAllergies(allergies(open)));
    // Nothing is measured yet: it must not count.
    new WarmUp(mapper, settings.delivery().given(), settings.hl7().zone()).run(unnamed::rehearse);
    queries.values().forEach(each -> each.measuredBy(coverage).measuredBy(metrics));
    return queries;
  }

  private static AllergySource allergies(HealtheIntent open) {
    return (patientId, call) ->
        open.allergies(new PatientKey.PersonId(patientId), call)
            .then(
                known ->
                    Reply.done(
                        new AllergySource.Known(
                            known.allergies(), known.withoutSubstance(), known.contradicted())));
  }
}

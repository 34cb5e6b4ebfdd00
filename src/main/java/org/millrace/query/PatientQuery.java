package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.Reply;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.millrace.journal.ContinuationStore;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.Mapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers QRY^A19 with ADR^A19 while the sender waits. Thread-safe; the header (MSH-9, -11, -12)
 * has been checked before.
 *
 * <p>Who is asked for stands in QRD-8: a number of an assigning authority, a Cerner id (authority
 * {@code FHIR}), or a name. A deferred query (QRD-3 {@code D}) is answered at once and MSA-3 says
 * so, unless {@link QuerySettings.Deferred} says that it is refused. Whatever fails at Cerner is AE
 * with ERR 207 and never "not found".
 *
 * <p>Source: HL7 v2.5.1 ch. 3.3.19 (QRY/ADR, event A19), ch. 5 (original mode queries).
 */
public final class PatientQuery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PatientQuery.class);

  /** Requests to Cerner at one time, over all queries. */
  private static final int AT_ONCE = 8;

  /** Patients in memory, where they are remembered at all. */
  private static final int MOST_REMEMBERED = 1000;

  private final CernerActions actions;
  private final QuerySettings settings;
  private final Replies replies;
  private final Supplier<String> ids;
  private final QuestionReader reader;
  private final RecentPatients recent;
  private final PatientFinder finder;
  private final VisitChoice visits;
  private final OpenAnswers openAnswers;
  private final ReplyWriter writer;
  private final Troubles troubles;
  private volatile Optional<AllergySource> allergies = Optional.empty();
  private final Together together = new Together(AT_ONCE);

  /**
   * Whose patients are asked for.
   *
   * @param name of the tenant; empty for the one without a name
   * @param actions what can be asked of it
   * @param settings how queries for its patients are answered
   */
  public record Tenant(String name, CernerActions actions, QuerySettings settings) {}

  /**
   * @param continuations where the rest of a long answer waits
   * @param clock when continuation pointers expire
   * @param ids gives a new text each time, not to be guessed, of at most 180 characters:
   *     continuation pointers (DSC-1) and ids for support (ERR-7)
   */
  public PatientQuery(
      Tenant tenant,
      ContinuationStore continuations,
      Mapper mapper,
      Replies replies,
      Clock clock,
      Supplier<String> ids) {
    this.actions = tenant.actions();
    this.settings = tenant.settings();
    this.replies = replies;
    this.ids = ids;
    this.troubles = new Troubles(ids);
    this.reader =
        new QuestionReader(
            new WhoReader(mapper.mappings().namespaces(), settings.mrnSystem()),
            settings.limits().atOnce());
    this.recent = new RecentPatients(clock, settings.remember(), MOST_REMEMBERED);
    this.finder = new PatientFinder(actions, troubles, settings.limits().matches(), recent);
    this.visits = new VisitChoice(settings.visit(), settings.zone());
    this.openAnswers = new OpenAnswers(continuations, tenant.name(), settings, clock, ids);
    this.writer = new ReplyWriter(mapper, replies, settings.zone(), settings.mrnSystem());
  }

  /**
   * Reads an invented query and writes the answer to it, which nobody gets: the first real one need
   * not wait for what that loads and compiles. Cerner is not asked, and nothing is counted as long
   * as it is not {@link #measuredBy measured}.
   *
   * @return the reply: an ADR^A19
   */
  public byte[] rehearse() {
    V2Message query = Rehearsal.query();
    Finding<Question> question = reader.read(query);
    return question instanceof Finding.Refused<Question> refused
        ? writer.refuse(query, refused.fault())
        : writer.answer(query, Rehearsal.page());
  }

  /** What replies leave out is counted here from now on. */
  public PatientQuery measuredBy(CoverageMetrics coverage) {
    writer.measuredBy(coverage);
    return this;
  }

  /** How patients were had is counted here from now on. */
  public PatientQuery measuredBy(MeterRegistry registry) {
    recent.measuredBy(registry);
    return this;
  }

  /** Answers that want allergies have them from here. */
  public PatientQuery withAllergies(AllergySource source) {
    allergies = Optional.of(source);
    return this;
  }

  /**
   * The reply to a query: always an ADR^A19, in the charset and with the delimiters of the query,
   * within {@link QuerySettings#answerWithin}.
   */
  public byte[] answer(V2Message query) {
    return answer(query, exchange -> {});
  }

  /**
   * The same, with the allergies of each patient in AL1 where a source of them is there; where they
   * cannot be read, a warning (ERR-4 {@code W}, MSA-3) says so.
   */
  public byte[] answerWithAllergies(V2Message query) {
    return answer(query, exchange -> {}, allergies);
  }

  /**
   * The same as without allergies, watched.
   *
   * @param observer is told of each HTTP exchange with Cerner, one at a time, on whichever thread
   *     made it
   */
  public byte[] answer(V2Message query, Call.Observer observer) {
    return answer(query, observer, Optional.empty());
  }

  private byte[] answer(
      V2Message query, Call.Observer observer, Optional<AllergySource> allergySource) {
    try {
      QuerySettings own = settings.as(replies.sender(query.header()).asking());
      Call call = new Call(Deadline.in(own.answerWithin()), oneAtATime(observer));
      AllergyReading reading = new AllergyReading(allergySource, troubles);
      Asking asking = new Asking(own, call, reading, new ArrayList<>());
      Finding<Page> page = reader.read(query).then(question -> ask(question, asking));
      return page instanceof Finding.Found<Page> found
          ? writer.answer(query, found.value())
          : writer.refuse(query, ((Finding.Refused<Page>) page).fault());
    } catch (RuntimeException e) {
      return writer.refuse(query, bug(e));
    }
  }

  /** Ends what is being asked; no query is answered after that. */
  @Override
  public void close() {
    together.close();
  }

  private static Call.Observer oneAtATime(Call.Observer observer) {
    Object turn = new Object();
    return exchange -> {
      synchronized (turn) {
        observer.exchanged(exchange);
      }
    };
  }

  /**
   * What goes with each step towards one answer.
   *
   * @param settings as the sender wants them
   * @param remarks takes sentences for people
   */
  private record Asking(
      QuerySettings settings, Call call, AllergyReading allergies, List<String> remarks) {}

  private Finding<Page> ask(Question question, Asking asking) {
    if (question.deferred() && asking.settings().deferred() == QuerySettings.Deferred.REFUSE) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("QRD", 1, 3),
              ErrorCode.TABLE_VALUE_NOT_FOUND,
              "Queries are answered at once or not at all here; ask with QRD-3 I"));
    }
    if (question.deferred()) {
      asking.remarks().add("Deferred query answered at once");
    }
    if (question.pointer().isPresent()) {
      return goOn(question, question.pointer().get(), asking);
    }
    return finder
        .find(question.asked(), asking.call(), asking.remarks())
        .then(matches -> firstPage(question, matches, asking));
  }

  private Finding<Page> firstPage(Question question, List<Match> matches, Asking asking) {
    boolean tooMany = matches.size() > question.limit();
    if (tooMany && asking.settings().tooMany() == QuerySettings.TooMany.REFUSE) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("QRD", 1, 7),
              ErrorCode.INTERNAL,
              matches.size()
                  + " patients match and the query allows "
                  + question.limit()
                  + "; none is shown. Narrow the query"));
    }
    List<Match> shown = matches.subList(0, Math.min(question.limit(), matches.size()));
    List<OpenAnswers.Waiting> waiting =
        matches.stream()
            .skip(shown.size())
            .map(match -> new OpenAnswers.Waiting(match.id(), match.oldNumbers()))
            .toList();
    return show(question, shown, waiting, matches.size(), asking);
  }

  /** The next page of an answer that was too long; its patients are read again, not remembered. */
  private Finding<Page> goOn(Question question, String pointer, Asking asking) {
    Optional<OpenAnswers.Rest> rest = openAnswers.rest(pointer, question.sameness());
    if (rest.isEmpty()) {
      return Finding.refused(
          V2Fault.at(
              V2Location.field("DSC", 1, 1),
              ErrorCode.UNKNOWN_KEY,
              "This continuation pointer is unknown, has expired, or belongs to another query;"
                  + " ask again without DSC"));
    }
    List<OpenAnswers.Waiting> waiting = rest.get().waiting();
    int size = Math.min(question.limit(), waiting.size());
    return together
        .each(
            waiting.subList(0, size),
            asking.call().deadline(),
            one -> finder.reread(one, asking.call()))
        .then(
            matches ->
                show(
                    question,
                    matches,
                    waiting.subList(size, waiting.size()),
                    rest.get().total(),
                    asking));
  }

  private Finding<Page> show(
      Question question,
      List<Match> matches,
      List<OpenAnswers.Waiting> waiting,
      int total,
      Asking asking) {
    return together
        .each(
            matches,
            asking.call().deadline(),
            match ->
                withVisits(match, asking.call())
                    .then(one -> Finding.found(asking.allergies().add(one, asking.call()))))
        .then(shown -> page(question, shown, waiting, total, asking));
  }

  /** The page, with a pointer to the rest if that is on disk: without it the rest would be lost. */
  private Finding<Page> page(
      Question question,
      List<Page.Shown> shown,
      List<OpenAnswers.Waiting> waiting,
      int total,
      Asking asking) {
    Optional<String> pointer = Optional.empty();
    if (!waiting.isEmpty()) {
      pointer =
          openAnswers.keep(
              new OpenAnswers.Rest(question.sameness(), List.copyOf(waiting), total),
              asking.call().deadline());
      if (pointer.isEmpty()) {
        return Finding.refused(
            V2Fault.of(
                ErrorCode.INTERNAL,
                "The answer has more than one page and the rest of it could not be kept; ask"
                    + " again"));
      }
    }
    asking.remarks().addAll(AllergyReading.remarks(shown));
    return Finding.found(
        new Page(
            shown,
            total,
            waiting.size(),
            pointer,
            asking.remarks(),
            asking.allergies().warnings(shown)));
  }

  /**
   * A patient with the chosen visits. Encounters that cannot be read are a fault: "no visit" would
   * be a statement about the patient that nobody made.
   */
  private Finding<Page.Shown> withVisits(Match match, Call call) {
    if (!visits.wantsEncounters()) {
      return Finding.found(new Page.Shown(match, List.of()));
    }
    Reply<List<ObjectNode>> encounters = actions.getPatientEncounters(match.id(), call);
    if (encounters instanceof Reply.Done<List<ObjectNode>> done) {
      return Finding.found(new Page.Shown(match, visits.choose(done.value())));
    }
    return Finding.refused(
        troubles.told(
            "read the encounters", ((Reply.Failed<List<ObjectNode>>) encounters).fault()));
  }

  /**
   * A defect of ours still gets its reply. The exception's text is left out of the log: it may
   * quote what was being mapped.
   */
  private V2Fault bug(RuntimeException e) {
    String id = ids.get();
    LOG.error(
        "A query could not be answered: {} at {}, diagnostic {}",
        e.getClass().getName(),
        Arrays.stream(e.getStackTrace()).limit(5).toList(),
        id);
    return V2Fault.of(ErrorCode.INTERNAL, "The query could not be answered by a fault of ours")
        .withDiagnostic(id);
  }
}

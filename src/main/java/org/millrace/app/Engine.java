package org.millrace.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.millrace.cerner.CernerSettings;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Reply;
import org.millrace.console.ConsolePlace;
import org.millrace.console.ConsoleRules;
import org.millrace.console.ConsoleServer;
import org.millrace.console.ConsoleSources;
import org.millrace.delivery.Delivery;
import org.millrace.delivery.MessageMapping;
import org.millrace.guard.DenialCounts;
import org.millrace.guard.Gate;
import org.millrace.guard.GateSettings;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.healtheintent.PatientKey;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.Replies;
import org.millrace.intake.Intake;
import org.millrace.journal.AuditHead;
import org.millrace.journal.AuditStore;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsOut;
import org.millrace.query.AllergySource;
import org.millrace.query.PatientQuery;
import org.millrace.rest.HttpFaces;
import org.millrace.rest.HttpNeeds;
import org.millrace.routing.Dispatcher;
import org.millrace.routing.FeedTable;
import org.millrace.routing.HeaderCheck;
import org.millrace.routing.RouteFiles;
import org.millrace.routing.SenderProfiles;
import org.millrace.routing.Steps;
import org.millrace.trace.Traces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running engine: the parts, wired. Several can run in one JVM; starting and stopping is for one
 * thread.
 *
 * <p>Order of start: mappings, journal, Cerner client, routes and listeners, delivery, management.
 * Stopping goes the other way round, so that nothing is taken that could not be stored.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration STORE_WITHIN = Duration.ofSeconds(10);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Settings settings;
  private final Clock clock;
  private final PrometheusMeterRegistry metrics = MetricsPage.registry();
  private final List<SignIn> signIns = new ArrayList<>();
  private int mllpPort;
  private int httpPort;
  private int managementPort;
  private OptionalInt consolePort = OptionalInt.empty();

  private Engine(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Starts an engine.
   *
   * @throws StartException if a port is taken, the journal cannot be opened or a route file is
   *     wrong
   * @throws RuleFaultsException if the mapping files are wrong
   */
  public static Engine start(Settings settings, Clock clock)
      throws StartException, RuleFaultsException {
    Engine engine = new Engine(settings, clock);
    try {
      engine.open();
      return engine;
    } catch (StartException | RuleFaultsException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void open() throws StartException, RuleFaultsException {
    Listeners listeners = settings.listeners();
    Ports.check("MILLRACE_MLLP_PORT", listeners.bind(), listeners.mllpPort());
    Ports.check("MILLRACE_HTTP_PORT", listeners.bind(), listeners.httpPort());
    Ports.check("MILLRACE_MANAGEMENT_PORT", listeners.bind(), listeners.managementPort());
    if (listeners.consolePort().isPresent()) {
      Ports.check(
          "MILLRACE_CONSOLE_PORT", listeners.consoleBind(), listeners.consolePort().getAsInt());
    }
    if (listeners.allowOpen()) {
      LOG.warn("MILLRACE_ALLOW_OPEN is true: whoever reaches {} can read charts", listeners.bind());
    } else if (listeners.tlsInFront()) {
      LOG.warn(
          "MILLRACE_TLS_IN_FRONT is true: HTTP on {} is plain text, and a proxy must end TLS before it",
          listeners.bind());
    }
    checkTenants();
    measureJvm();
    Mapper mapper = new Mapper(Mappings.load(folder("mappings"))).forTarget(settings.target());
    CoverageMetrics coverage = new CoverageMetrics(metrics);
    JournalDatabase journal = journal();
    Traces traces = opened(settings.traces().open(clock));
    Connections connections = opened(Connections.open(settings, clock, metrics));
    Optional<HealtheIntent> intent =
        settings
            .healtheIntent()
            .map(set -> opened(new HealtheIntent(set, clock).measuredBy(metrics)));
    Replies replies =
        new Replies(clock, settings.hl7().zone(), new ControlIds(clock))
            .forSenders(mapper.mappings()::sender);
    FeedTable feeds = new FeedTable();
    Dispatcher dispatcher =
        new Dispatcher(
            feeds,
            new HeaderCheck(settings.hl7().production()),
            replies,
            new SenderProfiles(mapper.mappings()::sender, Optional.of(metrics)),
            new PreScan(settings.hl7().limits()));
    Optional<Tls> tls = tls(listeners);
    // Its threads run from here on: a start that fails before the routes are up must end them.
    Intake intake =
        opened(
            new Intake(journal, replies, clock, STORE_WITHIN, Optional.of(metrics))
                .checkedBy(new StrictContent(MessageMapping.of(mapper), settings.delivery()))
                .sendingBy(new MllpReplyLine(tlsOut(tls)))
                .tracedBy(traces));
    dispatcher.openedBy(intake.sequences()::opening);
    Steps steps =
        new Steps(
                patientQueries(connections, intent, journal, mapper, replies, coverage),
                intake,
                journal,
                replies,
                clock)
            .measuredBy(metrics)
            .tracedBy(traces);
    checkAccounts(journal);
    beginTrail(journal);
    Gate gate = gate(journal);
    // Stopped after the routes are, since they have denials to count until then.
    opened(new DenialCounts(gate));
    Routes routes = opened(new Routes(settings, tls, metrics));
    Map<String, HttpFaces> faces =
        connections.each(
            (tenant, actions) -> {
              CernerSettings account = connections.account(tenant);
              return new HttpFaces(
                      new HttpFaces.Tenant(
                          tenant,
                          account.tenantId(),
                          actions,
                          settings.rest(account),
                          // Its records are of the tenant without a name.
                          tenant.isEmpty() ? intent : Optional.<HealtheIntent>empty()),
                      mapper.forSite(supplied(account)),
                      routes.toReply(dispatcher, gate),
                      journal,
                      gate.ofTenant(account.tenantId()),
                      clock)
                  .measuredBy(metrics, connections.tags(tenant))
                  .tracedBy(traces);
            });
    WireRecord wire = new WireRecord(journal.wire()::record, metrics, clock);
    FrameMllpComponent mllp = listeners.mllp(replies, wire);
    routes.start(feeds, dispatcher, steps, faces, mllp);
    checkAllergies(feeds.feeds(), intent.isPresent());
    // Once more, to be stopped before the routes are: whoever waits for an outcome must be answered
    // by then.
    opened(intake);
    mllpPort = routes.mllpPort();
    httpPort = routes.httpPort();
    Delivery delivery =
        opened(
            new Delivery(
                    journal,
                    connections.charts(),
                    MessageMapping.of(mapper),
                    settings.delivery(),
                    routes.stoppedListener(),
                    clock)
                .measuredBy(metrics, coverage)
                .tracedBy(traces));
    delivery.start();
    journal.keepFor(settings.storage().retention(), feeds.feeds());
    Map<String, Health.Upstream> upstreams = upstreams(connections, HttpNeeds.all(mapper));
    opened(new EngineAlerts(settings, journal, upstreams, tls, clock).open(metrics));
    manage(new Health(journal, upstreams), gate, tls);
    if (listeners.consolePort().isPresent()) {
      ConsoleStatus status =
          new ConsoleStatus(upstreams, tls, mllp, steps.inWork(), settings, clock);
      openConsole(
          listeners.console(listeners.consolePort().getAsInt(), tls),
          new ConsoleSources(
              journal,
              status,
              new ConsoleRules(
                  mapper, settings.delivery().given(), folder("mappings"), settings.hl7().limits()),
              settings.hl7().zone(),
              clock,
              settings.provider()));
    }
    LOG.info(
        "open on {}: MLLP {}, HTTP {}, management {}; console {} on {}; times without offset are in"
            + " zone {}",
        listeners.bind(),
        mllpPort,
        httpPort,
        managementPort,
        consolePort.isPresent() ? consolePort.getAsInt() : "none",
        listeners.consoleBind(),
        settings.hl7().zone());
  }

  /** What creates of patients are given where their caller leaves it out. */
  private static Map<String, String> supplied(CernerSettings account) {
    return account
        .organizationId()
        .map(id -> Map.of("organization", "Organization/" + id))
        .orElse(Map.of());
  }

  private Map<String, PatientQuery> patientQueries(
      Connections connections,
      Optional<HealtheIntent> intent,
      JournalDatabase journal,
      Mapper mapper,
      Replies replies,
      CoverageMetrics coverage) {
    Map<String, PatientQuery> queries =
        connections.each(
            (tenant, actions) ->
                opened(
                    new PatientQuery(
                            new PatientQuery.Tenant(
                                tenant, actions, settings.query(connections.account(tenant))),
                            journal.continuations(),
                            mapper,
                            replies,
                            clock,
                            new UnguessableIds())
                        .measuredBy(coverage)
                        .measuredBy(metrics)));
    // The id of a Patient resource is the person id at Millennium, under its tenant only.
    PatientQuery unnamed = Objects.requireNonNull(queries.get(""));
    intent.ifPresent(
        open ->
            unnamed.withAllergies(
                (patientId, call) ->
                    open.allergies(new PatientKey.PersonId(patientId), call)
                        .then(
                            known ->
                                Reply.done(
                                    new AllergySource.Known(
                                        known.allergies(),
                                        known.withoutSubstance(),
                                        known.contradicted())))));
    return queries;
  }

  /** A query feed that wants what is not there would warn in each of its answers. */
  private static void checkAllergies(Set<Feed> feeds, boolean setUp) throws StartException {
    for (Feed feed : feeds) {
      boolean wanted =
          feed.settings().answering().allergies() == FeedSettings.Allergies.HEALTHEINTENT;
      boolean ofNamed = !feed.settings().tenancy().tenant().isEmpty();
      if (wanted && (ofNamed || !setUp)) {
        throw new StartException(
            "feed "
                + feed.name()
                + ": allergies is healtheintent, but "
                + (ofNamed
                    ? "HealtheIntent is asked for patients of the tenant without a name only"
                    : "MILLRACE_HEALTHEINTENT_URL is not set"));
      }
    }
  }

  private Optional<Tls> tls(Listeners listeners) throws StartException {
    try {
      Optional<Tls> tls = listeners.tls().map(files -> opened(Tls.open(files)));
      tls.ifPresent(
          open ->
              TimeGauge.builder(
                      "millrace.tls.certificate.left",
                      () -> Duration.between(clock.instant(), open.expires()).toSeconds(),
                      TimeUnit.SECONDS)
                  .description("How long our own certificates are valid")
                  .register(metrics));
      return tls;
    } catch (IllegalArgumentException faulty) {
      throw new StartException("MILLRACE_TLS_CERTIFICATE: " + faulty.getMessage(), faulty);
    }
  }

  private TlsOut tlsOut(Optional<Tls> tls) throws StartException {
    try {
      return TlsOut.as(tls, settings.hl7().serverAuthorities());
    } catch (IllegalArgumentException faulty) {
      throw new StartException(Settings.SERVER_AUTHORITIES + ": " + faulty.getMessage(), faulty);
    }
  }

  /** Before anything is taken in: messages of a tenant that nobody knows could only be held. */
  private void checkTenants() throws StartException {
    try {
      List<String> faults =
          FeedTenants.faults(RouteFiles.feeds(folder("routes")), settings.tenants().keySet());
      if (!faults.isEmpty()) {
        throw new StartException("routes: " + String.join("; ", faults));
      }
    } catch (IOException e) {
      throw new StartException("routes: the route files cannot be read", e);
    }
  }

  private Path folder(String name) throws StartException {
    Path folder = settings.home().resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new StartException("there is no folder " + folder + "; it belongs beside the launcher");
    }
    return folder;
  }

  private JournalDatabase journal() throws StartException {
    Settings.Storage storage = settings.storage();
    try {
      JournalDatabase journal =
          opened(JournalDatabase.open(storage.place(), storage.keys(), clock));
      journal.intake().rememberControlIds(settings.hl7().controlIdWindow());
      journal.calls().keepBodies(storage.callBytes());
      journal.createRequests().keepFor(storage.idempotency());
      if (journal.keyStates().isEmpty()) {
        LOG.warn(
            "the journal at {} is not encrypted: MILLRACE_JOURNAL_KEY gives no key",
            storage.place());
      }
      return journal;
    } catch (JournalException e) {
      String setting = storage.database().isPresent() ? "MILLRACE_DATABASE_URL" : "MILLRACE_DATA";
      throw new StartException(setting + ": " + e.getMessage(), e);
    }
  }

  private void measureJvm() {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    opened(new JvmGcMetrics()).bindTo(metrics);
  }

  /** The end of the trail stands in the log, so that it is kept elsewhere, too. */
  private void beginTrail(JournalDatabase journal) throws StartException {
    FunctionCounter.builder("millrace.audit.lost", journal.audit(), AuditStore::lost)
        .description("Entries of the audit trail that could not be written")
        .register(metrics);
    try {
      String user = System.getProperty("user.name", "unknown");
      AuditHead begun =
          journal.audit().started(user).get(STORE_WITHIN.toSeconds(), TimeUnit.SECONDS);
      LOG.info("the audit trail goes on from {}", begun);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StartException("stopped while it started", stopped);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartException("the journal cannot be written", e);
    }
  }

  private Map<String, Health.Upstream> upstreams(
      Connections connections, Map<String, Set<Permission>> http) throws StartException {
    Path routes = folder("routes");
    try {
      List<Feed> feeds = RouteFiles.feeds(routes);
      Set<String> faces = RouteFiles.faces(routes);
      return connections.each(
          (tenant, actions) -> {
            SignIn signIn = new SignIn(actions, new ScopeNeeds(feeds, faces, tenant, http), tenant);
            signIns.add(signIn);
            return new Health.Upstream(actions, signIn);
          });
    } catch (IOException e) {
      throw new StartException("routes: the route files cannot be read", e);
    }
  }

  private Gate gate(JournalDatabase journal) {
    boolean always = settings.listeners().guarded();
    GateSettings how =
        new GateSettings(
            always,
            settings.cerner().tenantId(),
            settings.callers().tokens(),
            settings.callers().limits());
    Gate gate = new Gate(journal, how, clock);
    if (!gate.asks()) {
      LOG.info("HTTP callers are not asked who they are: no caller was ever given a key");
    } else if (how.tokens().isEmpty() && !journal.callers().any()) {
      LOG.warn("HTTP lets nobody in yet: './millrace callers new' gives a caller a key");
    }
    return gate;
  }

  private void manage(Health health, Gate gate, Optional<Tls> tls) throws StartException {
    Listeners listeners = settings.listeners();
    Optional<SSLContext> context =
        tls.filter(any -> listeners.tlsFor().contains("management")).map(Tls::context);
    ManagementGuard guard =
        listeners.guarded()
            ? new ManagementGuard(Optional.of(gate), listeners.managementTakesKeys())
            : ManagementGuard.OPEN;
    try {
      ManagementServer server =
          opened(
              new ManagementServer(
                  new InetSocketAddress(listeners.bind(), listeners.managementPort()),
                  context,
                  guard,
                  health,
                  metrics));
      managementPort = server.port();
    } catch (IOException e) {
      throw new StartException(
          "MILLRACE_MANAGEMENT_PORT: cannot listen on port " + listeners.managementPort(), e);
    }
  }

  /** Nobody is to reach the console from elsewhere who need not log in. */
  private void checkAccounts(JournalDatabase journal) throws StartException {
    if (settings.listeners().consoleIsOpen()
        && settings.provider().isEmpty()
        && !journal.accounts().any()) {
      throw new StartException(
          "MILLRACE_CONSOLE_BIND: is not a loopback address, and nobody has an account: make one"
              + " first, with './millrace users new NAME --role admin'");
    }
  }

  private void openConsole(ConsolePlace place, ConsoleSources sources) throws StartException {
    try {
      consolePort = OptionalInt.of(opened(new ConsoleServer(place, sources)).port());
    } catch (IOException e) {
      throw new StartException("MILLRACE_CONSOLE_PORT: cannot listen on port " + place.port(), e);
    }
    LOG.info(
        "the console is open on {}, port {}: {}",
        place.bind(),
        consolePort.getAsInt(),
        sources.provider().isPresent() || sources.journal().accounts().any()
            ? "people log in"
            : "without log-in, for whoever is on this machine, until './millrace users new' makes"
                + " an account");
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Fetches the first token in the background, and has the log say which scopes are missing for
   * what; without it that is told when the first call needs one.
   */
  public void signIn() {
    signIns.forEach(SignIn::begin);
  }

  public int mllpPort() {
    return mllpPort;
  }

  public int httpPort() {
    return httpPort;
  }

  public int managementPort() {
    return managementPort;
  }

  /** Where the console is; empty if there is none. */
  public OptionalInt consolePort() {
    return consolePort;
  }

  /**
   * Stops taking, finishes or parks what is under way within ten seconds, and closes the journal
   * last.
   */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error(
            "{} did not stop cleanly: {}", part.getClass().getSimpleName(), e.getClass().getName());
      }
    }
  }
}

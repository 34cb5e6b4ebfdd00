package org.millrace.app;

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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.millrace.cerner.CernerSettings;
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
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.PreScan;
import org.millrace.hl7.Replies;
import org.millrace.intake.Intake;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.Tls;
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
    StartChecks.ports(listeners);
    StartChecks.tenants(folder("routes"), folder("mappings"), settings.tenants().keySet());
    measureJvm();
    Mappings mappings = Mappings.load(folder("mappings"));
    StartChecks.senders(folder("routes"), mappings);
    Mapper mapper = new Mapper(mappings).forTarget(settings.target());
    CoverageMetrics coverage = new CoverageMetrics(metrics);
    JournalDatabase journal = opened(OwnJournal.open(settings, clock));
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
    Optional<Tls> tls = OwnTls.open(listeners, metrics, clock);
    tls.ifPresent(this::opened);
    // Its threads run from here on: a start that fails before the routes are up must end them.
    Intake intake =
        opened(
            new Intake(journal, replies, clock, STORE_WITHIN, Optional.of(metrics))
                .checkedBy(new StrictContent(MessageMapping.of(mapper), settings.delivery()))
                .sendingBy(new MllpReplyLine(OwnTls.out(tls, settings.hl7().serverAuthorities())))
                .tracedBy(traces));
    dispatcher.openedBy(intake.sequences()::opening);
    Map<String, PatientQuery> queries =
        new PatientQueries(settings, journal, mapper, replies, clock)
            .of(connections, intent, coverage, metrics);
    queries.values().forEach(this::opened);
    Steps steps =
        new Steps(queries, intake, journal, replies, clock).measuredBy(metrics).tracedBy(traces);
    checkAccounts(journal);
    OwnJournal.beginTrail(journal, STORE_WITHIN, metrics);
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
                      mapper.ofTenant(tenant).forSite(supplied(account)),
                      routes.toReply(dispatcher, gate),
                      journal,
                      gate.ofTenant(account.tenantId()),
                      clock)
                  .measuredBy(metrics, connections.tags(tenant))
                  .tracedBy(traces);
            });
    WireRecord wire = new WireRecord(journal.wire()::record, metrics, clock);
    FrameMllpComponent mllp =
        listeners.mllp(replies, wire).blocking(opened(new PeerBlocks(journal.peerBlocks())));
    routes.start(feeds, dispatcher, steps, faces, mllp);
    StartChecks.allergies(feeds.feeds(), intent.isPresent());
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
    Map<String, Health.Upstream> upstreams = upstreams(connections, mapper);
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
                  mapper,
                  settings.delivery().given(),
                  folder("mappings"),
                  settings.hl7().limits(),
                  new OpenFeeds(feeds)),
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

  private Path folder(String name) throws StartException {
    Path folder = settings.home().resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new StartException("there is no folder " + folder + "; it belongs beside the launcher");
    }
    return folder;
  }

  private void measureJvm() {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    opened(new JvmGcMetrics()).bindTo(metrics);
  }

  private Map<String, Health.Upstream> upstreams(Connections connections, Mapper mapper)
      throws StartException {
    Path routes = folder("routes");
    try {
      List<Feed> feeds = RouteFiles.feeds(routes);
      Set<String> faces = RouteFiles.faces(routes);
      return connections.each(
          (tenant, actions) -> {
            ScopeNeeds needs =
                new ScopeNeeds(feeds, faces, tenant, HttpNeeds.all(mapper.ofTenant(tenant)));
            SignIn signIn = new SignIn(actions, needs, tenant);
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

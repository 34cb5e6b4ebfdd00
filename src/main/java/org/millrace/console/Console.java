package org.millrace.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.millrace.guard.ProviderLogIn;
import org.millrace.guard.Right;
import org.millrace.journal.OperatorVerb;

/**
 * Which page answers which path, and who may ask for it: every way into the console is a row of one
 * table, and what is no row is not there. Thread-safe.
 */
final class Console implements AutoCloseable {
  private static final Duration TRIAL = Duration.ofSeconds(15);

  /** The verbs that a message's page has, by their last word of the address. */
  private static final List<OperatorVerb> VERBS =
      List.of(
          OperatorVerb.RETRY,
          OperatorVerb.DISCARD,
          OperatorVerb.SETTLE,
          OperatorVerb.EDIT,
          OperatorVerb.RESEND);

  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final Attempts attempts = new Attempts(TRIAL);
  private final Layout layout;
  private final Entrance entrance;
  private final LogInPage logIn;

  Console(ConsoleSources sources, Layout layout, Sessions sessions, Entrance entrance) {
    this.layout = layout;
    this.entrance = entrance;
    logIn = new LogInPage(layout, entrance);
    entrance
        .provider()
        .map(provider -> new ProviderPage(provider, entrance, logIn))
        .ifPresent(this::addProvider);
    Tellings tellings = new Tellings();
    Reveals reveals = new Reveals(sources.journal(), sources.clock());
    RulesOnDisk disk = new RulesOnDisk(sources.rules());
    Searches searches = new Searches(sessions, sources.clock());
    add(Route.open("GET", "/log-in", logIn::show));
    add(Route.open("POST", "/log-in", logIn::logIn));
    add(Route.open("POST", "/log-out", logIn::logOut));
    add(Route.get("/live", Right.LOOK, Console::tooManyFollow));
    AccountPage account = new AccountPage(layout, entrance, tellings);
    add(Route.get(AccountPage.PATH, Right.LOOK, account::show));
    add(Route.post(AccountPage.PATH + "/password", Right.LOOK, account::change));
    addOverview(new OverviewPage(sources, layout, tellings));
    addMessages(
        new MessagesPage(sources, layout, searches, tellings),
        new MessagePage(sources, layout, reveals, tellings));
    addViews(new ViewsPage(sources, tellings));
    addMany(new ManyPage(sources, layout, new SentForms(sessions)));
    AlertsPage alerts = new AlertsPage(sources, layout, tellings);
    add(Route.get("/alerts", Right.LOOK, alerts::show));
    add(Route.post("/alerts/snooze", Right.OPERATE, request -> alerts.snooze(request, true)));
    add(Route.post("/alerts/wake", Right.OPERATE, request -> alerts.snooze(request, false)));
    add(Route.get("/queries", Right.LOOK, new QueriesPage(sources, layout)::show));
    addConnections(
        new ConnectionsPage(sources, layout, tellings),
        new ConnectionVerbs(sources),
        new CapturePage(sources, layout, reveals));
    addReplay(new ReplayPage(sources, layout, reveals, searches, disk, attempts));
    addWorkbench(new WorkbenchPage(sources, layout, reveals, disk, attempts));
    addCodes(new CodesPage(sources, layout, reveals));
    add(Route.get("/audit", Right.AUDIT, new AuditPage(sources, layout)::show));
    HealthPage health = new HealthPage(sources, layout);
    add(Route.get("/health", Right.LOOK, health::show));
    add(Route.post("/health/run", Right.OPERATE, health::run));
  }

  private void addProvider(ProviderPage provider) {
    add(Route.open("GET", ProviderPage.PATH, provider::begin));
    add(Route.open("GET", ProviderLogIn.BACK, provider::back));
  }

  private void addOverview(OverviewPage overview) {
    add(Route.get("/", Right.LOOK, overview::show));
    add(Route.post("/feeds/pause", Right.OPERATE, request -> overview.pause(request, true)));
    add(Route.post("/feeds/resume", Right.OPERATE, request -> overview.pause(request, false)));
  }

  private void addMessages(MessagesPage messages, MessagePage message) {
    add(Route.get("/messages", Right.LOOK, messages::show));
    add(Route.post("/messages/search", Right.LOOK, messages::search));
    add(Route.ofMessage("GET", "", Right.LOOK, message::show));
    add(Route.ofMessage("GET", "?tab=fhir", Right.ANALYSE, message::show));
    add(Route.ofMessage("POST", "/show", Right.SHOW, message::reveal));
    add(Route.ofMessage("POST", "/cover", Right.LOOK, message::cover));
    add(Route.ofMessage("GET", "/picture", Right.SHOW, message.files()::picture));
    add(Route.ofMessage("POST", "/download", Right.SHOW, message.files()::download));
    for (OperatorVerb verb : VERBS) {
      add(
          Route.ofMessage(
              "POST",
              "/" + verb.word(),
              Right.OPERATE,
              (request, number) -> message.verb(request, number, verb)));
    }
    add(
        Route.ofMessage(
            "POST",
            "/pause-lane",
            Right.OPERATE,
            (request, number) -> message.lane(request, number, true)));
    add(
        Route.ofMessage(
            "POST",
            "/resume-lane",
            Right.OPERATE,
            (request, number) -> message.lane(request, number, false)));
  }

  private void addConnections(
      ConnectionsPage connections, ConnectionVerbs verbs, CapturePage capture) {
    add(Route.get("/connections", Right.LOOK, connections::show));
    Map<String, ConnectionsPage.Verb> each =
        Map.of(
            "drop", verbs::drop,
            "block", verbs::block,
            "unblock", verbs::unblock,
            "capture", verbs::capture,
            "forget", verbs::forget);
    each.forEach(
        (word, verb) ->
            add(
                Route.post(
                    "/connections/" + word,
                    Right.OPERATE,
                    request -> connections.done(request, verb))));
    add(Route.get(CapturePage.PATH, Right.LOOK, capture::show));
    add(Route.post(CapturePage.PATH + "/show", Right.SHOW, capture::reveal));
    add(Route.post(CapturePage.PATH + "/cover", Right.LOOK, capture::cover));
  }

  /** Whose views are everybody's, whoever may decide what becomes of messages. */
  private void addViews(ViewsPage views) {
    for (ViewsPage.Whose whose : ViewsPage.Whose.values()) {
      String path = whose.path();
      add(Route.post(path + "/keep", whose.right(), request -> views.keep(request, whose)));
      add(Route.post(path + "/rename", whose.right(), request -> views.rename(request, whose)));
      add(Route.post(path + "/remove", whose.right(), request -> views.remove(request, whose)));
    }
  }

  private void addMany(ManyPage many) {
    add(Route.get("/messages/many", Right.OPERATE, many::confirm));
    add(Route.post("/messages/many", Right.OPERATE, many::ask));
    add(Route.get("/messages/asked", Right.LOOK, many::asked));
  }

  private void addReplay(ReplayPage replay) {
    add(Route.get("/replay", Right.ANALYSE, replay::show));
    add(Route.post("/replay", Right.ANALYSE, replay::show));
    add(Route.post("/replay/show", Right.ANALYSE, replay::reveal).and(Right.SHOW));
    add(Route.post("/replay/cover", Right.ANALYSE, replay::cover));
    add(Route.post("/replay/case", Right.ANALYSE, replay::saved).and(Right.SHOW));
  }

  private void addWorkbench(WorkbenchPage workbench) {
    add(Route.get("/workbench", Right.ANALYSE, workbench::show));
    add(Route.post("/workbench", Right.ANALYSE, workbench::attempt));
    add(Route.post("/workbench/show", Right.ANALYSE, workbench::reveal).and(Right.SHOW));
    add(Route.post("/workbench/cover", Right.ANALYSE, workbench::cover));
    add(Route.post("/workbench/patch", Right.ANALYSE, workbench::patch));
  }

  private void addCodes(CodesPage codes) {
    add(Route.get("/codes", Right.ANALYSE, codes::show));
    add(Route.post("/codes/show", Right.ANALYSE, codes::reveal).and(Right.SHOW));
    add(Route.post("/codes/cover", Right.ANALYSE, codes::cover));
  }

  private void add(Route route) {
    if (routes.put(route.key(), route) != null) {
      throw new IllegalStateException("two pages answer " + route);
    }
  }

  /** Every way into the console, files of the program aside. */
  List<Route> routes() {
    return List.copyOf(routes.values());
  }

  /** Whether somebody may be told that something has moved. */
  boolean mayFollow(Person person) {
    return allows(Objects.requireNonNull(routes.get("GET /live")), person);
  }

  Answer answer(Request request) throws InterruptedException {
    Optional<Route> found = route(request);
    if (found.isEmpty()) {
      return layout.notice(
          request,
          404,
          "There is no such page",
          "The address may be of another version, or mistyped.");
    }
    Route route = found.get();
    if (allows(route, request.person())) {
      return route.handler().answer(request, Route.number(request.path()));
    }
    if (!request.person().known()) {
      return request.post() ? logIn.over(request) : LogInPage.first(request);
    }
    entrance.denied(request.person(), route.key());
    return layout.notice(
        request,
        403,
        "Your role does not allow this",
        "Nothing was done. You are logged in as "
            + request.person().role()
            + "; an administrator can give you another role.");
  }

  private static boolean allows(Route route, Person person) {
    return person.rights().containsAll(route.rights());
  }

  /** A part of a page that is a row of its own goes before the page. */
  private Optional<Route> route(Request request) {
    String page = (request.post() ? "POST " : "GET ") + Route.generic(request.path());
    String part = page + "?tab=" + request.query().text("tab");
    return Optional.ofNullable(routes.get(routes.containsKey(part) ? part : page));
  }

  private static Answer tooManyFollow(Request request) {
    return Answer.plain(503, "Too many pages follow what happens.");
  }

  @Override
  public void close() {
    attempts.close();
  }
}

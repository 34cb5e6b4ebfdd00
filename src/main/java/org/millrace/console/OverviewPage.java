package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.FigureStore;

/** How everything is, at one glance: the feeds, Cerner, and what the engine lives on. */
final class OverviewPage {
  private static final long GIGABYTE = 1L << 30;

  private final ConsoleSources sources;
  private final Layout layout;
  private final Tellings tellings;
  private final FeedLines lines;

  OverviewPage(ConsoleSources sources, Layout layout, Tellings tellings) {
    this.sources = sources;
    this.layout = layout;
    this.tellings = tellings;
    this.lines = new FeedLines(sources);
  }

  /** Something that a person should look at, and where. */
  record Call(String sentence, String href) {}

  /**
   * A tenant at Cerner.
   *
   * @param name empty for the one without a name
   * @param token whether one is in use, and for how many scopes
   * @param pauses what is not asked for now, a sentence each
   */
  record CernerCard(
      String name,
      Mark mark,
      Optional<Moment> lastSuccess,
      Optional<Moment> lastFailure,
      String lastFault,
      String token,
      String pace,
      List<String> pauses,
      List<String> missing) {
    boolean hasTrouble() {
      return !pauses.isEmpty() || !missing.isEmpty();
    }
  }

  /** A fact with a state: disk, certificate. */
  record Fact(String name, Mark mark, String text) {}

  /** All of it. */
  record Model(
      List<FeedLine> feeds,
      List<DayCharts.Chart> charts,
      List<Call> calls,
      List<CernerCard> cerner,
      List<Fact> facts,
      Optional<MessageVerbs.Told> told) {
    boolean hasFeeds() {
      return !feeds.isEmpty();
    }

    boolean hasCharts() {
      return !charts.isEmpty();
    }
  }

  Answer show(Request request) {
    return show(request, tellings.take(request.session(), "/"));
  }

  /** Pauses a feed, or ends its pause, and shows the page with what came of it. */
  Answer pause(Request request, boolean pause) throws InterruptedException {
    String feed = request.form().text("feed");
    boolean known =
        sources.journal().backlog().feeds().stream()
            .anyMatch(each -> each.feed().name().equals(feed));
    MessageVerbs.Told told =
        known
            ? new PauseVerbs(sources.journal()).ask(DeliveryPause.Kind.FEED, feed, pause, request)
            : new MessageVerbs.Told(false, "Nothing was done: no such feed has taken a message.");
    lines.forget();
    if (!told.done()) {
      return show(request, Optional.of(told));
    }
    tellings.keep(request.session(), "/", told);
    return Answer.seeOther(Link.to("/"));
  }

  private Answer show(Request request, Optional<MessageVerbs.Told> told) {
    EngineStatus status = sources.engine().status();
    FeedLines.Counted counted = lines.all();
    List<FeedLine> feeds = counted.feeds();
    Model model =
        new Model(
            feeds,
            counted.charts(),
            calls(feeds),
            status.upstreams().stream().map(this::card).toList(),
            facts(status),
            told);
    return layout.page(
        request,
        told.isPresent() && !told.get().done() ? 409 : 200,
        Head.of("Overview", "Overview").with("./millrace feeds").following(),
        "overview",
        model);
  }

  /** What waits for a person, over all feeds. */
  private static List<Call> calls(List<FeedLine> feeds) {
    long unknown = feeds.stream().mapToLong(FeedLine::unknownCount).sum();
    long stopped = feeds.stream().mapToLong(FeedLine::stoppedCount).sum();
    List<Call> calls = new ArrayList<>();
    if (unknown > 0) {
      calls.add(
          new Call(
              Count.text(unknown) + " with an unknown outcome: look in the chart, then settle",
              Link.to("/messages").with("reason", "outcome-unknown").text()));
    }
    if (stopped > unknown) {
      calls.add(
          new Call(
              Count.text(stopped - unknown) + " stopped and wait for a person",
              Link.to("/messages").with("state", "HELD").with("state", "REFUSED").text()));
    }
    return calls;
  }

  private CernerCard card(EngineStatus.Upstream upstream) {
    var state = upstream.state();
    List<String> scopes = state.grantedScopes();
    return new CernerCard(
        upstream.tenant(),
        mark(upstream),
        state.lastSuccess().map(sources::moment),
        state.lastFailure().map(sources::moment),
        state.lastFault(),
        scopes.isEmpty() ? "none yet" : "in use, " + scopes.size() + " scopes",
        pace(state.callsPerSecond()),
        state.pauses().stream()
            .map(pause -> pause.what() + ": " + pause.fault().sentence())
            .toList(),
        upstream.missingScopes());
  }

  /** By tenths where Cerner slows us down, and as a whole number else. */
  private static String pace(double callsPerSecond) {
    String number =
        callsPerSecond < 100
            ? String.format(Locale.ROOT, "%.1f", callsPerSecond)
            : Count.text(Math.round(callsPerSecond));
    return "up to " + number + " calls a second";
  }

  private static Mark mark(EngineStatus.Upstream upstream) {
    var state = upstream.state();
    if (state.pauses().stream().anyMatch(pause -> pause.ofAll())) {
      return new Mark("left alone", Mark.Tone.BAD);
    }
    if (!state.good()) {
      return new Mark("failing", Mark.Tone.BAD);
    }
    if (!state.pauses().isEmpty() || !upstream.missingScopes().isEmpty()) {
      return new Mark("in part", Mark.Tone.HELD);
    }
    return state.lastSuccess().isPresent()
        ? new Mark("answers", Mark.Tone.GOOD)
        : new Mark("not asked yet", Mark.Tone.QUIET);
  }

  private List<Fact> facts(EngineStatus status) {
    List<Fact> facts = new ArrayList<>();
    status.disk().ifPresent(disk -> facts.add(disk(disk)));
    facts.add(
        status
            .certificateExpires()
            .map(this::certificate)
            .orElse(
                new Fact(
                    "Certificate",
                    new Mark("none", Mark.Tone.QUIET),
                    "the ways in are plain text")));
    sources.journal().figures().engines().forEach(each -> facts.add(engine(each)));
    return facts;
  }

  /** One of several on this journal. */
  private Fact engine(FigureStore.Sharing engine) {
    return new Fact(
        "Engine " + engine.name(),
        engine.silent() ? new Mark("silent", Mark.Tone.BAD) : new Mark("at work", Mark.Tone.GOOD),
        engine.slots()
            + " of 256 parts of the lanes, since "
            + sources.moment(engine.joined()).local());
  }

  private static Fact disk(EngineStatus.Disk disk) {
    long percent = disk.total() == 0 ? 0 : disk.free() * 100 / disk.total();
    Mark mark =
        percent < 5 || disk.free() < GIGABYTE
            ? new Mark("nearly full", Mark.Tone.BAD)
            : percent < 15
                ? new Mark("filling", Mark.Tone.HELD)
                : new Mark("has room", Mark.Tone.GOOD);
    return new Fact(
        "Disk of the journal",
        mark,
        Count.text(disk.free() / GIGABYTE) + " GB free, " + percent + " %");
  }

  private Fact certificate(Instant ends) {
    long days = Duration.between(sources.clock().instant(), ends).toDays();
    Mark mark =
        days < 7
            ? new Mark(days < 0 ? "over" : "ends soon", Mark.Tone.BAD)
            : days < 30 ? new Mark("renew it", Mark.Tone.HELD) : new Mark("valid", Mark.Tone.GOOD);
    return new Fact("Certificate", mark, days + " days left");
  }
}

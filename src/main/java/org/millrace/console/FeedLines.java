package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.journal.BacklogStore;
import org.millrace.journal.FigureStore;
import org.millrace.journal.MessageState;

/**
 * The feeds as the overview shows them. All that look share what was counted within the last
 * second. Thread-safe.
 */
final class FeedLines {
  private static final Duration SHARED = Duration.ofSeconds(1);
  private static final int HOURS = 24;
  private static final int HEIGHT = 20;
  private static final int STEP = 4;

  /** Nothing waits that long where all is well: a call to Cerner takes a second or two. */
  private static final Duration LATE = Duration.ofMinutes(2);

  private final ConsoleSources sources;
  private Counted counted = new Counted(List.of(), List.of());
  private Instant countedAt = Instant.MIN;

  FeedLines(ConsoleSources sources) {
    this.sources = sources;
  }

  /** The feeds, and the day of all of them; no charts if nothing came. */
  record Counted(List<FeedLine> feeds, List<DayCharts.Chart> charts) {}

  synchronized Counted all() {
    Instant now = sources.clock().instant();
    if (now.isBefore(countedAt) || now.isAfter(countedAt.plus(SHARED))) {
      counted = count(now);
      countedAt = now;
    }
    return counted;
  }

  /** Something was changed: the next one to look counts anew. */
  synchronized void forget() {
    countedAt = Instant.MIN;
  }

  /** What is known of one feed while it is counted. */
  private static final class Sum {
    private final long[] hours = new long[HOURS];
    private long done;
    private long throttled;
    private long waiting;
    private long held;
    private long refused;
    private long stopped;
    private long unknown;
    private String types = "";
    private Optional<Instant> last = Optional.empty();
    private Optional<Instant> oldest = Optional.empty();
    private boolean paused;
    private final List<FigureStore.Stay> stays = new ArrayList<>();
  }

  private Counted count(Instant now) {
    Map<String, Sum> sums = new TreeMap<>();
    for (BacklogStore.OfFeed each : sources.journal().backlog().feeds()) {
      Sum sum = sums.computeIfAbsent(each.feed().name(), any -> new Sum());
      sum.types = String.join(" ", new TreeSet<>(each.feed().messageTypes()));
      sum.oldest = each.oldest();
      sum.paused = each.pause().isPresent();
    }
    FigureStore figures = sources.journal().figures();
    Instant from = now.minus(Duration.ofHours(HOURS));
    figures.since(from).forEach(each -> came(sums, each));
    List<FigureStore.Stay> stays = figures.stays(from);
    stays.forEach(each -> sums.computeIfAbsent(each.feed(), any -> new Sum()).stays.add(each));
    figures.standing().forEach(each -> stands(sums, each));
    figures
        .lastOfFeeds()
        .forEach(
            (feed, last) -> sums.computeIfAbsent(feed, any -> new Sum()).last = Optional.of(last));
    List<FeedLine> lines = new ArrayList<>();
    sums.forEach((name, sum) -> lines.add(line(name, sum, now)));
    return new Counted(List.copyOf(lines), DayCharts.of(stays));
  }

  private static void came(Map<String, Sum> sums, FigureStore.Came came) {
    Sum sum = sums.computeIfAbsent(came.feed(), any -> new Sum());
    // What came while it was counted belongs to the hour that goes on.
    sum.hours[Math.min(HOURS - 1, came.hour())] += came.messages();
    if (came.state() == MessageState.DELIVERED || came.state() == MessageState.FILTERED) {
      sum.done += came.messages();
    }
  }

  private static void stands(Map<String, Sum> sums, FigureStore.Stands stands) {
    Sum sum = sums.computeIfAbsent(stands.feed(), any -> new Sum());
    switch (stands.state()) {
      case HELD -> sum.held += stands.messages();
      case REFUSED -> sum.refused += stands.messages();
      default -> sum.waiting += stands.messages();
    }
    if (stands.state().stopped() && !stands.question()) {
      sum.stopped += stands.messages();
    }
    if (stands.reason().equals("outcome-unknown")) {
      sum.unknown += stands.messages();
    }
    if (stands.state().waiting() && stands.reason().equals("throttled")) {
      sum.throttled += stands.messages();
    }
  }

  private FeedLine line(String name, Sum sum, Instant now) {
    Link list = Link.to("/messages").with("feed", name);
    Optional<Duration> waits = sum.oldest.map(oldest -> Duration.between(oldest, now));
    boolean late = waits.filter(wait -> wait.compareTo(LATE) > 0).isPresent();
    long in = Arrays.stream(sum.hours).sum();
    return new FeedLine(
        name,
        sum.types,
        mark(sum, late, in),
        sum.last.map(sources::moment),
        bars(sum.hours),
        Count.text(Arrays.stream(sum.hours).max().orElse(0)) + " in the busiest hour",
        Count.of(in, list),
        Count.of(sum.done, list.with("state", "DELIVERED").with("state", "FILTERED")),
        Count.of(
            sum.waiting,
            list.with("state", "QUEUED").with("state", "SENDING").with("state", "RETRYING")),
        Count.of(sum.throttled, list.with("reason", "throttled")),
        Count.of(sum.held, list.with("state", "HELD")),
        Count.of(sum.refused, list.with("state", "REFUSED")),
        Count.of(sum.unknown, list.with("reason", "outcome-unknown")),
        waits.map(Moment::length).orElse(""),
        DayCharts.within(sum.stays).map(Moment::briefly).orElse(""),
        late,
        sum.stopped,
        sum.unknown);
  }

  private static Mark mark(Sum sum, boolean late, long in) {
    if (sum.paused) {
      return new Mark("paused", Mark.Tone.PAUSED);
    }
    if (late) {
      return new Mark("behind", Mark.Tone.BAD);
    }
    if (sum.stopped > 0) {
      return new Mark("needs a person", Mark.Tone.HELD);
    }
    return in == 0 ? new Mark("quiet", Mark.Tone.QUIET) : new Mark("flows", Mark.Tone.GOOD);
  }

  private static List<FeedLine.Bar> bars(long[] hours) {
    long most = Math.max(1, Arrays.stream(hours).max().orElse(1));
    List<FeedLine.Bar> bars = new ArrayList<>();
    for (int i = 0; i < hours.length; i++) {
      // What is not nothing is seen, however much there was in another hour.
      int height = hours[i] == 0 ? 0 : (int) Math.max(2, hours[i] * HEIGHT / most);
      bars.add(new FeedLine.Bar(i * STEP, HEIGHT - height, height));
    }
    return bars;
  }
}

package org.millrace.console;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.millrace.Ports;
import org.millrace.crash.EngineProcess;
import org.millrace.journal.BusinessKey;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LongJournal;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long the pages of the console take on a journal as months of traffic leave it, each asked for
 * by one reader again and again, from an engine in a process of its own; and how the database finds
 * what they list.
 */
@Command(name = "console", description = "Measures the pages of the console on a long journal.")
public final class PagesBench implements Callable<Integer> {
  private static final ZoneId ZONE = ZoneId.of("America/Chicago");
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZONE);
  private static final int WARM_UP = 20;

  @Option(
      names = "--messages",
      defaultValue = "1000000",
      description = "How many the journal has (default: ${DEFAULT-VALUE}).")
  int messages;

  @Option(
      names = "--without-contents",
      description = "Their contents are pruned: rows and numbers only.")
  boolean withoutContents;

  @Option(
      names = "--times",
      defaultValue = "50",
      description = "How often each page is asked for (default: ${DEFAULT-VALUE}).")
  int times;

  private final PrintStream out = System.out;

  /**
   * How long something took.
   *
   * @param slowest of all, the first one included
   */
  record Took(Duration median, Duration p95, Duration slowest) {}

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "console");
    try {
      Path journal = folder.resolve("journal");
      long begun = System.nanoTime();
      LongJournal.make(journal, messages, !withoutContents, Clock.systemUTC());
      out.printf(
          "made a journal of %d messages in %d s%n",
          messages, Duration.ofNanos(System.nanoTime() - begun).toSeconds());
      measure(folder, journal).forEach(this::print);
      explain(journal);
      return 0;
    } finally {
      delete(folder);
    }
  }

  private void print(String what, Took took) {
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.1f |%n",
        what,
        took.median().toNanos() / 1e6,
        took.p95().toNanos() / 1e6,
        took.slowest().toNanos() / 1e6);
  }

  private Map<String, Took> measure(Path folder, Path journal) throws Exception {
    int port = Ports.free();
    Map<String, String> settings = new TreeMap<>();
    // Nobody is there, and nobody is asked: no message waits.
    String nowhere = "http://127.0.0.1:9";
    settings.put("MILLRACE_TENANT_ID", "bench");
    settings.put("MILLRACE_FHIR_BASE_URL", nowhere + "/r4/bench");
    settings.put("MILLRACE_TOKEN_URL", nowhere + "/token");
    settings.put("MILLRACE_CLIENT_ID", "bench");
    settings.put("MILLRACE_CLIENT_SECRET", "bench");
    settings.put("MILLRACE_ZONE", ZONE.getId());
    settings.put("MILLRACE_DATA", journal.toString());
    settings.put("MILLRACE_CONSOLE_PORT", Integer.toString(port));
    List<String> jvm = new ArrayList<>(EngineProcess.AS_LAUNCHED);
    jvm.add("-Xmx512m");
    Map<String, Took> all = new LinkedHashMap<>();
    try (EngineProcess engine = new EngineProcess(folder.resolve("engine.log"), jvm, settings)) {
      engine.start();
      Browser browser = new Browser(port);
      for (Map.Entry<String, String> each : pages(browser).entrySet()) {
        all.put(each.getKey(), took(browser, each.getValue()));
      }
    }
    return all;
  }

  /** What is asked for, by what it is called. */
  private Map<String, String> pages(Browser browser) throws Exception {
    Instant now = Clock.systemUTC().instant();
    String sixWeeksAgo = LOCAL.format(now.minus(Duration.ofDays(42)));
    String anHourLater = LOCAL.format(now.minus(Duration.ofDays(42)).plus(Duration.ofHours(1)));
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("Overview", "/");
    pages.put("Messages, the newest", "/messages");
    pages.put("Messages, from the middle on", "/messages?before=" + messages / 2);
    pages.put("Messages for a person", "/messages?state=HELD&state=REFUSED");
    pages.put("Messages under way (none)", "/messages?state=QUEUED&state=RETRYING&state=SENDING");
    pages.put("Messages, outcome unknown (one, the oldest)", "/messages?reason=outcome-unknown");
    pages.put("Messages, discarded (none)", "/messages?state=DISCARDED");
    pages.put("Messages of a sender", "/messages?sender=" + LongJournal.sender(3));
    pages.put("Messages of a sender long gone", "/messages?sender=" + LongJournal.GONE);
    pages.put("Messages of a feed", "/messages?feed=orders");
    pages.put("Messages of a feed that are held", "/messages?feed=orders&state=HELD");
    pages.put(
        "Messages of an hour six weeks ago",
        "/messages?since=" + sixWeeksAgo + "&until=" + anHourLater);
    long one = messages / 3;
    pages.put("Search: any number, a patient's", search(browser, "any", LongJournal.patient(one)));
    pages.put("Search: patient", search(browser, "patient", LongJournal.patient(one)));
    pages.put("Search: filler number", search(browser, "filler", LongJournal.filler(one)));
    pages.put("Search: control id", search(browser, "control-id", "A" + one));
    pages.put("Search: nothing has it", search(browser, "any", "NOWHERE1"));
    pages.put("A message", "/messages/" + one);
    pages.put("Queries, the newest", "/queries");
    pages.put("Queries, refused (one, the oldest)", "/queries?outcome=refused");
    pages.put("Queries of a sender long gone", "/queries?sender=" + LongJournal.GONE);
    pages.put("Queries of a feed (none)", "/queries?feed=orders");
    pages.put(
        "Queries of an hour six weeks ago",
        "/queries?since=" + sixWeeksAgo + "&until=" + anHourLater);
    pages.put("Queries that were slow (none)", "/queries?slower=2s");
    pages.put("Connections", "/connections");
    pages.put("Codes", "/codes");
    pages.put("Alerts", "/alerts");
    pages.put("Audit", "/audit");
    pages.put("Health", "/health");
    return pages;
  }

  private static String search(Browser browser, String kind, String text) throws Exception {
    HttpResponse<String> answer =
        browser.postOnly("/messages/search", Map.of("kind", kind, "text", text));
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new IOException("the search answered " + answer.statusCode()));
  }

  private Took took(Browser browser, String path) throws Exception {
    long[] nanos = new long[WARM_UP + times];
    for (int i = 0; i < nanos.length; i++) {
      long begun = System.nanoTime();
      browser.page(path);
      nanos[i] = System.nanoTime() - begun;
    }
    long[] counted = Arrays.copyOfRange(nanos, WARM_UP, nanos.length);
    Arrays.sort(counted);
    return new Took(
        Duration.ofNanos(counted[counted.length / 2]),
        Duration.ofNanos(counted[counted.length * 95 / 100]),
        Duration.ofNanos(Arrays.stream(nanos).max().orElse(0)));
  }

  private void explain(Path folder) {
    MessageFilter any = MessageFilter.any();
    Instant sixWeeksAgo = Clock.systemUTC().instant().minus(Duration.ofDays(42));
    Map<String, MessageFilter> filters = new LinkedHashMap<>();
    filters.put("for a person", any.in(EnumSet.of(MessageState.HELD, MessageState.REFUSED)));
    filters.put("outcome unknown", any.because("outcome-unknown"));
    filters.put("discarded", any.in(EnumSet.of(MessageState.DISCARDED)));
    filters.put("of a sender", any.ofSender(LongJournal.GONE));
    filters.put("of a feed", any.ofFeed("orders"));
    filters.put("of an hour", any.since(sixWeeksAgo).until(sixWeeksAgo.plusSeconds(3600)));
    filters.put("of a patient", any.with(new BusinessKey(BusinessKey.Kind.PATIENT, "700001")));
    filters.put("of a control id", any.withControlId("A1"));
    try (JournalDatabase journal = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      filters.forEach(
          (what, filter) ->
              out.println(what + ": " + String.join("; ", LongJournal.plan(journal, filter))));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}

package org.millrace.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.SavedView;

/**
 * Which messages an address asks for: what may stand in it holds nothing of a patient.
 *
 * @param since as a browser writes a local time, in the site's zone; empty for none
 * @param search the id of what was typed into the search box; empty for none
 * @param before only messages below this number; 0 for no such limit
 * @param after only messages above this number; 0 for no such limit
 * @param faults what of the address cannot be understood, a sentence each
 */
record MessageQuery(
    Set<MessageState> states,
    String feed,
    String reason,
    String sender,
    String since,
    String until,
    String search,
    long before,
    long after,
    List<String> faults) {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm[:ss]", Locale.ROOT);

  static MessageQuery read(Params params) {
    List<String> faults = new ArrayList<>();
    Set<MessageState> states = EnumSet.noneOf(MessageState.class);
    for (String word : params.all("state")) {
      try {
        states.add(MessageState.valueOf(word));
      } catch (IllegalArgumentException none) {
        faults.add("There is no such state as the address names.");
      }
    }
    return new MessageQuery(
        states,
        params.text("feed"),
        params.text("reason"),
        params.text("sender"),
        time(params, "since", faults),
        time(params, "until", faults),
        params.text("search"),
        number(params, "before", faults),
        number(params, "after", faults),
        faults);
  }

  /** The one that a view was made of. */
  static MessageQuery of(SavedView view, ZoneId zone) {
    MessageFilter filter = view.filter();
    return new MessageQuery(
        filter.states(),
        filter.feed().orElse(""),
        filter.reasonCode().orElse(""),
        filter.sender().orElse(""),
        filter.since().map(at -> local(at, zone)).orElse(""),
        filter.until().map(at -> local(at, zone)).orElse(""),
        "",
        0,
        0,
        List.of());
  }

  /** As a browser writes it: without seconds where there are none. */
  private static String local(Instant at, ZoneId zone) {
    return at.atZone(zone).toLocalDateTime().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String time(Params params, String name, List<String> faults) {
    String text = params.text(name);
    if (!text.isEmpty()) {
      try {
        WRITTEN.parse(text);
      } catch (DateTimeException none) {
        faults.add("'" + name + "' is no time such as 2026-11-20T08:00.");
        return "";
      }
    }
    return text;
  }

  private static long number(Params params, String name, List<String> faults) {
    String text = params.text(name);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,18}")) {
      faults.add("'" + name + "' is no number of a message.");
      return 0;
    }
    return Long.parseLong(text);
  }

  /** What it asks of the journal, but for search and page. */
  MessageFilter filter(ZoneId zone) {
    MessageFilter filter = MessageFilter.any().in(states);
    filter = feed.isEmpty() ? filter : filter.ofFeed(feed);
    filter = reason.isEmpty() ? filter : filter.because(reason);
    filter = sender.isEmpty() ? filter : filter.ofSender(sender);
    Optional<Instant> from = instant(since, zone);
    Optional<Instant> to = instant(until, zone);
    filter = from.isEmpty() ? filter : filter.since(from.get());
    return to.isEmpty() ? filter : filter.until(to.get());
  }

  private static Optional<Instant> instant(String local, ZoneId zone) {
    return local.isEmpty()
        ? Optional.empty()
        : Optional.of(LocalDateTime.parse(local, WRITTEN).atZone(zone).toInstant());
  }

  /** The same from below a message on. */
  MessageQuery before(long number) {
    return new MessageQuery(states, feed, reason, sender, since, until, search, number, 0, faults);
  }

  /** The address of the same list from its newest message on. */
  Link link() {
    return link("/messages");
  }

  /** The same on another page that takes such a query. */
  Link link(String page) {
    return Link.to(page)
        .withAll("state", states.stream().map(Enum::name).sorted().toList())
        .with("feed", feed)
        .with("reason", reason)
        .with("sender", sender)
        .with("since", since)
        .with("until", until)
        .with("search", search);
  }

  /** Whether it narrows the list at all. */
  boolean narrows() {
    return !link().text().equals("/messages");
  }

  /**
   * The same at the command line.
   *
   * @param searched the option of what is searched for, without its value; empty if nothing is
   */
  String command(ZoneId zone, String searched) {
    StringBuilder command = new StringBuilder("./millrace messages list");
    option(command, "--state", String.join(",", states.stream().map(Enum::name).sorted().toList()));
    option(command, "--reason", reason);
    option(command, "--sender", sender);
    option(command, "--feed", feed);
    option(command, "--since", instant(since, zone).map(Instant::toString).orElse(""));
    option(command, "--until", instant(until, zone).map(Instant::toString).orElse(""));
    return command + searched;
  }

  private static void option(StringBuilder command, String name, String value) {
    if (!value.isEmpty()) {
      command.append(' ').append(name).append(' ').append(ShellWord.of(value));
    }
  }
}

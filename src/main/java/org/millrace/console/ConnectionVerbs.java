package org.millrace.console;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalException;
import org.millrace.journal.PeerBlockStore;
import org.millrace.journal.WrittenDuration;
import org.millrace.mllp.Captures;
import org.millrace.mllp.ConnectionView;
import org.millrace.mllp.ListenerView;
import org.millrace.mllp.PeerAddress;

/**
 * What is done to connections and to addresses of senders, by a form that says to which and why.
 * All of it goes on record before it is done. Thread-safe.
 */
final class ConnectionVerbs {
  private static final MessageVerbs.Told NO_REASON =
      refused("Nothing was done: say why; it is kept in the audit trail.");
  private static final MessageVerbs.Told NO_ADDRESS =
      refused("Nothing was done: that is no address.");

  private final ConsoleSources sources;

  ConnectionVerbs(ConsoleSources sources) {
    this.sources = sources;
  }

  /** Ends the connection of the form's number, once what it has in work is answered. */
  MessageVerbs.Told drop(Request request) throws InterruptedException {
    if (why(request).isEmpty()) {
      return NO_REASON;
    }
    String asked = request.form().text("connection");
    for (ListenerView listener : sources.engine().listeners()) {
      for (ConnectionView each : listener.open()) {
        if (asked.equals(String.valueOf(each.number()))) {
          record(request, "drop", "connection of " + each.peer() + " to port " + listener.port());
          return dropped(each);
        }
      }
    }
    return refused("Nothing was done: that connection has ended already.");
  }

  private MessageVerbs.Told dropped(ConnectionView connection) {
    return sources.engine().drop(connection.number())
        ? done(
            "The connection of "
                + connection.peer()
                + " ends, once what it has in work is answered. Its sender may connect again.")
        : refused("That connection had ended already.");
  }

  /** Lets no connection of the form's address in for its time, and ends those that are open. */
  MessageVerbs.Told block(Request request) throws InterruptedException {
    Optional<InetAddress> address = address(request);
    if (address.isEmpty()) {
      return NO_ADDRESS;
    }
    if (why(request).isEmpty()) {
      return NO_REASON;
    }
    Duration time;
    try {
      time =
          WrittenDuration.read(
              request.form().text("time"), PeerBlockStore.SHORTEST, PeerBlockStore.LONGEST);
    } catch (IllegalArgumentException none) {
      return refused("Nothing was done: the time " + none.getMessage() + ".");
    }
    String text = PeerAddress.text(address.get());
    return done(
        text
            + " is blocked until "
            + sources
                .moment(
                    written(
                        sources
                            .journal()
                            .peerBlocks()
                            .block(text, time, request.person().actor(), why(request))))
                .local()
            + ". Its connections end within three seconds, once what they have in work is"
            + " answered.");
  }

  /** Lets the form's address in again. */
  MessageVerbs.Told unblock(Request request) throws InterruptedException {
    Optional<InetAddress> address = address(request);
    if (address.isEmpty()) {
      return NO_ADDRESS;
    }
    String text = PeerAddress.text(address.get());
    return written(sources.journal().peerBlocks().unblock(text, request.person().actor()))
        ? done(text + " may connect again within three seconds.")
        : refused("Nothing was done: " + text + " is not blocked.");
  }

  /** Keeps the bytes that the form's address sends next. */
  MessageVerbs.Told capture(Request request) throws InterruptedException {
    Optional<InetAddress> address = address(request);
    if (address.isEmpty()) {
      return NO_ADDRESS;
    }
    if (why(request).isEmpty()) {
      return NO_REASON;
    }
    String text = PeerAddress.text(address.get());
    record(request, "capture", "next frame of " + text);
    long number = sources.engine().captures().ask(address.get());
    return done(
        "Capture "
            + number
            + " keeps what "
            + text
            + " sends next, until a frame is whole. It waits, and is kept, for "
            + Captures.LASTS.toMinutes()
            + " minutes.");
  }

  /** Gives up the capture of the form's number. */
  MessageVerbs.Told forget(Request request) throws InterruptedException {
    long number = request.form().number("number");
    if (sources.engine().captures().all().stream().noneMatch(each -> each.number() == number)) {
      return refused("Nothing was done: there is no such capture any more.");
    }
    record(request, "forget", "capture " + number);
    sources.engine().captures().remove(number);
    return done("Capture " + number + " is gone.");
  }

  private static String why(Request request) {
    return request.form().text("why");
  }

  private static Optional<InetAddress> address(Request request) {
    return PeerAddress.read(request.form().text("of"));
  }

  private void record(Request request, String verb, String what) throws InterruptedException {
    String why = why(request);
    written(
        sources
            .journal()
            .audit()
            .recordNow(
                AuditEvent.of(
                    sources.clock().instant(),
                    verb,
                    request.person().actor(),
                    what,
                    why.isEmpty() ? Map.of() : Map.of("why", why))));
  }

  private static <T> T written(Future<T> record) throws InterruptedException {
    try {
      return record.get();
    } catch (ExecutionException e) {
      throw new JournalException("it could not be put on record", e);
    }
  }

  private static MessageVerbs.Told done(String sentence) {
    return new MessageVerbs.Told(true, sentence);
  }

  private static MessageVerbs.Told refused(String sentence) {
    return new MessageVerbs.Told(false, sentence);
  }
}

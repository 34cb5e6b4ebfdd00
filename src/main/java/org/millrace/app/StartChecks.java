package org.millrace.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.routing.RouteFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold before an engine takes anything in. */
final class StartChecks {
  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

  private StartChecks() {}

  /** Every port can be listened on; who relies on something in front of it is told so. */
  static void ports(Listeners listeners) throws StartException {
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
  }

  /**
   * Messages of a tenant that nobody knows could only be held, and mapping files of one would count
   * for nothing.
   */
  static void tenants(Path routes, Path mappings, Set<String> known) throws StartException {
    List<String> faults = new ArrayList<>();
    List<String> ofFeeds = FeedTenants.faults(feeds(routes), known);
    if (!ofFeeds.isEmpty()) {
      faults.add("routes: " + String.join("; ", ofFeeds));
    }
    for (String name : folders(mappings.resolve("tenants"))) {
      if (!known.contains(name)) {
        faults.add("mappings/tenants/" + name + ": MILLRACE_TENANTS does not name this tenant");
      }
    }
    if (!faults.isEmpty()) {
      throw new StartException(String.join("; ", faults));
    }
  }

  /** The files of a sender must fit over those of the tenant that its messages are for. */
  static void senders(Path routes, Mappings mappings) throws StartException, RuleFaultsException {
    mappings.check(FeedTenants.sending(feeds(routes)));
  }

  private static List<Feed> feeds(Path routes) throws StartException {
    try {
      return RouteFiles.feeds(routes);
    } catch (IOException e) {
      throw new StartException("routes: the route files cannot be read", e);
    }
  }

  private static List<String> folders(Path tenants) throws StartException {
    if (!Files.isDirectory(tenants)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(tenants)) {
      return all.filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StartException("mappings: the folder tenants cannot be read", e);
    }
  }

  /**
   * A query feed that wants what is not there would warn in each of its answers.
   *
   * @param setUp whether HealtheIntent is
   */
  static void allergies(Set<Feed> feeds, boolean setUp) throws StartException {
    for (Feed feed : feeds) {
      boolean wanted =
          feed.settings().answering().allergies() == FeedSettings.Allergies.HEALTHEINTENT;
      boolean ofNamed = !feed.tenant().isEmpty();
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
}

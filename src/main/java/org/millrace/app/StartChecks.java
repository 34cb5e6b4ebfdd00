package org.millrace.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
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

  /** Messages of a tenant that nobody knows could only be held. */
  static void tenants(Path routes, Set<String> known) throws StartException {
    try {
      List<String> faults = FeedTenants.faults(RouteFiles.feeds(routes), known);
      if (!faults.isEmpty()) {
        throw new StartException("routes: " + String.join("; ", faults));
      }
    } catch (IOException e) {
      throw new StartException("routes: the route files cannot be read", e);
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
}

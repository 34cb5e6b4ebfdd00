package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.alert.AlertKind;
import org.millrace.journal.AlertFilter;
import org.millrace.journal.AlertPlace;

/**
 * Which alerts an address asks for.
 *
 * @param before only those that ended before it
 * @param after only those that ended after it
 * @param faults what of the address cannot be understood, a sentence each
 */
record AlertQuery(
    Optional<AlertFilter.Standing> standing,
    Optional<AlertKind> kind,
    Optional<AlertPlace> before,
    Optional<AlertPlace> after,
    List<String> faults) {

  static AlertQuery read(Params params) {
    List<String> faults = new ArrayList<>();
    Optional<AlertFilter.Standing> standing = AlertFilter.Standing.of(params.text("state"));
    if (standing.isEmpty() && params.has("state")) {
      faults.add("An alert is open or ended, and nothing else.");
    }
    Optional<AlertKind> kind = AlertKind.of(params.text("kind"));
    if (kind.isEmpty() && params.has("kind")) {
      faults.add("There is no such kind of alert as the address names.");
    }
    return new AlertQuery(
        standing, kind, place(params, "before", faults), place(params, "after", faults), faults);
  }

  private static Optional<AlertPlace> place(Params params, String name, List<String> faults) {
    Optional<AlertPlace> place = AlertPlace.read(params.text(name));
    if (place.isEmpty() && params.has(name)) {
      faults.add("'" + name + "' is no place in the list of alerts.");
    }
    return place;
  }

  /** What it asks of the journal. */
  AlertFilter filter(int limit) {
    return new AlertFilter(standing, label(), before, after, limit);
  }

  /** The address of the same list from its beginning on. */
  Link link() {
    return Link.to("/alerts").with("state", state()).with("kind", label());
  }

  boolean first() {
    return before.isEmpty() && after.isEmpty();
  }

  String state() {
    return standing.map(AlertFilter.Standing::word).orElse("");
  }

  private String label() {
    return kind.map(AlertKind::label).orElse("");
  }

  /** The same at the command line. */
  String command() {
    return "./millrace alerts"
        + (state().isEmpty() ? "" : " --state " + state())
        + (label().isEmpty() ? "" : " --kind " + label());
  }
}

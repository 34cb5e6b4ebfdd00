package org.millrace.mapping;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.millrace.trace.Metric;

/**
 * Counts what was not mapped as it was, by sender, path and kind: {@code
 * millrace.mapping.coverage}. Thread-safe.
 *
 * <p>Senders and paths come off the wire, so that there is a limit to how many are told apart; what
 * comes later is counted as {@code other}. A path is told without the numbers of its repetitions,
 * and only if it has the form of one.
 */
public final class CoverageMetrics {
  /** So many paths of one sender are told apart. */
  public static final int MOST_PATHS = 200;

  /** So many pairs of sender and path are told apart in all. */
  public static final int MOST_PAIRS = 3_000;

  /** What is beyond the limits, or has no form of a path. */
  public static final String OTHER = SenderLabels.OTHER;

  private static final Pattern NUMBERS = Pattern.compile("\\[[^\\]]*\\]");
  private static final Pattern V2 =
      Pattern.compile("[A-Z][A-Z0-9]{2}(/[A-Z][A-Z0-9]{2})?(-\\d{1,3}(\\.\\d{1,3}){0,2})?");
  private static final Pattern FHIR =
      Pattern.compile("[A-Z][A-Za-z]{2,40}([.~][A-Za-z][A-Za-z0-9]{0,39}(\\(\\))?){1,12}");

  private final MeterRegistry registry;
  private final SenderLabels labels = new SenderLabels();
  private final Map<String, Set<String>> pathsOf = new HashMap<>();
  private final Map<Place, Counter> counters = new HashMap<>();
  private int pairs;

  public CoverageMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts the notes of one mapping.
   *
   * @param sender {@code MSH-3@MSH-4} of who sent the message, or asked the question
   */
  public void count(String sender, List<CoverageNote> notes) {
    String who = labels.of(sender);
    for (CoverageNote note : notes) {
      place(who, note.path(), note.kind()).increment();
    }
  }

  /** Where a note is counted; there are as many as there are pairs and kinds. */
  private record Place(String sender, String path, CoverageNote.Kind kind) {}

  private synchronized Counter place(String sender, String path, CoverageNote.Kind kind) {
    Set<String> paths = pathsOf.computeIfAbsent(sender, any -> new HashSet<>());
    String bare = path.indexOf('[') < 0 ? path : NUMBERS.matcher(path).replaceAll("");
    String told = paths.contains(bare) ? bare : plain(bare);
    if (!paths.contains(told)) {
      if (paths.size() >= MOST_PATHS || pairs >= MOST_PAIRS) {
        told = OTHER;
      } else {
        paths.add(told);
        pairs++;
      }
    }
    return counters.computeIfAbsent(new Place(sender, told, kind), this::counter);
  }

  private Counter counter(Place place) {
    return Metric.MAPPING_COVERAGE.counter(
        registry, place.sender(), place.path(), place.kind().name().toLowerCase(Locale.ROOT));
  }

  /**
   * {@code OBX[3]-5[2].1} as {@code OBX-5.1}; {@code Patient.name[0].family} without its number.
   */
  static String plain(String path) {
    String plain = NUMBERS.matcher(path).replaceAll("");
    return V2.matcher(plain).matches() || FHIR.matcher(plain).matches() ? plain : OTHER;
  }
}
